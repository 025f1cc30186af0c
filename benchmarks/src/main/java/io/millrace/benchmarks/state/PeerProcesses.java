package io.millrace.benchmarks.state;

import io.millrace.benchmarks.keyed.PeerLoad;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts an engine in a process of its own and waits for what it leaves. One thread. */
final class PeerProcesses {
    /** Of this JVM, by {@code benchmarks/run}; separated as a class path is. */
    private static final String FLINK_CLASS_PATH = "millrace.flink-class-path";

    /** The launcher's share of the default memory. More keys need more: eight bytes each to draw them, 32 at first. */
    private static final long HEAP_MIB = 614;

    private static final long HEAP_BESIDE_KEYS_MIB = 300;
    private static final long HEAP_BYTES_A_KEY = 32;

    /** Longer than an engine takes for all that is not measured. */
    private static final long LOAD_MILLIS = 3_600_000;

    private static final List<String> FLINK_OPENS =
            List.of(
                    "java.lang",
                    "java.lang.reflect",
                    "java.io",
                    "java.net",
                    "java.nio",
                    "java.text",
                    "java.time",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "java.util.concurrent.locks",
                    "sun.nio.ch");

    private final Path directory;

    /**
     * @param directory for states and checkpoints, emptied after each run
     */
    PeerProcesses(Path directory) {
        this.directory = directory;
    }

    /** One run of {@code millrace}, {@code flink} or {@code flink-bundle}; fails with what it said when it fails. */
    PeerFigures run(String engine, PeerLoad asked) throws IOException, InterruptedException {
        Path own = Files.createDirectories(directory.resolve("run"));
        Path result = own.resolve("result");
        Path said = own.resolve("said");
        List<String> command = command(engine, asked.keys());
        command.add(result.toString());
        command.addAll(loadOf(engine, asked).with("directory", own).arguments());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        Thread end = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(end);
        try {
            if (!process.waitFor(asked.number("run-ms", 0) + LOAD_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(engine + " did not end:\n" + Files.readString(said));
            }
            int code = process.exitValue();
            if (code != 0 || !Files.exists(result)) {
                throw new IllegalStateException(
                        engine + " ended with code=" + code + ":\n" + Files.readString(said, StandardCharsets.UTF_8));
            }
            return PeerFigures.read(result);
        } finally {
            Runtime.getRuntime().removeShutdownHook(end);
            process.destroyForcibly().waitFor();
            Trees.delete(own);
        }
    }

    private static PeerLoad loadOf(String engine, PeerLoad asked) {
        return engine.equals("flink-bundle") ? asked.with("flink.bundle-ms", asked.number("epoch-ms", 100)) : asked;
    }

    private static List<String> command(String engine, int keys) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        switch (engine) {
            case "millrace" -> {
                for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
                    if (!flag.startsWith("-Xmx") && !flag.startsWith("-Dmillrace.")) {
                        command.add(flag);
                    }
                }
                addHeap(command, keys);
                command.addAll(List.of("-cp", System.getProperty("java.class.path"), MillraceSide.class.getName()));
            }
            case "flink", "flink-bundle" -> {
                String classPath = System.getProperty(FLINK_CLASS_PATH, "");
                if (classPath.isEmpty()) {
                    throw new IllegalArgumentException("expected -D" + FLINK_CLASS_PATH + ", found none");
                }
                FLINK_OPENS.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
                command.add("--enable-native-access=ALL-UNNAMED");
                command.add("--sun-misc-unsafe-memory-access=allow");
                command.add("-XX:+UseG1GC");
                addHeap(command, keys);
                command.addAll(List.of("-cp", classPath, "io.millrace.benchmarks.flink.FlinkSide"));
            }
            default ->
                    throw new IllegalArgumentException(
                            "engines: expected millrace, flink or flink-bundle, found " + engine);
        }
        return command;
    }

    private static void addHeap(List<String> command, int keys) {
        long mib = Math.max(HEAP_MIB, HEAP_BESIDE_KEYS_MIB + (keys * HEAP_BYTES_A_KEY >> 20));
        command.add("-Xmx" + mib + "m");
    }
}
