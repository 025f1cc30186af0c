package io.millrace.state;

import io.millrace.memory.types.Schema;
import io.millrace.state.table.KeyedTable;
import java.util.List;
import java.util.function.Supplier;

/**
 * The state of one operator in one task. The operator asks for what it keeps when it is opened, by names that never
 * change, and gets it filled with what a checkpoint held for this task; keeping it over a crash is not the operator's
 * business any more. Two kinds: rows by key, and values of a few bytes. One thread at a time.
 */
public interface OperatorState {
    /** A table of this name: empty, or with the rows restored. The operator closes it. */
    KeyedTable table(TableSpec spec);

    /**
     * A table of a name of which there are many, by an i64 that orders them, such as the start of a pane. Empty, or
     * with the rows restored. Closing it forgets its rows in later checkpoints too.
     */
    KeyedTable pane(TableSpec spec, long pane);

    /** The panes of this name that hold restored rows, ascending. */
    List<Long> restoredPanes(String name);

    /**
     * Rows of these columns that are only ever added, in no order, and dropped all at once. The operator closes it.
     *
     * @param name of the state
     */
    RowBag rows(String name, Schema schema);

    /** Keeps a value of a few bytes, in a format with a version: asked for at each barrier, on the task's thread. */
    void register(String name, Supplier<byte[]> value);

    /** What all tasks of the operator had registered by this name, task 0 first; empty when nothing was restored. */
    List<byte[]> restored(String name);

    /** Whether the operator goes on from a checkpoint. */
    boolean isRestored();
}
