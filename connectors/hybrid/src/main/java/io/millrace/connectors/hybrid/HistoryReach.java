package io.millrace.connectors.hybrid;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;
import java.util.HashMap;
import java.util.Map;

/** How far history reaches: its greatest event time, its greatest offset in each partition. Guarded by its owner. */
final class HistoryReach {
    private long rows;
    private long greatestMicros;
    private final Map<Integer, Long> greatestOffsets;

    HistoryReach() {
        this(0, Long.MIN_VALUE, Map.of());
    }

    HistoryReach(long rows, long greatestMicros, Map<Integer, Long> greatestOffsets) {
        this.rows = rows;
        this.greatestMicros = greatestMicros;
        this.greatestOffsets = new HashMap<>(greatestOffsets);
    }

    /** Adds the event times of a batch's selected rows; NULLs are left out. */
    void addTimes(Column times, Batch batch) {
        long greatest = greatestMicros;
        for (int i = 0; i < batch.activeCount(); i++) {
            int row = batch.row(i);
            if (!times.isNull(row)) {
                greatest = Math.max(greatest, times.getLong(row));
            }
        }
        greatestMicros = greatest;
    }

    void addOffsets(Column partitions, Column offsets, Batch batch) {
        int partition = -1;
        long greatest = -1;
        for (int i = 0; i < batch.activeCount(); i++) {
            int row = batch.row(i);
            if (partitions.isNull(row) || offsets.isNull(row)) {
                continue;
            }
            int next = (int) partitions.getLong(row);
            if (next != partition) {
                if (partition >= 0) {
                    greatestOffsets.merge(partition, greatest, Math::max);
                }
                partition = next;
                greatest = -1;
            }
            greatest = Math.max(greatest, offsets.getLong(row));
        }
        if (partition >= 0) {
            greatestOffsets.merge(partition, greatest, Math::max);
        }
    }

    void addRows(long more) {
        rows += more;
    }

    void merge(HistoryReach other) {
        rows += other.rows;
        greatestMicros = Math.max(greatestMicros, other.greatestMicros);
        other.greatestOffsets.forEach((partition, offset) -> greatestOffsets.merge(partition, offset, Math::max));
    }

    long rows() {
        return rows;
    }

    /** Long.MIN_VALUE when history has no event time. */
    long greatestMicros() {
        return greatestMicros;
    }

    Map<Integer, Long> greatestOffsets() {
        return greatestOffsets;
    }

    /** The first offset of a partition that is not in history. */
    long nextOffset(int partition) {
        return greatestOffsets.getOrDefault(partition, -1L) + 1;
    }
}
