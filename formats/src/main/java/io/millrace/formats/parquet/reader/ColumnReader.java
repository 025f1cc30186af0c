package io.millrace.formats.parquet.reader;

import io.millrace.memory.column.Column;

/** Reads one column of a row group, in order. One thread; close it. */
sealed interface ColumnReader extends AutoCloseable permits FlatColumnReader, NestedColumnReader {
    /** Whether the bytes of the next {@code rows} rows have arrived. */
    boolean ready(int rows);

    /** The next {@code rows} rows, which the caller owns; only when ready and when there are as many. */
    Column read(int rows);

    /** Passes over the next {@code rows} rows; only when ready and when there are as many. */
    void skip(int rows);

    /** Whether {@link #read(int, long, int)} can be asked for. */
    default boolean readsSelected() {
        return true;
    }

    /**
     * Those of the next {@code rows} rows whose ascending i32 indices lie at {@code selection}, at least one, as a
     * column of {@code count} rows; otherwise as {@link #read(int)}.
     */
    Column read(int rows, long selection, int count);

    /** After the last row: fails when pages are left. */
    void finish();

    @Override
    void close();
}
