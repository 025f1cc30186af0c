package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.state.table.RowList;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;

/**
 * An aggregate over distinct values: i64 head of a {@link ValueBag}, then another accumulator, which is told when a
 * value begins to occur and when it ceases to.
 */
final class DistinctAccumulator implements Accumulator {
    private final Allocator allocator;
    private final Accumulator over;
    private final ValueBag bag;
    private final RowList counts;
    private final RowSet changes = new RowSet();

    DistinctAccumulator(Allocator allocator, DataType valueType, Accumulator over) {
        this.allocator = allocator;
        this.over = over;
        this.bag = new ValueBag(allocator, valueType);
        this.counts = new RowList(allocator, 16);
    }

    @Override
    public int bytes() {
        return 8 + over.bytes();
    }

    @Override
    public String layout() {
        return "distinct(" + bag.layout() + "," + over.layout() + ")";
    }

    @Override
    public boolean isFlat() {
        return false;
    }

    @Override
    public void write(long address, StateOutput output) {
        bag.write(address, output);
        over.write(address + 8, output);
    }

    @Override
    public void read(StateInput input, long address) {
        bag.read(input, address);
        over.read(input, address + 8);
    }

    @Override
    public void update(Column argument, RowSet rows, int offset) {
        int count = rows.count;
        if (count == 0) {
            return;
        }
        RowList entries = bag.find(argument, rows, offset);
        Buffer scratch = allocator.allocate(MemoryTag.STATE, 20L * count);
        try {
            long targets = scratch.address();
            long weights = targets + 8L * count;
            long selection = weights + 8L * count;
            int changed = 0;
            for (int i = 0; i < count; i++) {
                long entry = entries.get(i);
                long before = ValueBag.count(entry);
                ValueBag.add(entry, rows.weight(i), rows.target(i) + offset);
                long after = ValueBag.count(entry);
                if (before > 0 != after > 0) {
                    Mem.putLong(targets + 8L * changed, rows.target(i));
                    Mem.putLong(weights + 8L * changed, after > 0 ? 1 : -1);
                    Mem.putInt(selection + 4L * changed, rows.row(i));
                    changed++;
                }
            }
            changes.selection = selection;
            changes.count = changed;
            changes.rows = targets;
            changes.weights = weights;
            over.update(argument, changes, offset + 8);
            if (rows.weights != 0) {
                bag.removeAbsent(entries);
            }
        } finally {
            scratch.release();
        }
    }

    @Override
    public void remove(long address) {
        bag.clear(address);
        over.remove(address + 8);
    }

    @Override
    public void updateOne(Column argument, RowSet rows, long address) {
        OneRow.update(this, allocator, argument, rows, address);
    }

    @Override
    public void merge(Accumulator source, long from, long to) {
        try (Released values = new Released(((DistinctAccumulator) source).bag.values(from, counts, true))) {
            RowSet all = new RowSet();
            all.count = values.column().rowCount();
            all.weights = counts.address();
            OneRow.update(this, allocator, values.column(), all, to);
        }
    }

    @Override
    public void append(long rowsAddress, int count, int offset, ColumnBuilder results) {
        over.append(rowsAddress, count, offset + 8, results);
    }

    @Override
    public long heldBytes() {
        return bag.heldBytes();
    }

    @Override
    public void close() {
        bag.close();
        counts.close();
        over.close();
    }
}
