package io.millrace.state;

import io.millrace.memory.buffer.Mem;
import io.millrace.state.table.ByteHeap;
import io.millrace.state.table.RowCodec;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;

/**
 * Rows of 16 bytes for tests: i64 address of a heap piece that holds an i64, 0 for none, and an i64 that is not kept.
 */
record HeapRowCodec(ByteHeap heap) implements RowCodec {
    static void put(ByteHeap heap, long row, long value) {
        if (Mem.getLong(row) == 0) {
            Mem.putLong(row, heap.allocate(8));
        }
        Mem.putLong(Mem.getLong(row), value);
    }

    static long get(long row) {
        return Mem.getLong(row) == 0 ? 0 : Mem.getLong(Mem.getLong(row));
    }

    @Override
    public String layout() {
        return "boxed";
    }

    @Override
    public boolean isFlat() {
        return false;
    }

    @Override
    public void write(long row, StateOutput output) {
        output.putLong(get(row));
    }

    @Override
    public void read(StateInput input, long row) {
        put(heap, row, input.getLong());
    }

    @Override
    public void free(long row) {
        if (Mem.getLong(row) != 0) {
            heap.free(Mem.getLong(row), 8);
            Mem.putLong(row, 0);
        }
    }

    @Override
    public void merge(long from, long to) {
        put(heap, to, get(from) + get(to));
    }
}
