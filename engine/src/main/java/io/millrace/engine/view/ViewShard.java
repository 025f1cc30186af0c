package io.millrace.engine.view;

import io.millrace.engine.changelog.FoldMode;
import io.millrace.engine.changelog.PendingRows;
import io.millrace.engine.changelog.RowEquality;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.hash.Hashing;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One writer's share of a view: all changes of a key come to the same one. Changes are folded as they come and applied
 * at the end of the epoch, or earlier when many wait; what an epoch costs depends on its changes, not on the view.
 *
 * <p>Rows lie in segments of at most {@value #SEGMENT_ROWS}; a changed row is taken from its segment's bitmap and
 * written anew. Small segments are merged as a binary counter carries, sparse ones are rewritten when more than half of
 * all rows written no longer count, so a row is rewritten a bounded number of times on average. One thread.
 */
final class ViewShard implements AutoCloseable {
    static final int SEGMENT_ROWS = 4096;

    /** Changes beyond which a part of them is applied before the epoch ends. */
    private static final int APPLY_ROWS = 1 << 15;

    private static final int ROW_BITS = 20;

    private final String viewName;
    private final Schema schema;
    private final FoldMode mode;
    private final Allocator allocator;
    private final int[] keyColumns;
    private final int[] allColumns;
    private final PendingRows pending;
    private final RowIndex index;
    private final BatchBuilder tail;
    private final List<Segment> slots = new ArrayList<>();
    private final List<Integer> freeSlots = new ArrayList<>();

    /** Segments that may still be merged, oldest first. */
    private final List<Segment> young = new ArrayList<>();

    private List<Segment> added = new ArrayList<>();
    private List<Segment> retired = new ArrayList<>();

    private int tailSlot = -1;
    private long rowsWritten;
    private long rowsLive;
    private long frontierMicros = Long.MIN_VALUE;
    private boolean changed = true;
    private ShardVersion version = ShardVersion.EMPTY;

    ViewShard(String viewName, Schema schema, int[] primaryKey, FoldMode mode, Allocator allocator) {
        this.viewName = viewName;
        this.schema = schema;
        this.mode = mode;
        this.allocator = allocator;
        this.allColumns = IntStream.range(0, schema.size()).toArray();
        this.keyColumns = mode == FoldMode.BY_ROW ? allColumns : primaryKey.clone();
        this.index = mode == FoldMode.APPEND ? null : new RowIndex(allocator);
        this.pending = mode == FoldMode.APPEND ? null : new PendingRows(allocator, mode, keyColumns, allColumns);
        this.tail = new BatchBuilder(allocator, MemoryTag.VIEW, schema, 256, mode == FoldMode.BY_ROW);
    }

    /** Takes a batch of changes. */
    void write(Batch batch) {
        if (batch.activeCount() == 0) {
            batch.close();
            return;
        }
        changed = true;
        if (mode == FoldMode.APPEND) {
            try (batch) {
                appendAll(batch);
            }
            return;
        }
        pending.add(batch);
        if (pending.rowsTaken() >= APPLY_ROWS) {
            apply(false);
        }
    }

    void watermark(long micros) {
        frontierMicros = micros;
    }

    /** Applies what is pending and hands over the rows of this epoch. */
    ShardDelivery deliver(boolean ended) {
        if (changed) {
            if (pending != null) {
                apply(true);
            }
            seal();
            tidy();
            List<SegmentRows> segments = new ArrayList<>(slots.size());
            long rows = 0;
            for (Segment segment : slots) {
                if (segment != null) {
                    if (!segment.isDelivered()) {
                        added.add(segment);
                    }
                    SegmentRows visible = segment.deliver();
                    segments.add(visible);
                    rows += visible.weightSum();
                }
            }
            version = new ShardVersion(List.copyOf(segments), rows, frontierMicros);
            changed = false;
        } else if (version.frontierMicros() != frontierMicros) {
            version = new ShardVersion(version.segments(), version.rowCount(), frontierMicros);
        }
        ShardDelivery delivery = new ShardDelivery(version, added, retired, ended);
        added = new ArrayList<>();
        retired = new ArrayList<>();
        return delivery;
    }

    private void appendAll(Batch batch) {
        int from = 0;
        while (from < batch.activeCount()) {
            int count = Math.min(batch.activeCount() - from, SEGMENT_ROWS - tail.rowCount());
            tail.appendRows(batch, from, count);
            rowsWritten += count;
            rowsLive += count;
            from += count;
            if (tail.rowCount() == SEGMENT_ROWS) {
                seal();
            }
        }
    }

    // ---- folding ----

    /** Applies the groups whose counts make sense; at the end of the epoch each of them must. */
    private void apply(boolean atEnd) {
        BatchBuilder held = null;
        try {
            for (int i = 0; i < pending.entryCount(); i++) {
                if (pending.isFirst(i) && !applyGroup(i, atEnd)) {
                    if (held == null) {
                        held = new BatchBuilder(allocator, MemoryTag.VIEW, schema, 256, true);
                    }
                    hold(i, held);
                }
            }
            pending.clear();
            if (held != null) {
                pending.add(held.build());
            }
        } finally {
            if (held != null) {
                held.close();
            }
        }
        seal();
    }

    private void hold(int first, BatchBuilder held) {
        for (int i = first; i >= 0; i = pending.next(i)) {
            if (pending.weight(i) != 0) {
                appendRow(held, pending.batch(i), pending.row(i), pending.weight(i));
            }
        }
    }

    private boolean applyGroup(int first, boolean atEnd) {
        long stored = lookup(pending.hash(first), pending.batch(first), pending.row(first));
        return switch (mode) {
            case BY_ROW -> applyCount(first, stored, atEnd);
            case BY_KEY -> applyKey(first, stored, atEnd);
            case LAST_WINS -> {
                if (stored >= 0) {
                    remove(pending.hash(first), stored);
                }
                if (pending.weight(first) > 0) {
                    insert(first, 1);
                }
                yield true;
            }
            case APPEND -> throw MillraceException.internal("folding of an appending view");
        };
    }

    private boolean applyCount(int entry, long stored, boolean atEnd) {
        long change = pending.weight(entry);
        long count = change + (stored < 0 ? 0 : segment(stored).batch().weight(row(stored)));
        if (count < 0) {
            return refuse(atEnd, entry, count);
        }
        if (change != 0) {
            if (stored >= 0) {
                remove(pending.hash(entry), stored);
            }
            if (count > 0) {
                insert(entry, count);
            }
        }
        return true;
    }

    private boolean applyKey(int first, long stored, boolean atEnd) {
        long storedCount = stored < 0 ? 0 : 1;
        long others = 0;
        int successor = -1;
        for (int i = first; i >= 0; i = pending.next(i)) {
            long net = pending.weight(i);
            if (net == 0) {
                continue;
            }
            if (stored >= 0 && isStored(i, stored)) {
                storedCount += net;
            } else if (net < 0) {
                return refuse(atEnd, i, net);
            } else {
                others += net;
                successor = i;
            }
        }
        if (storedCount < 0) {
            return refuse(atEnd, first, storedCount);
        }
        if (storedCount + others > 1) {
            if (atEnd) {
                throw new MillraceException(
                                ErrorCode.CONTRACT_BROKEN,
                                "view "
                                        + viewName
                                        + ": expected one row for the primary key "
                                        + keyText(first)
                                        + ", found "
                                        + (storedCount + others))
                        .withHelp("The query's rows are not unique by this primary key; declare another, or none.");
            }
            return false;
        }
        if (stored >= 0 && storedCount == 0) {
            remove(pending.hash(first), stored);
        }
        if (successor >= 0) {
            insert(successor, 1);
        }
        return true;
    }

    private boolean isStored(int entry, long stored) {
        return RowEquality.same(
                pending.batch(entry), pending.row(entry), segment(stored).batch(), row(stored), allColumns);
    }

    private boolean refuse(boolean atEnd, int entry, long count) {
        if (atEnd) {
            throw MillraceException.internal(
                    "view "
                            + viewName
                            + ": expected no row to be taken away that is not there, found count="
                            + count
                            + " at the end of an epoch for "
                            + keyText(entry));
        }
        return false;
    }

    private String keyText(int entry) {
        StringBuilder text = new StringBuilder("(");
        for (int column : keyColumns) {
            text.append(text.length() == 1 ? "" : ", ").append(schema.name(column)).append('=');
            text.append(pending.batch(entry).column(column).getObject(pending.row(entry)));
        }
        return text.append(')').toString();
    }

    // ---- rows ----

    private static int row(long location) {
        return (int) location & (1 << ROW_BITS) - 1;
    }

    private static long location(int slot, int row) {
        return (long) slot << ROW_BITS | row;
    }

    private Segment segment(long location) {
        return slots.get((int) (location >>> ROW_BITS));
    }

    /** Where the row of this key lies, or -1. */
    private long lookup(long hash, Batch batch, int row) {
        for (long entry = index.seek(hash); entry != 0; entry = index.seekNext(hash, entry)) {
            long location = RowIndex.location(entry);
            Segment segment = segment(location);
            // A row in the open tail was inserted by this fold for another key: groups are distinct.
            if (segment != null && RowEquality.same(segment.batch(), row(location), batch, row, keyColumns)) {
                return location;
            }
        }
        return -1;
    }

    private void insert(int entry, long count) {
        if (tail.rowCount() == SEGMENT_ROWS) {
            seal();
        }
        index.insert(pending.hash(entry), location(openTail(), tail.rowCount()));
        appendRow(tail, pending.batch(entry), pending.row(entry), count);
        rowsWritten++;
        rowsLive++;
    }

    private static void appendRow(BatchBuilder to, Batch batch, int row, long weight) {
        for (int i = 0; i < batch.columnCount(); i++) {
            to.column(i).append(batch.column(i), row);
        }
        if (to.isWeighted()) {
            to.weights().appendLong(weight);
        }
    }

    private void remove(long hash, long location) {
        Segment segment = segment(location);
        index.remove(hash, location);
        segment.remove(row(location));
        rowsLive--;
        if (segment.liveRows() == 0) {
            retire(segment);
        }
    }

    private int openTail() {
        if (tailSlot < 0) {
            if (freeSlots.isEmpty()) {
                tailSlot = slots.size();
                slots.add(null);
            } else {
                tailSlot = freeSlots.removeLast();
            }
        }
        return tailSlot;
    }

    /** Makes a segment of the rows written since the last one. */
    private void seal() {
        if (tail.rowCount() == 0) {
            return;
        }
        Segment sealed = new Segment(tail.build(), openTail());
        slots.set(tailSlot, sealed);
        tailSlot = -1;
        if (sealed.rowCount() < SEGMENT_ROWS) {
            young.add(sealed);
        }
    }

    private void retire(Segment segment) {
        slots.set(segment.slot(), null);
        freeSlots.add(segment.slot());
        young.remove(segment);
        rowsWritten -= segment.rowCount();
        if (segment.isDelivered()) {
            retired.add(segment);
        } else {
            segment.free();
        }
    }

    // ---- merging ----

    private void tidy() {
        while (true) {
            if (mergeable()) {
                Segment last = young.removeLast();
                Segment before = young.removeLast();
                rewrite(before);
                rewrite(last);
            } else if (rowsWritten > 2 * rowsLive + 2 * SEGMENT_ROWS) {
                rewrite(sparsest());
            } else {
                return;
            }
            seal();
        }
    }

    private boolean mergeable() {
        if (young.size() < 2) {
            return false;
        }
        int last = young.getLast().liveRows();
        int before = young.get(young.size() - 2).liveRows();
        return last * 2 >= before && last + before <= SEGMENT_ROWS;
    }

    private Segment sparsest() {
        Segment found = null;
        double least = 2;
        for (Segment segment : slots) {
            if (segment != null) {
                double density = (double) segment.liveRows() / segment.rowCount();
                if (density < least) {
                    least = density;
                    found = segment;
                }
            }
        }
        return found;
    }

    /** Moves the segment's live rows to the tail, which has room for them. */
    private void rewrite(Segment segment) {
        int live = segment.liveRows();
        if (tail.rowCount() + live > SEGMENT_ROWS) {
            seal();
        }
        Buffer rows = allocator.allocate(MemoryTag.VIEW, 4L * Math.max(1, live));
        try {
            int found = 0;
            for (int row = 0; row < segment.rowCount(); row++) {
                if (segment.isLive(row)) {
                    Mem.putInt(rows.address() + 4L * found, row);
                    found++;
                }
            }
            if (index != null) {
                reindex(segment, rows.address(), live);
            }
            for (int i = 0; i < schema.size(); i++) {
                tail.column(i).gather(segment.batch().column(i), rows.address(), live);
            }
            if (tail.isWeighted()) {
                tail.weights().gather(segment.batch().weights(), rows.address(), live);
            }
        } finally {
            rows.release();
        }
        rowsWritten += live;
        retire(segment);
    }

    private void reindex(Segment segment, long rows, int live) {
        Buffer hashes = allocator.allocate(MemoryTag.VIEW, 8L * Math.max(1, live));
        try {
            for (int i = 0; i < keyColumns.length; i++) {
                Hashing.hashColumn(
                        segment.batch().column(keyColumns[i]), rows, live, hashes.address(), i == 0, allocator);
            }
            int slot = openTail();
            int next = tail.rowCount();
            for (int i = 0; i < live; i++) {
                long from = location(segment.slot(), Mem.getInt(rows + 4L * i));
                index.move(Mem.getLong(hashes.address() + 8L * i), from, location(slot, next + i));
            }
        } finally {
            hashes.release();
        }
    }

    /** Frees all that was never delivered; what was delivered belongs to the group. */
    @Override
    public void close() {
        tail.close();
        if (index != null) {
            index.close();
            pending.close();
        }
        for (Segment segment : slots) {
            if (segment != null && !segment.isDelivered()) {
                segment.free();
            }
        }
        slots.clear();
        young.clear();
    }
}
