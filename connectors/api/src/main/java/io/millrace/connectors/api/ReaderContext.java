package io.millrace.connectors.api;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.time.Clock;

/** What the runtime gives a reader or writer: all of it lives as long as the task. */
public interface ReaderContext {
    /** For everything off-heap; must be empty again after close. */
    Allocator allocator();

    Clock clock();

    IoThreads io();

    /** Rows a full batch has. */
    int batchRows();
}
