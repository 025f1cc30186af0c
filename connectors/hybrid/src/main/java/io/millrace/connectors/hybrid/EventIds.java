package io.millrace.connectors.hybrid;

import io.millrace.memory.column.Column;
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
            values.add(column.getObject(row));
        }
        return values;
    }

    synchronized void clear() {
        longIds = new LongHashSet();
        otherIds = new HashSet<>();
    }
}
