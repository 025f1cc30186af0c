package io.millrace.state.table;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.List;

/**
 * How the rows of a table are written where no address holds, and read again. Whoever lays out the rows makes it; its
 * tables call it on their thread.
 */
public interface RowCodec {
    /**
     * The layout in words that change exactly when the bytes that are written do, as {@code count:i64,max:utf8}: what a
     * restored state is checked by. At most some hundred characters.
     */
    String layout();

    /** Whether a row holds no addresses, so that its bytes in memory are what is written. */
    boolean isFlat();

    /**
     * Whether {@link #write} looks at nothing but the row, so that a table outlives its operator until it is copied.
     */
    default boolean isSelfContained() {
        return isFlat();
    }

    /** Appends the row. */
    void write(long row, StateOutput output);

    /** Makes a row that is all zeros what was written. */
    void read(StateInput input, long row);

    /** Frees what the row keeps elsewhere; the row is then void. */
    void free(long row);

    /**
     * Adds to a row what was kept of the same key apart from it.
     *
     * @param from a row outside of any table, which stays the caller's
     */
    void merge(long from, long to);

    /**
     * Reads rows as an earlier script wrote them.
     *
     * @param before their layout
     * @param from for each value of a row which it was then, counted from 0, or -1: it begins empty
     */
    default RowConversion conversion(String before, List<Integer> from) {
        throw new MillraceException(ErrorCode.UNSUPPORTED, "rows of " + before + " made ones of " + layout());
    }

    /**
     * Whether a row is all there is of its key, whatever was kept of it before; else it is merged with that. Of a row
     * in a table that is never emptied it does not matter.
     */
    default boolean isWhole(long row) {
        return false;
    }

    /** Whether a row says no more than that there is none, so that where nothing lies before it, it may be left out. */
    default boolean isVoid(long row) {
        return false;
    }

    /** Rows that hold no addresses and are never merged, as a contract kit has them. */
    static RowCodec flat(String layout, int valueBytes) {
        return new FlatRowCodec(layout, valueBytes);
    }
}
