package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.state.table.ByteHeap;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;

/**
 * MIN and MAX of VARCHAR and BINARY that are only added, in unsigned order of the bytes: i64 address of a piece of the
 * heap (0 for none), i32 length, i32 length of the piece.
 */
final class BytesExtremum implements Accumulator {
    private final boolean max;
    private final ByteHeap heap;

    BytesExtremum(boolean max, ByteHeap heap) {
        this.max = max;
        this.heap = heap;
    }

    @Override
    public int bytes() {
        return 16;
    }

    @Override
    public String layout() {
        return max ? "max:bytes" : "min:bytes";
    }

    @Override
    public boolean isFlat() {
        return false;
    }

    /** The length and one, 0 for none; then the bytes. */
    @Override
    public void write(long address, StateOutput output) {
        long held = Mem.getLong(address);
        if (held == 0) {
            output.putVarint(0);
        } else {
            output.putVarint(Mem.getInt(address + 8) + 1);
            output.putBytes(held, Mem.getInt(address + 8));
        }
    }

    @Override
    public void read(StateInput input, long address) {
        int length = input.getVarint() - 1;
        if (length >= 0) {
            offer(address, input.skip(length), length);
        }
    }

    @Override
    public void update(Column argument, RowSet rows, int offset) {
        for (int i = 0; i < rows.count; i++) {
            int row = rows.row(i);
            offer(rows.target(i) + offset, argument.getBytesAddress(row), argument.getBytesLength(row));
        }
    }

    @Override
    public void updateOne(Column argument, RowSet rows, long address) {
        for (int i = 0; i < rows.count; i++) {
            int row = rows.row(i);
            offer(address, argument.getBytesAddress(row), argument.getBytesLength(row));
        }
    }

    private void offer(long at, long bytes, int length) {
        long held = Mem.getLong(at);
        if (held != 0) {
            int order = Mem.compareBytes(bytes, length, held, Mem.getInt(at + 8));
            if (max ? order <= 0 : order >= 0) {
                return;
            }
        }
        if (held == 0 || Mem.getInt(at + 12) < length) {
            remove(at);
            int room = Math.max(8, length + length / 2);
            held = heap.allocate(room);
            Mem.putLong(at, held);
            Mem.putInt(at + 12, room);
        }
        Mem.copy(bytes, held, length);
        Mem.putInt(at + 8, length);
    }

    @Override
    public void remove(long address) {
        if (Mem.getLong(address) != 0) {
            heap.free(Mem.getLong(address), Mem.getInt(address + 12));
            Mem.putLong(address, 0);
        }
    }

    @Override
    public void merge(Accumulator source, long from, long to) {
        if (Mem.getLong(from) != 0) {
            offer(to, Mem.getLong(from), Mem.getInt(from + 8));
        }
    }

    @Override
    public void append(long rowsAddress, int count, int offset, ColumnBuilder results) {
        for (int i = 0; i < count; i++) {
            long at = Mem.getLong(rowsAddress + 8L * i) + offset;
            if (Mem.getLong(at) == 0) {
                results.appendNull();
            } else {
                results.appendBytes(Mem.getLong(at), Mem.getInt(at + 8));
            }
        }
    }
}
