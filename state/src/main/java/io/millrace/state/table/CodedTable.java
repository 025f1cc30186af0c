package io.millrace.state.table;

/** A table together with how its rows are written. One thread at a time; closing frees all. */
public interface CodedTable extends AutoCloseable {
    KeptTable table();

    RowCodec codec();

    /** Off-heap bytes held, those included that rows keep elsewhere. */
    default long heldBytes() {
        return table().heldBytes();
    }

    /** Forgets all rows and frees what they keep elsewhere; only of a table that no checkpoint keeps. */
    void clear();

    @Override
    void close();
}
