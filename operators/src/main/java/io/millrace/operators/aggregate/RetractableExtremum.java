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
 * MIN and MAX of values that may be taken away again: i64 head of a {@link ValueBag}. A result costs a walk over the
 * group's values, so it is asked for once an epoch and changed group.
 */
final class RetractableExtremum implements Accumulator {
    private final Allocator allocator;
    private final Accumulator plain;
    private final ValueBag bag;
    private final RowList counts;
    private Buffer scratch;

    /** Takes the accumulator that finds the extremum of values that are only added. */
    RetractableExtremum(Allocator allocator, DataType valueType, Accumulator plain) {
        this.allocator = allocator;
        this.plain = plain;
        this.bag = new ValueBag(allocator, valueType);
        this.counts = new RowList(allocator, 16);
    }

    @Override
    public int bytes() {
        return 8;
    }

    @Override
    public String layout() {
        return "retractable(" + bag.layout() + "," + plain.layout() + ")";
    }

    @Override
    public boolean isFlat() {
        return false;
    }

    @Override
    public void write(long address, StateOutput output) {
        bag.write(address, output);
    }

    @Override
    public void read(StateInput input, long address) {
        bag.read(input, address);
    }

    @Override
    public void update(Column argument, RowSet rows, int offset) {
        if (rows.count == 0) {
            return;
        }
        RowList entries = bag.find(argument, rows, offset);
        for (int i = 0; i < rows.count; i++) {
            ValueBag.add(entries.get(i), rows.weight(i), rows.target(i) + offset);
        }
    }

    @Override
    public void updateOne(Column argument, RowSet rows, long address) {
        OneRow.update(this, allocator, argument, rows, address);
    }

    @Override
    public void merge(Accumulator source, long from, long to) {
        try (Released values = new Released(((RetractableExtremum) source).bag.values(from, counts, true))) {
            RowSet all = new RowSet();
            all.count = values.column().rowCount();
            all.weights = counts.address();
            OneRow.update(this, allocator, values.column(), all, to);
        }
    }

    @Override
    public void append(long rowsAddress, int count, int offset, ColumnBuilder results) {
        if (scratch == null) {
            scratch = allocator.allocate(MemoryTag.STATE, 8L + plain.bytes());
        }
        long row = scratch.address() + 8;
        Mem.putLong(scratch.address(), row);
        for (int i = 0; i < count; i++) {
            Mem.fill(row, plain.bytes(), (byte) 0);
            long head = Mem.getLong(rowsAddress + 8L * i) + offset;
            try (Released values = new Released(bag.values(head, counts))) {
                RowSet all = new RowSet();
                all.count = values.column().rowCount();
                plain.updateOne(values.column(), all, row);
            }
            plain.append(scratch.address(), 1, 0, results);
            plain.remove(row);
        }
    }

    @Override
    public void remove(long address) {
        bag.clear(address);
    }

    @Override
    public long heldBytes() {
        return bag.heldBytes();
    }

    @Override
    public void close() {
        bag.close();
        counts.close();
        plain.close();
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
    }
}
