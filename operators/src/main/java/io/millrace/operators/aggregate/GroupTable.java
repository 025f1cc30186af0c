package io.millrace.operators.aggregate;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.state.TableSpec;
import io.millrace.state.table.ByteHeap;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.RowList;
import io.millrace.state.tier.TierLookup;
import java.util.List;
import java.util.function.Function;

/**
 * Groups and their accumulators: what hash and window aggregation share. A table that tracks changes also knows which
 * groups changed since they were last emitted, and what was emitted of each.
 *
 * <pre>
 *   values of a row  accumulators | if tracked: i64 flags (1 listed as changed, 2 emitted, 4 whole), results as emitted
 * </pre>
 *
 * <p>One thread.
 */
public final class GroupTable implements CodedTable {
    private static final long CHANGED = 1;

    /** The results as emitted are there. */
    static final long EMITTED = 2;

    /** The row is all there is of its key, whatever lies in a tier. */
    static final long WHOLE = 4;

    private final Allocator allocator;
    private final List<AggregateCall> calls;
    private final int keyCount;
    private final boolean retracting;
    private final boolean tracked;
    private final boolean total;
    private final AccumulatorRow accumulators;
    private final GroupRowCodec codec;
    private final TableSpec tableSpec;
    private final KeptTable table;
    private final RowList found;
    private final RowList changed;
    private final ByteHeap emittedBytes;
    private final EmittedRow emitted;
    private final int flagsOffset;
    private final RowSet rows = new RowSet();
    private Buffer weights;
    private int nextChange;

    /**
     * A table of groups, with those that were restored, if any.
     *
     * @param tables makes the table: those of {@link io.millrace.state.OperatorState}, or of none that is kept
     */
    public GroupTable(Allocator allocator, GroupSpec spec, Function<TableSpec, KeptTable> tables) {
        this.allocator = allocator;
        this.calls = spec.calls();
        this.keyCount = spec.keys().size();
        this.retracting = spec.retracting();
        this.tracked = spec.tracked();
        this.total = spec.total();
        this.accumulators = new AccumulatorRow(allocator, calls, spec.input(), retracting);
        this.emittedBytes = new ByteHeap(allocator);
        this.emitted =
                tracked
                        ? new EmittedRow(calls.stream().map(AggregateCall::type).toArray(DataType[]::new), emittedBytes)
                        : null;
        this.flagsOffset = accumulators.bytes();
        this.found = new RowList(allocator, 16);
        this.changed = new RowList(allocator, 16);
        boolean stable = tracked || retracting || calls.stream().anyMatch(AggregateCall::distinct);
        this.codec = new GroupRowCodec(accumulators, emitted, retracting);
        this.tableSpec =
                new TableSpec(
                        spec.name(),
                        spec.keys(),
                        spec.keys().stream().map(spec.input()::type).toList(),
                        codec.bytes(),
                        stable,
                        codec);
        try {
            this.table = tables.apply(tableSpec);
        } catch (RuntimeException failure) {
            accumulators.close();
            emittedBytes.close();
            throw failure;
        }
        try {
            if (tracked && table.size() > 0) {
                findChanged();
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Lists the groups that had changed and were not emitted, of rows that came from elsewhere. */
    void findChanged() {
        long cursor = 0;
        while (cursor >= 0) {
            found.clear();
            cursor = table.scan(cursor, 1024, found);
            for (int i = 0; i < found.size(); i++) {
                if ((Mem.getLong(found.get(i) + flagsOffset) & CHANGED) != 0) {
                    changed.add(found.get(i));
                }
            }
        }
    }

    /**
     * Adds the batch's rows at these positions of its columns; 0 for the first {@code count}. The batch stays the
     * caller's.
     */
    public void update(Batch batch, long selectionAddress, int count) {
        if (count > 0) {
            find(batch, selectionAddress, count);
            addFound(batch, selectionAddress, count);
        }
    }

    /** Finds or makes the groups of these rows. When memory does not suffice some are made, and none has changed. */
    void find(Batch batch, long selectionAddress, int count) {
        if (keyCount == 0) {
            onlyRow();
        } else {
            found.setSize(count);
            table.findOrAdd(batch, selectionAddress, count, found.address());
        }
    }

    /** Adds the rows to the groups just found. */
    void addFound(Batch batch, long selectionAddress, int count) {
        rows.selection = selectionAddress;
        rows.count = count;
        rows.weights = gatherWeights(batch, selectionAddress, count);
        if (keyCount == 0) {
            rows.rows = 0;
            accumulators.updateOne(batch, rows, found.get(0));
            if (tracked) {
                markChanged(found.get(0));
            }
            return;
        }
        rows.rows = found.address();
        accumulators.update(batch, rows);
        if (tracked) {
            for (int i = 0; i < count; i++) {
                markChanged(found.get(i));
            }
        }
    }

    private void markChanged(long row) {
        long flags = Mem.getLong(row + flagsOffset);
        if ((flags & CHANGED) == 0) {
            Mem.putLong(row + flagsOffset, flags | CHANGED);
            changed.add(row);
        }
    }

    /** The row of the group without keys, made if need be: it exists even when no row came. */
    private long onlyRow() {
        found.setSize(1);
        try (Batch none = new Batch(Schema.EMPTY, new Column[0], 1)) {
            table.findOrAdd(none, 0, 1, found.address());
        }
        return found.get(0);
    }

    /** Makes the group without keys exist. */
    public void ensureOnlyGroup() {
        long row = onlyRow();
        if (tracked && (Mem.getLong(row + flagsOffset) & EMITTED) == 0) {
            markChanged(row);
        }
    }

    private long gatherWeights(Batch batch, long selection, int count) {
        Column column = batch.weights();
        if (column == null) {
            return 0;
        }
        if (!retracting) {
            throw MillraceException.internal("weights for an aggregate of rows that are only added");
        }
        if (selection == 0 && column.encoding() == Encoding.FLAT) {
            return column.valuesAddress();
        }
        if (weights == null || weights.capacityBytes() < 8L * count) {
            if (weights != null) {
                weights.release();
                weights = null;
            }
            weights = allocator.allocate(MemoryTag.STATE, 8L * count);
        }
        for (int i = 0; i < count; i++) {
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            Mem.putLong(weights.address() + 8L * i, column.getLong(row));
        }
        return weights.address();
    }

    /** Adds all groups of another table of the same keys and aggregates, which is not changed. */
    public void merge(GroupTable other) {
        table.reserve(Math.max(table.size(), other.table.size()));
        try (RowList from = new RowList(allocator, 1024)) {
            long cursor = 0;
            while (cursor >= 0) {
                from.clear();
                cursor = other.table.scan(cursor, 1024, from);
                for (int i = 0; i < from.size(); i++) {
                    long to = table.findOrAddKeyOf(other.table, from.get(i));
                    accumulators.merge(other.accumulators, from.get(i), to);
                }
            }
        }
    }

    /** Groups in the table, those without rows included. */
    public long size() {
        return table.size();
    }

    public boolean hasChanges() {
        return nextChange < changed.size();
    }

    @Override
    public long heldBytes() {
        return table.heldBytes() + accumulators.heldBytes() + emittedBytes.heldBytes();
    }

    TableSpec tableSpec() {
        return tableSpec;
    }

    @Override
    public KeptTable table() {
        return table;
    }

    @Override
    public GroupRowCodec codec() {
        return codec;
    }

    @Override
    public void clear() {
        if (!codec.isFlat()) {
            long cursor = 0;
            while (cursor >= 0) {
                found.clear();
                cursor = table.scan(cursor, 1024, found);
                for (int i = 0; i < found.size(); i++) {
                    codec.free(found.get(i));
                }
            }
        }
        table.clear();
        changed.clear();
        nextChange = 0;
    }

    /**
     * Lists those of up to {@code max} groups that changed, from the {@code from}th on, that may have more parts in a
     * tier.
     *
     * @return where to go on
     */
    int listParts(int from, int max, RowList parts) {
        int next = nextChange + from;
        int end = Math.min(changed.size(), next + max);
        for (; next < end; next++) {
            long row = changed.get(next);
            if ((Mem.getLong(row + flagsOffset) & WHOLE) == 0) {
                parts.add(row);
            }
        }
        return next - nextChange;
    }

    /** Adds what a tier had of these groups, given by their i64 addresses, and marks them as whole. */
    void absorb(TierLookup older, long rowsAddress, int count) {
        older.addTo(this, rowsAddress);
        for (int i = 0; i < count; i++) {
            long row = Mem.getLong(rowsAddress + 8L * i);
            table.touch(row);
            Mem.putLong(row + flagsOffset, Mem.getLong(row + flagsOffset) | WHOLE);
        }
    }

    /**
     * Appends up to {@code max} groups, keys first, then results, and returns the cursor to go on from or -1. Begin
     * with 0. Rows are appended without weights, or with a weight of 1 when the builder has them.
     */
    public long appendAll(long cursor, int max, BatchBuilder output) {
        found.clear();
        long next = table.scan(cursor, max, found);
        if (retracting && !total) {
            keepGroupsWithRows();
        }
        appendRows(found.address(), found.size(), output);
        return next;
    }

    private void keepGroupsWithRows() {
        int kept = 0;
        for (int i = 0; i < found.size(); i++) {
            long row = found.get(i);
            if (hasRows(row)) {
                Mem.putLong(found.address() + 8L * kept++, row);
            }
        }
        found.setSize(kept);
    }

    private boolean hasRows(long row) {
        if (!retracting) {
            return true;
        }
        long count = AccumulatorRow.rowCount(row);
        if (count < 0) {
            throw new MillraceException(
                    ErrorCode.CONTRACT_BROKEN, "a group has " + count + " rows: more were taken away than added");
        }
        return count > 0 || total;
    }

    private void appendRows(long rowsAddress, int count, BatchBuilder output) {
        appendKeys(rowsAddress, count, output);
        for (int k = 0; k < calls.size(); k++) {
            accumulators.append(k, rowsAddress, count, output.column(keyCount + k));
        }
        if (output.isWeighted()) {
            for (int i = 0; i < count; i++) {
                output.weights().appendLong(1);
            }
        }
    }

    private void appendKeys(long rowsAddress, int count, BatchBuilder output) {
        ColumnBuilder[] keys = new ColumnBuilder[keyCount];
        for (int k = 0; k < keyCount; k++) {
            keys[k] = output.column(k);
        }
        if (keyCount > 0) {
            table.appendKeys(rowsAddress, count, keys);
        }
    }

    /**
     * Appends what changed since the last time, old rows with weight -1 and new ones with weight 1, for up to {@code
     * max} groups. Returns whether there is more.
     */
    public boolean appendChanges(int max, BatchBuilder output) {
        return appendChanges(max, output, false);
    }

    /**
     * As the other.
     *
     * @param overOthers whether a tier has rows of these keys: a group that is gone must hide them
     */
    boolean appendChanges(int max, BatchBuilder output, boolean overOthers) {
        int count = Math.min(max, changed.size() - nextChange);
        long first = changed.address() + 8L * nextChange;
        Column[] results = new Column[calls.size()];
        try {
            for (int k = 0; k < results.length; k++) {
                try (ColumnBuilder builder =
                        new ColumnBuilder(allocator, MemoryTag.STATE, calls.get(k).type(), count)) {
                    accumulators.append(k, first, count, builder);
                    results[k] = builder.build();
                }
            }
            for (int i = 0; i < count; i++) {
                appendChange(first + 8L * i, results, i, output, overOthers);
            }
        } finally {
            for (Column column : results) {
                if (column != null) {
                    column.release();
                }
            }
        }
        nextChange += count;
        if (nextChange < changed.size()) {
            return true;
        }
        changed.clear();
        nextChange = 0;
        return false;
    }

    private void appendChange(long rowAddress, Column[] results, int index, BatchBuilder output, boolean overOthers) {
        long row = Mem.getLong(rowAddress);
        table.touch(row);
        long flags = Mem.getLong(row + flagsOffset);
        long stored = row + flagsOffset + 8;
        boolean wasEmitted = (flags & EMITTED) != 0;
        boolean exists = hasRows(row);
        if (wasEmitted && exists && emitted.same(stored, results, index)) {
            Mem.putLong(row + flagsOffset, flags & WHOLE | EMITTED);
            return;
        }
        if (wasEmitted) {
            appendKeys(rowAddress, 1, output);
            for (int k = 0; k < results.length; k++) {
                emitted.append(stored, k, output.column(keyCount + k));
            }
            output.weights().appendLong(-1);
        }
        if (exists) {
            appendKeys(rowAddress, 1, output);
            for (int k = 0; k < results.length; k++) {
                output.column(keyCount + k).append(results[k], index);
            }
            output.weights().appendLong(1);
            emitted.store(stored, results, index);
            Mem.putLong(row + flagsOffset, flags & WHOLE | EMITTED);
        } else {
            codec.free(row);
            if (overOthers) {
                Mem.fill(row, table.valueBytes(), (byte) 0);
                Mem.putLong(row + flagsOffset, WHOLE);
            } else {
                table.remove(row);
            }
        }
    }

    @Override
    public void close() {
        table.close();
        accumulators.close();
        emittedBytes.close();
        found.close();
        changed.close();
        if (weights != null) {
            weights.release();
            weights = null;
        }
    }
}
