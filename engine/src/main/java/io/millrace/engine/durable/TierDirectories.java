package io.millrace.engine.durable;

import io.millrace.storage.Storage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where state that outgrows memory goes when the job was given no directory: {@code millrace-spill/PID} in the system's
 * directory for temporary files, or where {@code -Dmillrace.spill-directory} says. Nothing is made before it is needed;
 * what processes left that were killed is removed by the next one that looks. Thread-safe.
 */
public final class TierDirectories {
    private static final String PROPERTY = "millrace.spill-directory";

    private final Path base;
    private final AtomicLong jobs = new AtomicLong();

    public TierDirectories() {
        String given = System.getProperty(PROPERTY);
        base = given == null ? Path.of(System.getProperty("java.io.tmpdir"), "millrace-spill") : Path.of(given);
    }

    /**
     * A directory for the next job, which nobody has made.
     *
     * @param ofJob what the job has of its own, or null
     */
    public Path next(Path ofJob) {
        if (ofJob != null) {
            return ofJob.resolve("job-" + jobs.incrementAndGet());
        }
        return base.resolve(Long.toString(ProcessHandle.current().pid())).resolve("job-" + jobs.incrementAndGet());
    }

    /** Removes what dead processes left. Blocks. */
    public void sweep() {
        if (!Files.isDirectory(base)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(base, "[0-9]*")) {
            for (Path directory : left) {
                if (!isAlive(directory.getFileName().toString())) {
                    Storage.at(directory.toString()).deleteTree(directory.toString());
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            // It may be another user's; what is written there later fails by itself.
            return;
        }
    }

    private static boolean isAlive(String name) {
        try {
            return ProcessHandle.of(Long.parseLong(name)).map(ProcessHandle::isAlive).orElse(false);
        } catch (NumberFormatException notOurs) {
            return true;
        }
    }
}
