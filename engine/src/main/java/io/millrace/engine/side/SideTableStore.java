package io.millrace.engine.side;

import io.millrace.connectors.api.BadRecord;
import io.millrace.connectors.api.Source;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.SideTables;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps the newest rows that came too late and the newest records that could not be decoded, by table, and counts all
 * of them. What it keeps is bounded: {@value #LATE_ROWS_KEPT} late rows and {@value #BAD_RECORDS_KEPT} bad records a
 * table, and fewer when memory is short. Thread-safe.
 */
public final class SideTableStore implements SideTables, AutoCloseable {
    static final int LATE_ROWS_KEPT = 10_000;
    static final int BAD_RECORDS_KEPT = 2_000;

    private final Allocator allocator;
    private final Map<String, SideRows> tables = new TreeMap<>();
    private boolean closed;

    /** How many there were, kept or not. */
    public record Counts(long lateRows, long badRows) {
        static final Counts NONE = new Counts(0, 0);
    }

    /** What is kept of one table. */
    private static final class SideRows {
        private final Deque<Batch> late = new ArrayDeque<>();
        private final Deque<BadRecord> bad = new ArrayDeque<>();
        private int lateKept;
        private long lateRows;
        private long badRows;

        void dropOldLate() {
            while (lateKept > LATE_ROWS_KEPT) {
                Batch oldest = late.removeFirst();
                lateKept -= oldest.activeCount();
                oldest.close();
            }
        }
    }

    /** A store whose rows are charged to a child of {@code parent}. */
    public SideTableStore(Allocator parent) {
        this.allocator = parent.child("side tables");
    }

    @Override
    public synchronized void late(String table, Batch rows) {
        try (rows) {
            if (closed || rows.activeCount() == 0) {
                return;
            }
            SideRows side = tables.computeIfAbsent(table, name -> new SideRows());
            side.lateRows += rows.activeCount();
            Batch copy = copy(rows);
            if (copy != null) {
                side.late.addLast(copy);
                side.lateKept += copy.activeCount();
                side.dropOldLate();
            }
        }
    }

    /** A copy of the last rows that count, or null when there is no memory for it. */
    private Batch copy(Batch rows) {
        int count = Math.min(rows.activeCount(), LATE_ROWS_KEPT);
        try (BatchBuilder builder = new BatchBuilder(allocator, MemoryTag.VIEW, rows.schema(), count, false)) {
            for (int position = rows.activeCount() - count; position < rows.activeCount(); position++) {
                for (int i = 0; i < rows.columnCount(); i++) {
                    builder.column(i).append(rows.column(i), rows.row(position));
                }
            }
            return rows.columnCount() == 0 ? null : builder.build();
        } catch (MillraceException failure) {
            if (failure.code() == ErrorCode.OUT_OF_MEMORY) {
                return null;
            }
            throw failure;
        }
    }

    @Override
    public synchronized void bad(String table, BadRecord badRecord) {
        SideRows side = tables.computeIfAbsent(table, name -> new SideRows());
        side.badRows++;
        side.bad.addLast(badRecord);
        if (side.bad.size() > BAD_RECORDS_KEPT) {
            side.bad.removeFirst();
        }
    }

    public synchronized Counts counts(String table) {
        SideRows side = tables.get(table);
        return side == null ? Counts.NONE : new Counts(side.lateRows, side.badRows);
    }

    /** Names of the tables that had late or bad rows. */
    public synchronized List<String> tables() {
        return List.copyOf(tables.keySet());
    }

    /** Late and bad rows of all tables together. */
    public synchronized Counts totals() {
        long late = tables.values().stream().mapToLong(side -> side.lateRows).sum();
        long bad = tables.values().stream().mapToLong(side -> side.badRows).sum();
        return new Counts(late, bad);
    }

    /**
     * The kept late rows of a table, as a table with these columns, found by name; what a plan had not read is NULL.
     */
    public Source lateRows(String table, Schema columns) {
        return new LateSource(this, table, columns);
    }

    /** The kept bad records of a table: origin, position, reason, raw. */
    public Source badRecords(String table) {
        return new BadSource(this, table);
    }

    /** Shares of the kept late batches, oldest first, the caller's to close. */
    public synchronized List<Batch> shareLate(String table) {
        SideRows side = tables.get(table);
        List<Batch> shares = new ArrayList<>();
        if (side != null) {
            side.late.forEach(batch -> shares.add(batch.share()));
        }
        return shares;
    }

    /** The kept bad records of a table, oldest first. */
    public synchronized List<BadRecord> keptBad(String table) {
        SideRows side = tables.get(table);
        return side == null ? List.of() : List.copyOf(side.bad);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            tables.values().forEach(side -> side.late.forEach(Batch::close));
            tables.clear();
            allocator.close();
        }
    }
}
