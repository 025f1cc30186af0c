package io.millrace.connectors.hybrid;

import io.millrace.connectors.api.BadRecord;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.memory.column.Column;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of one partition's band that are older than the ids that were kept of history: only disorder wider than the
 * overlap, or a topic that was filled anew, brings them here. They are history's when a row behind them is; those that
 * none follows are given to {@code $bad}, for it cannot be told whether history holds them. One worker.
 */
final class Undecided {
    /** More are counted, not kept. */
    private static final int MAX_KEPT = 10_000;

    private final int partition;
    private final List<BadRecord> rows = new ArrayList<>();
    private long count;

    Undecided(int partition) {
        this.partition = partition;
    }

    /** Those that an earlier execution had. */
    Undecided(int partition, HandoverState.Band before) {
        this(partition);
        rows.addAll(before.kept());
        count = before.undecided();
    }

    /** Those that are kept. */
    List<BadRecord> rows() {
        return rows;
    }

    long count() {
        return count;
    }

    void add(long offset, long timeMicros, Column[] ids, int row) {
        count++;
        if (rows.size() < MAX_KEPT) {
            rows.add(record(offset, timeMicros, ids, row));
        }
    }

    private BadRecord record(long offset, long timeMicros, Column[] ids, int row) {
        List<Object> id = new ArrayList<>();
        for (Column column : ids) {
            id.add(column.getObject(row));
        }
        return new BadRecord(
                "partition " + partition,
                offset,
                "expected an event time within 'handover.overlap' of history's end, found "
                        + timeMicros
                        + " us: it cannot be told whether history holds the row",
                id.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** No row of history followed. */
    void giveUp(HybridRun run, SourceOutput output) {
        run.undecided(partition, count);
        rows.forEach(output::bad);
    }
}
