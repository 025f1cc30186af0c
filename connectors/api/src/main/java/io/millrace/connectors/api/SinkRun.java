package io.millrace.connectors.api;

import java.util.List;

/**
 * One execution of a sink, shared by its writers. {@link #commit} makes visible what the writers prepared, once for
 * each checkpoint, in order, and once at the end of the input; what was never committed must not be seen by anyone,
 * ever. {@link #recover}, {@link #commit} and {@link #abort} may block; they are called on no worker, by one thread at
 * a time.
 */
public interface SinkRun extends AutoCloseable {
    SinkWriter open(int writerIndex, ReaderContext context);

    /**
     * Takes over from an execution that ended at this checkpoint, before the first writer is opened: fences it, makes
     * visible what it had prepared and may not have committed, and removes what it wrote after. Called at each start of
     * a job that takes checkpoints, with checkpoint 0 and nothing prepared when there was none. FENCED when a later
     * execution has taken over already.
     *
     * @param prepared what each of its writers had prepared; there may have been more or fewer writers than now
     */
    default void recover(long checkpoint, List<Prepared> prepared) {
        commit(checkpoint, prepared);
    }

    /**
     * Makes visible what was prepared for this checkpoint, which is durable now; repeating it changes nothing. FENCED
     * when a later execution has taken over.
     */
    void commit(long checkpoint, List<Prepared> prepared);

    /** Removes what was written and not committed. */
    void abort();

    @Override
    void close();
}
