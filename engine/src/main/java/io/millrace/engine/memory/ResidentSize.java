package io.millrace.engine.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The resident pages of a process by what is behind them; all -1 where the system does not tell.
 *
 * @param anonymousBytes nothing: heap, stacks, mallocs, changed pages of private mappings
 * @param sharedBytes memory shared with others
 * @param fileBytes files: the system can drop them and read them again, so {@code --memory} does not bound them
 */
public record ResidentSize(long anonymousBytes, long sharedBytes, long fileBytes) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final ResidentSize UNKNOWN = new ResidentSize(-1, -1, -1);
    private static final long BYTES_PER_KIB = 1024;

    /** Of this process, now. */
    public static ResidentSize now() {
        return of(STATUS);
    }

    /** From a file as {@code /proc/PID/status} is. */
    public static ResidentSize of(Path status) {
        long anonymous = -1;
        long shared = -1;
        long file = -1;
        try (BufferedReader lines = Files.newBufferedReader(status, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("RssAnon:")) {
                    anonymous = bytes(line);
                } else if (line.startsWith("RssShmem:")) {
                    shared = bytes(line);
                } else if (line.startsWith("RssFile:")) {
                    file = bytes(line);
                }
            }
        } catch (IOException | RuntimeException elsewhere) {
            return UNKNOWN;
        }
        return anonymous < 0 || shared < 0 || file < 0 ? UNKNOWN : new ResidentSize(anonymous, shared, file);
    }

    private static long bytes(String line) {
        return Long.parseLong(line.substring(line.indexOf(':') + 1, line.length() - " kB".length()).strip())
                * BYTES_PER_KIB;
    }

    public boolean isKnown() {
        return anonymousBytes >= 0;
    }

    /** What {@code --memory} bounds; -1 where it is not known. */
    public long boundedBytes() {
        return isKnown() ? anonymousBytes + sharedBytes : -1;
    }
}
