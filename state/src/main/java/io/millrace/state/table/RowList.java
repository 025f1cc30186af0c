package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;

/** An off-heap list of row addresses that grows. One thread; closing frees it. */
public final class RowList implements AutoCloseable {
    private final Allocator allocator;
    private final int firstCapacity;
    private Buffer buffer;
    private long address;
    private int capacity;
    private int size;

    /** A list that allocates, at its first row, for this many. */
    public RowList(Allocator allocator, int capacity) {
        this.allocator = allocator;
        this.firstCapacity = Math.max(8, capacity);
    }

    /** Makes room for this many addresses in all; {@link #address} may change. */
    public void reserve(int wanted) {
        if (wanted <= capacity) {
            return;
        }
        int newCapacity = Math.max(wanted, Math.max(firstCapacity, capacity * 2));
        Buffer grown = allocator.allocate(MemoryTag.STATE, 8L * newCapacity);
        if (buffer != null) {
            Mem.copy(address, grown.address(), 8L * size);
            buffer.release();
        }
        buffer = grown;
        address = grown.address();
        capacity = newCapacity;
    }

    public void add(long row) {
        if (size == capacity) {
            reserve(size + 1);
        }
        Mem.putLong(address + 8L * size++, row);
    }

    public long get(int index) {
        return Mem.getLong(address + 8L * index);
    }

    public int size() {
        return size;
    }

    /** Where the i64 addresses lie; 0 when there never were any. */
    public long address() {
        return address;
    }

    public void setSize(int newSize) {
        reserve(newSize);
        size = newSize;
    }

    public void clear() {
        size = 0;
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
            capacity = 0;
            size = 0;
        }
    }
}
