package io.millrace.it.power;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a {@link StoreWriter} has printed. Thread-safe; a thread of its own reads. */
final class StoreProgress {
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private long published;

    StoreProgress(Process process) {
        reader =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try (BufferedReader output = process.inputReader()) {
                                for (String line = output.readLine(); line != null; line = output.readLine()) {
                                    add(line);
                                }
                            } catch (IOException ended) {
                                add(ended.toString());
                            }
                        });
    }

    private synchronized void add(String line) {
        lines.add(line);
        if (line.startsWith("published ")) {
            published = Long.parseLong(line.substring("published ".length()));
        }
    }

    /** The last checkpoint that was acknowledged; 0 when none was. */
    synchronized long published() {
        return published;
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** All there is, after the process has ended. */
    List<String> toEnd() throws InterruptedException {
        reader.join();
        return lines();
    }
}
