package io.millrace.it.ledger;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The engine's program as a process of its own, with the flags of this one. One thread. */
public final class EngineProcess implements AutoCloseable {
    private final Process process;
    private final Path log;

    private final int logBefore;

    private EngineProcess(Process process, Path log, int logBefore) {
        this.process = process;
        this.log = log;
        this.logBefore = logBefore;
    }

    /**
     * Starts it.
     *
     * @param log what it says on stderr is appended there
     * @param flags of its virtual machine
     * @param arguments of the program
     */
    public static EngineProcess start(Path log, List<String> flags, List<String> arguments) throws IOException {
        return start(log, null, flags, arguments);
    }

    /** The same; what it says on stdout is written to a file. */
    public static EngineProcess start(Path log, Path out, List<String> flags, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("os.name").equals("Linux")) {
            // What a shell starts in the background ignores the interrupt, as does all that it starts.
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--") || flag.equals("-ea")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        command.addAll(
                List.of("-Dmillrace.memory-bytes=" + (768L << 20), "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.millrace.cli.MillraceMain"));
        command.addAll(arguments);
        int logBefore = Files.exists(log) ? Files.readString(log).length() : 0;
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(
                                out == null
                                        ? ProcessBuilder.Redirect.DISCARD
                                        : ProcessBuilder.Redirect.to(out.toFile()))
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        return new EngineProcess(process, log, logBefore);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Ends it as a power cut of the process would. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to stop, and gives its exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return await(Duration.ofSeconds(60));
    }

    /** Its exit code; fails when it goes on for longer. */
    public int await(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the engine goes on after " + atMost + ": " + log());
        }
        return process.exitValue();
    }

    /** Whether it ended within this time. */
    public boolean endsWithin(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits until it has said something that holds this; fails when it ends before. */
    public void awaitLine(String text) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> log().indexOf(text, logBefore) >= 0 || !isAlive());
        if (log().indexOf(text, logBefore) < 0) {
            throw new AssertionError("the engine ended before it said '" + text + "': " + log());
        }
    }

    /** What it said. */
    public String ownLog() {
        return log().substring(logBefore);
    }

    /** What it and those before it said. */
    public String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
