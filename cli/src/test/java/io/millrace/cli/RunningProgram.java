package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import sun.misc.Signal;

/** The program, run in this process on a thread of its own until it ends or a signal ends it. */
final class RunningProgram {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> exitCode;

    private RunningProgram(String... args) {
        Streams streams =
                new Streams(
                        new ByteArrayInputStream(new byte[0]), out, new PrintStream(err, true, StandardCharsets.UTF_8));
        exitCode = CompletableFuture.supplyAsync(() -> MillraceMain.run(args, streams));
    }

    static RunningProgram start(String... args) {
        return new RunningProgram(args);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    RunningProgram awaitOut(String text) {
        Awaitility.await().atMost(PATIENCE).until(() -> out().contains(text) || exitCode.isDone());
        assertThat(out()).as(err()).contains(text);
        return this;
    }

    RunningProgram awaitErr(String text) {
        Awaitility.await().atMost(PATIENCE).until(() -> err().contains(text) || exitCode.isDone());
        assertThat(err()).contains(text);
        return this;
    }

    /**
     * Skips the test when this process does not hear of the interrupt, as none does that a shell started in the
     * background, nor what that starts.
     */
    static void assumeInterruptible() throws IOException {
        Path status = Path.of("/proc/self/status");
        String ignored =
                !Files.exists(status)
                        ? "0"
                        : Files.readAllLines(status).stream()
                                .filter(line -> line.startsWith("SigIgn:"))
                                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                                .findFirst()
                                .orElse("0");
        boolean isIgnored = (Long.parseUnsignedLong(ignored, 16) & 1L << new Signal("INT").getNumber() - 1) != 0;
        assumeThat(isIgnored).as("this process was started with its interrupt ignored").isFalse();
    }

    /** As {@link #end}, by somebody who sends it to a process and its group. */
    int endByTwo(String signal) throws Exception {
        Signal.raise(new Signal(signal));
        return end(signal);
    }

    /** Sends a signal to this process and returns the program's exit code. */
    int end(String signal) throws Exception {
        Signal.raise(new Signal(signal));
        return exitCode.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
