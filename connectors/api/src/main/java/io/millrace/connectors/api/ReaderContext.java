package io.millrace.connectors.api;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.time.Clock;
import java.util.List;

/** What the runtime gives a reader or writer: all of it lives as long as the task. */
public interface ReaderContext {
    /** For everything off-heap; must be empty again after close. */
    Allocator allocator();

    Clock clock();

    IoThreads io();

    /** Rows a full batch has. */
    int batchRows();

    /**
     * Conditions that all rows which matter satisfy, for a source that can use them; whoever calls owns them, and asks
     * each only about rows for which those before it hold. What reads the rows filters all the same.
     */
    default List<RowFilter> openFilters() {
        return List.of();
    }
}
