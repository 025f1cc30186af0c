package io.millrace.state;

import io.millrace.memory.types.Schema;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.KeptTable;
import io.millrace.state.tier.RowOrder;
import io.millrace.state.tier.RowTier;
import io.millrace.state.tier.TableTier;
import java.util.List;
import java.util.function.Supplier;

/**
 * The state of one operator in one task. The operator asks for what it keeps when it is opened, by names that never
 * change, and gets it filled with what a checkpoint held for this task; keeping it over a crash is not the operator's
 * business any more. Two kinds: rows by key, and values of a few bytes. One thread at a time.
 */
public interface OperatorState {
    /** A table of this name: empty, or with the rows restored. The operator closes it. */
    KeptTable table(TableSpec spec);

    /**
     * A table of a name of which there are many, by an i64 that orders them, such as the start of a pane. Empty, or
     * with the rows restored. Closing it forgets its rows in later checkpoints too.
     */
    KeptTable pane(TableSpec spec, long pane);

    /**
     * What there is of a table or pane that is not in memory; null where nothing can be elsewhere. Asked for once,
     * after the table. An operator that asks gives its table away when the tier wants it, and then asks for another of
     * the same name, which begins empty.
     *
     * @param pane null for a table that has none
     * @param lookedUp whether single keys will be looked up, not just all of them read
     * @param twins makes tables of the same rows, which no checkpoint keeps; called on any thread
     */
    TableTier tier(TableSpec spec, Long pane, boolean lookedUp, Supplier<CodedTable> twins);

    /** The panes of this name that hold restored rows, ascending. */
    List<Long> restoredPanes(String name);

    /**
     * Rows of these columns that are added, in no order, and taken out by the batch. The operator closes it.
     *
     * @param name of the state
     */
    RowBag rows(String name, Schema schema);

    /**
     * What there is of such rows that is not in memory; null where nothing can be elsewhere. Asked for once, after the
     * rows.
     *
     * @param name of the rows
     * @param weighted whether they come and go
     * @param order in which they will be read
     * @param limit how many will be wanted at the most, of rows that only come
     */
    RowTier rowTier(String name, Schema schema, boolean weighted, RowOrder order, long limit);

    /** Keeps a value of a few bytes, in a format with a version: asked for at each barrier, on the task's thread. */
    void register(String name, Supplier<byte[]> value);

    /** What all tasks of the operator had registered by this name, task 0 first; empty when nothing was restored. */
    List<byte[]> restored(String name);

    /** Whether the operator goes on from a checkpoint. */
    boolean isRestored();
}
