package io.millrace.benchmarks.keyed;

import java.util.Map;

/** A keyed count in an engine of this process, as {@link PeerCourse} drives it. Called from one thread. */
public interface PeerJob extends AutoCloseable {
    /** Rows its source made by now. */
    long madeRows();

    /** The position before which its source waits from now on. */
    void limit(long position);

    /** Returns when so many rows are in its state, as well as the engine can tell; throws when it failed. */
    void awaitCounted(long rows) throws Exception;

    /** Throws when it failed or ended. */
    void checkRunning() throws Exception;

    /** Ends its source; returns when every row that was made is counted and every result that is due was given. */
    void finish() throws Exception;

    /** What its state comes to, and for each reader the next position that it would have made. After finish. */
    Result result() throws Exception;

    /** Completed, failed, bytes written and bytes in the last, since it began. */
    Checkpoints checkpoints() throws Exception;

    /** More figures of the engine, for the reader. */
    Map<String, Object> settings();

    @Override
    void close() throws Exception;

    /** See {@link #result}. */
    record Result(Answer answer, long emittedRows, long[] ends) {}

    /** See {@link #checkpoints}. */
    record Checkpoints(long completed, long failed, long writtenBytes, long lastBytes) {}
}
