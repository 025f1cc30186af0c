package io.millrace.benchmarks.state;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.benchmarks.keyed.KeyChoice;
import io.millrace.benchmarks.keyed.KeyedEvents;
import io.millrace.engine.Millrace;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.engine.durable.Durability;
import io.millrace.engine.job.EngineJob;
import io.millrace.memory.time.Clock;
import io.millrace.scheduler.job.JobState;
import io.millrace.sql.catalog.Connectors;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** An engine with a keyed count in it, and what it took since it was asked for. One thread. */
final class CountingJob implements AutoCloseable {
    private static final Clock CLOCK = Clock.system();
    private static final long AWAIT_NANOS = 1_800_000_000_000L;
    private static final String SCRIPT =
            """
            CREATE TABLE made (k STRING, v BIGINT) WITH ('connector' = 'keyed-rows');
            CREATE TABLE counted (k STRING, n BIGINT, v BIGINT) WITH ('connector' = 'keyed-rows');
            INSERT INTO counted SELECT k, COUNT(*) AS n, SUM(v) AS v FROM made GROUP BY k;
            """;

    private final KeyedRows rows;
    private final Millrace millrace;
    private final Session session;
    private final long startNanos;
    private final long startCpuNanos;
    private final EngineJob job;

    /**
     * Starts it.
     *
     * @param state where it keeps its state, and goes on from what is there; null for none
     * @param checkpointMillis between checkpoints
     */
    CountingJob(KeyChoice choice, long limit, long memoryBytes, Path state, long checkpointMillis) {
        this(
                new KeyedRows(new KeyedEvents(choice, 0), false, limit, CLOCK),
                MillraceConfig.defaults()
                        .withMemoryBytes(memoryBytes)
                        .withSetting("execution.runtime-mode", "streaming")
                        .withSetting("execution.checkpointing.interval", checkpointMillis + " ms"),
                state);
    }

    /**
     * Starts it.
     *
     * @param state where it keeps its state, and goes on from what is there; null for none
     */
    CountingJob(KeyedRows rows, MillraceConfig config, Path state) {
        this.rows = rows;
        millrace = Millrace.open(config, Connectors.of(rows));
        session = millrace.session();
        startNanos = CLOCK.nanoTime();
        startCpuNanos = cpuNanos();
        Durability durability = state == null ? Durability.NONE : new Durability(state.toString(), null, null, false);
        job = session.start("count", SCRIPT, durability).job();
    }

    KeyedRows rows() {
        return rows;
    }

    EngineJob job() {
        return job;
    }

    double cpuSeconds() {
        return (cpuNanos() - startCpuNanos) / 1e9;
    }

    double wallSeconds() {
        return (CLOCK.nanoTime() - startNanos) / 1e9;
    }

    /** From its start until the first epoch ended that gave the sink rows. */
    double firstOutputSeconds() {
        return (rows.firstEpochNanos() - startNanos) / 1e9;
    }

    /** Waits until something of it is so; throws what it failed of. */
    void await(String what, BooleanSupplier reached) throws InterruptedException {
        long deadline = CLOCK.nanoTime() + AWAIT_NANOS;
        while (!reached.getAsBoolean()) {
            if (job.await(2_000_000) || CLOCK.nanoTime() > deadline) {
                throw new IllegalStateException("expected " + what + ", found the job " + job.state());
            }
        }
    }

    /** Waits until something of it is so, or it ended well; throws what it failed of. */
    void awaitEndOr(BooleanSupplier reached) throws InterruptedException {
        while (!reached.getAsBoolean()) {
            if (job.await(1_000_000)) {
                checkFinished(job.state());
                return;
            }
        }
    }

    /** Lets it go on for so long. */
    void run(long millis) throws InterruptedException {
        if (job.await(millis * 1_000_000)) {
            throw new IllegalStateException("expected a job without an end, found it " + job.state());
        }
    }

    /** Has it count what it was given and end; the answer is checked. */
    void drain() throws InterruptedException {
        job.drain();
        checkFinished(job.await());
        rows.check();
    }

    private static void checkFinished(JobState state) {
        if (state != JobState.FINISHED) {
            throw new IllegalStateException("expected state=FINISHED, found " + state);
        }
    }

    /** Ends it as it is: what its last checkpoint holds is what stays. */
    void cancel() throws InterruptedException {
        job.cancel();
        job.await();
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    @Override
    public void close() {
        session.close();
        millrace.close();
    }
}
