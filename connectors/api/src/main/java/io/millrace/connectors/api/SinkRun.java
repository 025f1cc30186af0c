package io.millrace.connectors.api;

import java.util.List;

/**
 * One execution of a sink, shared by its writers. {@link #commit} makes visible what the writers prepared, once for
 * each checkpoint and once at the end of the input; what was never committed must not be seen by anyone, ever. Both
 * {@link #commit} and {@link #abort} run on an I/O thread and may block.
 */
public interface SinkRun extends AutoCloseable {
    SinkWriter open(int writerIndex, ReaderContext context);

    /** Makes visible what was prepared for this checkpoint; repeating it changes nothing. */
    void commit(long checkpoint, List<byte[]> prepared);

    /** Removes what was written and not committed. */
    void abort();

    @Override
    void close();
}
