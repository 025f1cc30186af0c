package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
