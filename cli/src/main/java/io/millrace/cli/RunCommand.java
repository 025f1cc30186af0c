package io.millrace.cli;

import io.millrace.cli.output.ErrorText;
import io.millrace.cli.process.Interrupts;
import io.millrace.cli.process.ProgressBar;
import io.millrace.cli.process.Terminal;
import io.millrace.engine.Millrace;
import io.millrace.engine.ScriptJob;
import io.millrace.engine.Session;
import io.millrace.engine.durable.Durability;
import io.millrace.engine.durable.DurableJob;
import io.millrace.engine.durable.Savepoint;
import io.millrace.engine.job.EngineJob;
import io.millrace.engine.job.JobStatus;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.operators.graph.Node;
import io.millrace.operators.sink.SinkSpec;
import io.millrace.scheduler.checkpoint.CheckpointStatistics;
import io.millrace.scheduler.job.JobState;
import io.millrace.server.HttpAddress;
import io.millrace.server.MillraceServer;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A job, until it ends or is stopped. */
@Command(
        name = "run",
        description = "Runs the INSERTs and materialized views of a script as one job, until it ends or is stopped.",
        versionProvider = Version.class)
final class RunCommand implements CliCommand {
    private static final long LOOK_AGAIN_NANOS = 100_000_000L;

    /** How often a job that is kept goes on by itself after a failure that may pass. */
    private static final int MAX_RESTARTS = 5;

    private static final long FIRST_BACKOFF_NANOS = 1_000_000_000L;

    @Parameters(paramLabel = "FILE", description = "A file of statements; - for stdin.")
    private String file;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where the job keeps its state: started again, it goes on from its last checkpoint.")
    private String state;

    @Option(
            names = "--checkpoints",
            paramLabel = "URI",
            description = "Where checkpoints go, local or hdfs://; below --state unless given.")
    private String checkpoints;

    @Option(
            names = "--savepoints",
            paramLabel = "URI",
            description =
                    "Where savepoints go, of stops and those asked for; savepoints/ below the state unless given.")
    private String savepoints;

    @Option(names = "--from", paramLabel = "PATH", description = "A savepoint or checkpoint to start from.")
    private String from;

    @Option(
            names = "--allow-dropped-state",
            description = "Leave behind what a checkpoint holds of operators that the script has no more.")
    private boolean allowsDroppedState;

    @Option(names = "--http", paramLabel = "HOST:PORT", description = "Serve views and progress there.")
    private String http;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write a report in JSON at the end, also of a failure.")
    private String report;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting, as SET changes it.")
    private List<String> settings = new ArrayList<>();

    @Mixin private GlobalOptions globals;

    /** What a signal led to; null when there was none. */
    private volatile CompletableFuture<Optional<Savepoint>> stopped;

    private boolean madeCheckpoints;
    private Warnings warnings;

    @Override
    public int run(Streams streams) {
        Durability durability = new Durability(state, checkpoints, savepoints, from, allowsDroppedState);
        Script script = file.equals("-") ? Script.ofInput(streams.in()) : Script.ofFile(file);
        HttpAddress address = http == null ? null : HttpAddress.parse(http);
        Interrupts interrupts = Interrupts.install(Clock.system());
        interrupts.onSignal(() -> {});
        warnings = new Warnings(streams.err());
        for (int restarts = 0; ; restarts++) {
            try {
                runOnce(script, durability, address, interrupts, streams);
                return 0;
            } catch (MillraceException error) {
                streams.err().print(ErrorText.of(error, script.name(), script.text(), globals.isVerbose()));
                if (madeCheckpoints) {
                    // Whatever it began from, it goes on from its own now, and with new patience.
                    restarts = 0;
                    from = null;
                    durability = new Durability(state, checkpoints, savepoints, null, allowsDroppedState);
                    madeCheckpoints = false;
                }
                boolean goesOn =
                        error.isRetryable()
                                && !interrupts.isAsked()
                                && durability.isKept()
                                && from == null
                                && restarts < MAX_RESTARTS;
                if (!goesOn || !waited(FIRST_BACKOFF_NANOS << restarts, interrupts, streams)) {
                    return error.code().exitCode();
                }
            }
        }
    }

    /** Waits before the job goes on from its last checkpoint; false when somebody wants it to stop meanwhile. */
    private static boolean waited(long nanos, Interrupts interrupts, Streams streams) {
        CountDownLatch asked = new CountDownLatch(1);
        interrupts.handOver(asked::countDown);
        streams.err().println("the job goes on from its last checkpoint in " + nanos / 1_000_000_000L + " s");
        try {
            return !asked.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void runOnce(
            Script script, Durability durability, HttpAddress address, Interrupts interrupts, Streams streams) {
        try (Millrace millrace = Millrace.open(globals.config(GlobalOptions.settings(settings)));
                Session session = millrace.session();
                MillraceServer server = address == null ? null : MillraceServer.start(millrace, address)) {
            if (server != null) {
                streams.err().println("serving " + server.url());
            }
            warnings.begin();
            session.onWarning(warnings::say);
            try {
                runWithReport(millrace, session, script, durability, interrupts, streams);
            } finally {
                warnings.ofRows(
                        millrace.sideTables(),
                        "in the sql command SELECT * FROM %s shows them, once the table was read");
            }
        }
    }

    private String jobName() {
        if (file.equals("-")) {
            return "stdin";
        }
        String name = Path.of(file).getFileName().toString();
        return name.endsWith(".sql") ? name.substring(0, name.length() - ".sql".length()) : name;
    }

    private static String describe(ScriptJob job) {
        List<String> parts = new ArrayList<>();
        job.views().forEach(view -> parts.add("view " + view.name()));
        job.tables().forEach(table -> parts.add("table " + table));
        return "job " + job.job().name() + " runs: " + String.join(", ", parts);
    }

    /** How the job is kept, and what that means for who reads its output. */
    private static String describe(DurableJob kept, EngineJob job, long intervalNanos) {
        long restored = job.checkpoints().map(CheckpointStatistics::restoredCheckpoint).orElse(0L);
        return "checkpoints at "
                + kept.store().location()
                + (restored == 0 ? ", none yet" : ", goes on from " + restored)
                + ", one every "
                + seconds(intervalNanos)
                + "; what an exactly-once table is given is visible when its checkpoint is complete, so late by as"
                + " much";
    }

    private static String seconds(long nanos) {
        String seconds = BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
        return seconds + " s";
    }

    private void runWithReport(
            Millrace millrace,
            Session session,
            Script script,
            Durability durability,
            Interrupts interrupts,
            Streams streams) {
        EngineJob job = null;
        MillraceException failure = null;
        try {
            ScriptJob started = session.start(jobName(), script.text(), durability);
            job = started.job();
            streams.err().println(describe(started));
            job.graph().nodes().stream()
                    .map(Node::spec)
                    .filter(spec -> spec instanceof SinkSpec sink && !sink.sink().keepsRows())
                    .forEach(spec -> streams.err().println("writes " + spec.describe()));
            long intervalNanos = session.settings().checkpointIntervalNanos();
            job.kept().ifPresent(kept -> streams.err().println(describe(kept, started.job(), intervalNanos)));
            EngineJob running = job;
            interrupts.handOver(() -> stop(running, streams));
            await(job, streams);
            sayHowItStopped(job, streams);
        } catch (RuntimeException thrown) {
            failure = MillraceException.wrap(thrown);
            madeCheckpoints = job != null && job.checkpoints().map(CheckpointStatistics::completed).orElse(0L) > 0;
        }
        if (report != null) {
            writeReport(millrace, job == null ? neverStarted(failure) : job.status(), failure, streams);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** On a thread of its own, so that the next signal is heard. */
    private void stop(EngineJob job, Streams streams) {
        if (job.kept().isPresent()) {
            streams.err()
                    .println(
                            "stopping with a savepoint; a second signal ends the process at once, without one, and the"
                                    + " job then goes on from its newest checkpoint");
        } else {
            streams.err()
                    .println(
                            "stopping; without --state nothing is kept: rows that were read and not yet written, as of"
                                    + " an open window or of a file, are dropped, and the job begins anew when started"
                                    + " again");
        }
        CompletableFuture<Optional<Savepoint>> saved = new CompletableFuture<>();
        stopped = saved;
        Thread.ofPlatform()
                .daemon()
                .name("millrace-savepoint")
                .start(() -> {
                    try {
                        saved.complete(job.stopWithSavepoint());
                    } catch (Throwable failure) {
                        saved.completeExceptionally(failure);
                    }
                });
    }

    private void sayHowItStopped(EngineJob job, Streams streams) {
        if (stopped == null || job.kept().isEmpty()) {
            return;
        }
        try {
            Optional<Savepoint> saved = stopped.join();
            if (saved.isPresent()) {
                streams.err().println("stopped with savepoint " + saved.get().location());
            } else if (job.state() != JobState.FINISHED) {
                streams.err().println("stopped before it had begun");
            }
        } catch (CompletionException failure) {
            throw MillraceException.wrap(failure.getCause()).inContext("stopped without a savepoint");
        }
    }

    /** A report that cannot be written is a failure of its own only where there is no other. */
    private void writeReport(Millrace millrace, JobStatus status, MillraceException failure, Streams streams) {
        try {
            RunReport.write(Path.of(report), millrace, status);
        } catch (MillraceException unwritten) {
            if (failure == null) {
                throw unwritten;
            }
            failure.addSuppressed(unwritten);
            streams.err().println("warning: " + unwritten.getMessage());
        }
    }

    private JobStatus neverStarted(MillraceException failure) {
        return new JobStatus(0, jobName(), JobState.FAILED, 0, 0, List.of(), List.of(), null, failure);
    }

    private void await(EngineJob job, Streams streams) {
        try (ProgressBar bar =
                Terminal.isError() ? ProgressBar.start(streams.err(), () -> Optional.of(job.status())) : null) {
            await(job);
        }
    }

    private void await(EngineJob job) {
        try {
            // Signals cancel the job from a thread of their own.
            while (!job.await(LOOK_AGAIN_NANOS)) {
                warnings.ofCheckpoints(job);
            }
        } catch (InterruptedException interrupted) {
            job.cancel();
            Thread.currentThread().interrupt();
        } finally {
            warnings.ofCheckpoints(job);
        }
    }
}
