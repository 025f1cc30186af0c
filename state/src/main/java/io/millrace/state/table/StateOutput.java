package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;

/** Off-heap bytes that grow, little-endian. One thread; close it. */
public final class StateOutput implements AutoCloseable {
    private final Allocator allocator;
    private Buffer buffer;
    private long address;
    private long capacity;
    private long size;

    public StateOutput(Allocator allocator, int capacityBytes) {
        this.allocator = allocator;
        this.buffer = allocator.allocate(MemoryTag.STATE, Math.max(64, capacityBytes));
        this.address = buffer.address();
        this.capacity = buffer.capacityBytes();
    }

    /** Makes room, so that the next so many bytes move nothing. */
    public void reserve(long bytes) {
        if (capacity - size >= bytes) {
            return;
        }
        Buffer larger = allocator.allocate(MemoryTag.STATE, Math.max(size + bytes, 2 * capacity));
        Mem.copy(address, larger.address(), size);
        buffer.release();
        buffer = larger;
        address = larger.address();
        capacity = larger.capacityBytes();
    }

    public void putByte(int value) {
        reserve(1);
        Mem.putByte(address + size++, (byte) value);
    }

    public void putInt(int value) {
        reserve(4);
        Mem.putInt(address + size, value);
        size += 4;
    }

    public void putLong(long value) {
        reserve(8);
        Mem.putLong(address + size, value);
        size += 8;
    }

    public void putBytes(long from, int lengthBytes) {
        reserve(lengthBytes);
        Mem.copy(from, address + size, lengthBytes);
        size += lengthBytes;
    }

    /** Seven bits a byte, least first. */
    public void putVarint(int value) {
        reserve(5);
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            Mem.putByte(address + size++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        Mem.putByte(address + size++, (byte) rest);
    }

    /** Room for bytes that the caller writes, until the next put. */
    public long advance(int lengthBytes) {
        reserve(lengthBytes);
        long at = address + size;
        size += lengthBytes;
        return at;
    }

    /** Off-heap bytes held. */
    public long capacityBytes() {
        return capacity;
    }

    /** Where the bytes begin, until the next put. */
    public long address() {
        return address;
    }

    public long sizeBytes() {
        return size;
    }

    /** Forgets what lies behind this many bytes. */
    public void truncate(long bytes) {
        size = bytes;
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
