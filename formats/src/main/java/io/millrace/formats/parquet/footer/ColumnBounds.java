package io.millrace.formats.parquet.footer;

import java.util.OptionalLong;

/**
 * What a footer says of a column's values in one row group.
 *
 * @param min the least value in Parquet's PLAIN encoding, possibly shortened; null when unknown
 * @param max the greatest value, likewise
 * @param nullCount -1 when unknown
 */
public record ColumnBounds(byte[] min, byte[] max, long nullCount) {
    public static final ColumnBounds UNKNOWN = new ColumnBounds(null, null, -1);

    public boolean isKnown() {
        return min != null && max != null;
    }

    /** How many values are NULL, when known. */
    public OptionalLong nulls() {
        return nullCount < 0 ? OptionalLong.empty() : OptionalLong.of(nullCount);
    }
}
