package io.millrace.formats;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.ByteBuffer;

/** Off-heap bytes that grow as they are written, charged to the budget. One thread; close it. */
public final class EncodedBytes implements AutoCloseable {
    private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

    private final Allocator allocator;
    private Buffer buffer;
    private long start;
    private int capacityBytes;
    private int lengthBytes;

    public EncodedBytes(Allocator allocator, int firstCapacityBytes) {
        this.allocator = allocator;
        this.buffer = allocator.allocate(MemoryTag.WRITE, Math.max(64, firstCapacityBytes));
        this.start = buffer.address();
        this.capacityBytes = (int) Math.min(MAX_BYTES, buffer.capacityBytes());
    }

    /** Where the next byte goes, with room for this many; void after the next reserve. Then {@link #advance}. */
    public long reserve(int bytes) {
        if (capacityBytes - lengthBytes < bytes) {
            grow(bytes);
        }
        return start + lengthBytes;
    }

    private void grow(int bytes) {
        long wanted = (long) lengthBytes + bytes;
        if (wanted > MAX_BYTES) {
            throw new MillraceException(
                    ErrorCode.OUT_OF_MEMORY, "expected at most " + MAX_BYTES + " encoded bytes, found " + wanted);
        }
        Buffer grown = allocator.allocate(MemoryTag.WRITE, Math.min(MAX_BYTES, Math.max(wanted, 2L * capacityBytes)));
        Mem.copy(start, grown.address(), lengthBytes);
        buffer.release();
        buffer = grown;
        start = grown.address();
        capacityBytes = (int) Math.min(MAX_BYTES, grown.capacityBytes());
    }

    /** Counts bytes that were written at the address {@link #reserve} gave. */
    public void advance(int bytes) {
        lengthBytes += bytes;
    }

    public void putByte(int value) {
        Mem.putByte(reserve(1), (byte) value);
        lengthBytes++;
    }

    /** Copies bytes. */
    public void putBytes(byte[] bytes) {
        Mem.copyIn(bytes, 0, reserve(bytes.length), bytes.length);
        lengthBytes += bytes.length;
    }

    /** Copies bytes. */
    public void putBytes(long fromAddress, int bytes) {
        Mem.copy(fromAddress, reserve(bytes), bytes);
        lengthBytes += bytes;
    }

    /** Copies the low byte of each character of a text that is known to be ASCII. */
    public void putAscii(String text) {
        long at = reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            Mem.putByte(at + i, (byte) text.charAt(i));
        }
        lengthBytes += text.length();
    }

    public int lengthBytes() {
        return lengthBytes;
    }

    /** Where the bytes lie; void after the next reserve. */
    public long address() {
        return start;
    }

    /** A view of the bytes, for a channel; void after the next reserve. */
    public ByteBuffer view() {
        return Mem.ALL.asSlice(start, lengthBytes).asByteBuffer();
    }

    public byte[] copy() {
        byte[] bytes = new byte[lengthBytes];
        Mem.copyOut(start, bytes, 0, lengthBytes);
        return bytes;
    }

    /** Forgets the bytes from this length on. */
    public void truncate(int newLengthBytes) {
        if (newLengthBytes < 0 || newLengthBytes > lengthBytes) {
            throw new IllegalArgumentException("expected 0 to " + lengthBytes + ", found " + newLengthBytes);
        }
        lengthBytes = newLengthBytes;
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
