package io.millrace.benchmarks.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU time by kind of thread, those of the JVM included, as Linux counts it: which part of a process's time went to
 * decoding, to collecting garbage, to compiling. Empty on other systems. What a thread used that ended is missing.
 */
public final class ThreadCpu {
    private static final Path TASKS = Path.of("/proc/self/task");

    private final Map<String, Long> nanosByThread;

    private ThreadCpu(Map<String, Long> nanosByThread) {
        this.nanosByThread = nanosByThread;
    }

    /** All threads' times as of now. */
    public static ThreadCpu now() {
        Map<String, Long> nanos = new HashMap<>();
        if (Files.isDirectory(TASKS)) {
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(TASKS)) {
                for (Path thread : threads) {
                    add(thread, nanos);
                }
            } catch (IOException unreadable) {
                return new ThreadCpu(Map.of());
            }
        }
        return new ThreadCpu(nanos);
    }

    private static void add(Path thread, Map<String, Long> nanos) {
        try {
            String name = Files.readString(thread.resolve("comm"), StandardCharsets.UTF_8).strip();
            String times = Files.readString(thread.resolve("schedstat"), StandardCharsets.UTF_8);
            nanos.put(thread.getFileName() + " " + name, Long.parseLong(times.substring(0, times.indexOf(' '))));
        } catch (IOException ended) {
            // Between the listing and now.
        }
    }

    /** Nanoseconds since then by kind of thread. */
    public Map<String, Long> since(ThreadCpu start) {
        Map<String, Long> spent = new TreeMap<>();
        nanosByThread.forEach((thread, nanos) -> {
            long more = nanos - start.nanosByThread.getOrDefault(thread, 0L);
            if (more > 0) {
                spent.merge(kind(thread.substring(thread.indexOf(' ') + 1)), more, Long::sum);
            }
        });
        return spent;
    }

    private static String kind(String name) {
        if (name.startsWith("C1 ") || name.startsWith("C2 ")) {
            return "jit";
        }
        if (name.startsWith("G1 ") || name.startsWith("GC ") || name.startsWith("VM ")) {
            return "gc and vm";
        }
        return name.startsWith("millrace-job-") ? "millrace-job" : name.replaceAll("[-#]?[0-9]+$", "");
    }
}
