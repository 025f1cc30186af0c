package io.millrace.benchmarks.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Directories with all that is in them. */
final class Trees {
    private Trees() {}

    /** Without effect on null and on one that is not there. */
    static void delete(Path directory) throws IOException {
        if (directory == null || !Files.exists(directory)) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    static long bytes(Path directory) throws IOException {
        long bytes = 0;
        for (Path file : files(directory)) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    /** Has the system forget what it holds of the files in memory; returns whether it could be asked to. */
    static boolean dropCached(Path directory) throws IOException, InterruptedException {
        boolean dropped = succeeds("sync");
        for (Path file : files(directory)) {
            dropped &= succeeds("dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
        }
        return dropped;
    }

    /** A plain {@code cp -r}. */
    static void copy(Path from, Path to) throws IOException, InterruptedException {
        if (!succeeds("cp", "-r", from.toString(), to.toString())) {
            throw new IOException("cp -r " + from + " " + to + " failed; see above");
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile).toList();
        }
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
}
