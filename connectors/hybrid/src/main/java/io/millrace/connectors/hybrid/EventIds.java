package io.millrace.connectors.hybrid;

import io.millrace.memory.column.Column;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.collections.LongHashSet;

/**
 * The ids of history's last rows. One integer column is kept as longs, anything else as lists of values. Filled under a
 * lock while history is read, then only read; dropped when every partition is past the band.
 */
final class EventIds {
    private final boolean longs;
    private LongHashSet longIds = new LongHashSet();
    private Set<List<Object>> otherIds = new HashSet<>();

    EventIds(boolean longs) {
        this.longs = longs;
    }

    synchronized void add(Column[] ids, int row) {
        if (longs && !ids[0].isNull(row)) {
            longIds.add(ids[0].getLong(row));
        } else {
            otherIds.add(values(ids, row));
        }
    }

    boolean contains(Column[] ids, int row) {
        if (longs && !ids[0].isNull(row)) {
            return longIds.contains(ids[0].getLong(row));
        }
        return otherIds.contains(values(ids, row));
    }

    private static List<Object> values(Column[] ids, int row) {
        List<Object> values = new ArrayList<>(ids.length);
        for (Column column : ids) {
            values.add(comparable(column.getObject(row)));
        }
        return values;
    }

    /** Equal values as equal objects, whichever stage they come from: stages may differ in the width of an integer. */
    private static Object comparable(Object value) {
        return switch (value) {
            case byte[] bytes -> ByteBuffer.wrap(bytes);
            case Byte number -> (long) number;
            case Short number -> (long) number;
            case Integer number -> (long) number;
            case BigDecimal number -> number.stripTrailingZeros();
            case null, default -> value;
        };
    }

    synchronized void clear() {
        longIds = new LongHashSet();
        otherIds = new HashSet<>();
    }
}
