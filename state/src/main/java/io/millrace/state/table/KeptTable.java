package io.millrace.state.table;

/**
 * A table whose rows are copied for checkpoints while it is used. Its {@link RowJournal} says how. Its keys come and go
 * encoded in one way, whatever its layout.
 */
public interface KeptTable extends KeyedTable {
    /**
     * Marks the rows as they are now: those written since the last time, and the keys removed, or all rows. Takes no
     * longer for many rows than for few.
     */
    void begin(boolean wholeTable);

    /** Copies some of the rows that are marked and not copied yet: about this many bytes. Returns how many it did. */
    long copy(long maxBytes);

    boolean isCopying();

    /** The row of an encoded key, made if need be; no checkpoint takes note. */
    long load(long key, int keyLength);

    /** Takes a key out, if it is there; no checkpoint takes note. */
    void unload(long key, int keyLength);

    /** Where a row's key lies encoded: i32 length, then the bytes. Only of a stable table. */
    long encodedKey(long row);

    /** The hash of a row's key as {@link #copyKey} writes it: the same whatever the table's layout. */
    long keyHash(long row);

    /** Bytes of a row's key, encoded. */
    int keyLength(long row);

    /** Writes a row's key, encoded. */
    void copyKey(long row, long to);

    /** Bytes that the next rows may take at once because the table grows; 0 while it has room. */
    long growthBytes();

    /** No checkpoint will keep the table from now on. Not while it is copied. */
    void detach();

    /** Frees all, copied or not. */
    void free();
}
