package io.millrace.operators.aggregate;

import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;

/**
 * What one aggregate keeps of a group: {@link #bytes} bytes at an offset of the group's row, zero at first. Arguments
 * given to it are never NULL. Weights below zero take values away again.
 */
interface Accumulator {
    /** A multiple of 8. */
    int bytes();

    /** Adds values to the groups of their rows; the accumulator lies {@code offset} bytes into each. */
    void update(Column argument, RowSet rows, int offset);

    /** Adds all values to the one accumulator at {@code address}. */
    void updateOne(Column argument, RowSet rows, long address);

    /** Adds what the accumulator at {@code from}, one of {@code source}, holds; that one is not changed. */
    void merge(Accumulator source, long from, long to);

    /** Appends the result of each of {@code count} groups whose i64 addresses lie at {@code rowsAddress}. */
    void append(long rowsAddress, int count, int offset, ColumnBuilder results);

    /** What it is, in words that change when {@link #write} writes something else. */
    String layout();

    /** Whether its bytes are what is written. */
    default boolean isFlat() {
        return true;
    }

    /** Whether it keeps nothing outside its row, flat or not. */
    default boolean isSelfContained() {
        return isFlat();
    }

    /** Writes the accumulator at {@code address} where no address holds. */
    default void write(long address, StateOutput output) {
        output.putBytes(address, bytes());
    }

    /** Makes the accumulator at {@code address}, all zeros, what was written. */
    default void read(StateInput input, long address) {
        input.getBytes(address, bytes());
    }

    /** Frees what the accumulator at {@code address} keeps outside its row, which is then void. */
    default void remove(long address) {}

    /** Off-heap bytes of what it keeps outside the rows, but for what a shared heap holds. */
    default long heldBytes() {
        return 0;
    }

    /** Frees what it keeps outside the rows. Idempotent. */
    default void close() {}
}
