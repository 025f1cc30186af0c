package io.millrace.engine;

import io.millrace.engine.job.EngineJob;
import io.millrace.engine.job.JobStatus;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.Schema;
import java.util.Optional;

/**
 * What one statement gives: rows to pull, or a job to wait for, or nothing but that it is done. One thread, but for
 * {@link #cancel} and {@link #progress}.
 */
public final class Result implements AutoCloseable {
    private final int statement;
    private final String kind;
    private final String mode;
    private final Schema schema;
    private final RowStream rows;
    private final EngineJob job;
    private final AutoCloseable resources;
    private final Meter meter;
    private final SqlPosition place;
    private long rowCount;
    private String errorCode;
    private boolean detached;
    private boolean closed;

    /** When a statement began. */
    record Meter(Clock clock, long startNanos, long startCpuNanos) {
        static Meter start(Clock clock, boolean measureCpu) {
            return new Meter(clock, clock.nanoTime(), measureCpu ? ProcessUsage.cpuNanos() : -1);
        }

        double wallMillis() {
            return (clock.nanoTime() - startNanos) / 1e6;
        }

        double cpuMillis() {
            return startCpuNanos < 0 ? 0 : (ProcessUsage.cpuNanos() - startCpuNanos) / 1e6;
        }
    }

    /** What a statement came to before it had a result object. */
    record Outcome(String mode, Schema schema, RowStream rows, EngineJob job) {
        static Outcome done() {
            return new Outcome(null, null, RowStream.none(), null);
        }

        static Outcome rows(Schema schema, RowStream rows) {
            return new Outcome(null, schema, rows, null);
        }
    }

    /** {@code place}: of the statement in its script, where what fails while it runs is said to have failed. */
    Result(int statement, String kind, Outcome outcome, AutoCloseable resources, Meter meter, SqlPosition place) {
        this.place = place;
        this.statement = statement;
        this.kind = kind;
        this.mode = outcome.mode();
        this.schema = outcome.schema();
        this.rows = outcome.rows();
        this.job = outcome.job();
        this.resources = resources;
        this.meter = meter;
    }

    /** Its number in the script, from 1. */
    public int statement() {
        return statement;
    }

    /** One lower-case word: {@code select}, {@code insert}, {@code create}, {@code set}, {@code explain} … */
    public String kind() {
        return kind;
    }

    /** {@code batch} or {@code streaming}; null when nothing ran. */
    public String mode() {
        return mode;
    }

    /** Of its rows, in streaming mode with {@code op} in front; null when it gives none. */
    public Schema schema() {
        return schema;
    }

    /** The job that it started, if it is one that goes on by itself. */
    public Optional<EngineJob> job() {
        return schema == null ? Optional.ofNullable(job) : Optional.empty();
    }

    /** How far the query or job is; empty for a statement that runs none. Any thread. */
    public Optional<JobStatus> progress() {
        return Optional.ofNullable(job).map(EngineJob::status);
    }

    /**
     * The next batch, valid until the next call; null at the end. Waits for rows, or for the end of the job when there
     * are none. Fails with whatever the query fails with, and with CANCELLED after {@link #cancel} or an interrupt.
     */
    public Batch next() {
        try {
            Batch batch = rows.next();
            if (batch != null) {
                rowCount += batch.activeCount();
            }
            return batch;
        } catch (InterruptedException interrupted) {
            rows.cancel();
            Thread.currentThread().interrupt();
            MillraceException failure = new MillraceException(ErrorCode.CANCELLED, "interrupted", interrupted);
            errorCode = failure.code().name();
            throw failure;
        } catch (MillraceException failure) {
            errorCode = failure.code().name();
            throw failure.position() == null && failure.code() != ErrorCode.CANCELLED ? failure.at(place) : failure;
        }
    }

    /** Reads to the end and forgets the rows; how one waits for a statement. */
    public Result await() {
        while (next() != null) {
            // Rows are not wanted.
        }
        return this;
    }

    /** Whether it started a job that does not end by itself. */
    public boolean runsForever() {
        return schema == null && job != null && !job.graph().isBounded();
    }

    /** Whether the next statement waits for this one. */
    boolean awaited() {
        return schema == null && !detached;
    }

    void detach() {
        detached = true;
    }

    /** Rows taken so far, or rows that an INSERT has written. */
    public long rowCount() {
        return schema == null && job != null ? job.rowsWritten() : rowCount;
    }

    /** Asks the query or job to stop. Any thread. */
    public void cancel() {
        rows.cancel();
    }

    /** What it has cost up to now. */
    public Statistics statistics() {
        JobStatus status = job == null ? null : job.status();
        return new Statistics(
                statement,
                kind,
                mode,
                meter.wallMillis(),
                meter.cpuMillis(),
                rowCount(),
                status == null ? 0 : status.rowsRead(),
                status == null ? 0 : status.bytesRead(),
                ProcessUsage.peakRssBytes(),
                errorCode);
    }

    /** Stops a query that was not read to its end; a job goes on. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            rows.close();
        } finally {
            closeResources();
        }
    }

    private void closeResources() {
        try {
            resources.close();
        } catch (Exception failure) {
            throw MillraceException.wrap(failure);
        }
    }
}
