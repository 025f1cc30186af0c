package io.millrace.state.table;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.ColumnBuilder;

/**
 * A hash table from keys to rows of {@link #valueBytes} bytes, looked up by batch. Row addresses point at a row's
 * values. One worker at a time.
 */
public interface KeyedTable extends AutoCloseable {
    /**
     * Finds or makes the row of each of the batch's selected rows. {@code rowsAddress} receives one i64 address each,
     * in the order of the selection; new rows are zero. The addresses hold until the next call that may add rows, or
     * for as long as the row lives when {@link #isStable}.
     *
     * @param selectionAddress i32 row indices, or 0 for the first {@code count}
     */
    void findOrAdd(Batch batch, long selectionAddress, int count, long rowsAddress);

    /** Finds or makes the row whose key equals that of a row of a table of the same keys. */
    long findOrAddKeyOf(KeyedTable other, long otherRow);

    /**
     * Says that a row will be written, when it was not found or made since the last batch: to be called before each
     * such write, also before what a row keeps elsewhere changes.
     */
    void touch(long row);

    /**
     * Makes room for this many rows in all. To be called before the rows of another table are added in the order in
     * which they lie there: they come in the order of their hashes, which pile up where a table grows step by step.
     */
    void reserve(long rows);

    /** Rows in the table. */
    long size();

    int valueBytes();

    /** Whether rows never move. */
    boolean isStable();

    /**
     * Lists rows: writes up to {@code max} addresses and returns a cursor to go on from, or -1 when there are no more.
     * Begin with cursor 0; the table must not change meanwhile.
     */
    long scan(long cursor, int max, RowList into);

    /** Appends the keys of these rows, a key column to each builder. */
    void appendKeys(long rowsAddress, int count, ColumnBuilder[] keys);

    /** Takes a row out; its address is void. Only of a stable table. */
    void remove(long row);

    /** Off-heap bytes held. */
    long heldBytes();

    /** Forgets all rows. */
    void clear();

    @Override
    void close();
}
