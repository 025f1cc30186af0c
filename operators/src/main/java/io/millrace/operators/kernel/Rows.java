package io.millrace.operators.kernel;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;

/**
 * Some rows of a batch, ascending: what is to be computed. Either the first {@link #count} rows, or i32 indices at
 * {@link #address}, which may lie in a buffer of its own that {@link #close} frees. One thread.
 */
public final class Rows implements AutoCloseable {
    private final long address;
    private int count;
    private Buffer owned;

    private Rows(long address, int count, Buffer owned) {
        this.address = address;
        this.count = count;
        this.owned = owned;
    }

    /** The first rows. */
    public static Rows first(int count) {
        return new Rows(0, count, null);
    }

    /** A view of indices; the first rows when the address is 0. */
    public static Rows view(long address, int count) {
        return new Rows(address, count, null);
    }

    /** Room for indices, none yet; the caller writes them at {@link #address} and says {@link #setCount}. */
    public static Rows allocate(Allocator allocator, int capacityRows) {
        Buffer buffer = allocator.allocate(MemoryTag.BATCH, 4L * Math.max(1, capacityRows));
        return new Rows(buffer.address(), 0, buffer);
    }

    /** Where the indices lie; 0 for the first rows. */
    public long address() {
        return address;
    }

    public int count() {
        return count;
    }

    public void setCount(int newCount) {
        count = newCount;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Whether these are the first rows, without indices. */
    public boolean isDense() {
        return address == 0;
    }

    /** The row at a position. */
    public int row(int position) {
        return address == 0 ? position : Mem.getInt(address + 4L * position);
    }

    /** Appends an index; only of {@link #allocate}d rows. */
    public void add(int row) {
        Mem.putInt(address + 4L * count, row);
        count++;
    }

    /** Takes the buffer away: the caller owns it. */
    public Buffer takeBuffer() {
        Buffer taken = owned;
        owned = null;
        return taken;
    }

    @Override
    public void close() {
        if (owned != null) {
            owned.release();
            owned = null;
        }
    }
}
