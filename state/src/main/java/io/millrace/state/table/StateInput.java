package io.millrace.state.table;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;

/**
 * Reads what a {@link StateOutput} wrote; a read past the end is CORRUPT_DATA. One thread; the bytes are the caller's.
 */
public final class StateInput {
    private long at;
    private long end;

    /** Goes to these bytes. */
    public StateInput wrap(long address, long lengthBytes) {
        at = address;
        end = address + lengthBytes;
        return this;
    }

    private long take(long bytes) {
        if (bytes < 0 || bytes > end - at) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA, "expected " + bytes + " more bytes of state, found " + (end - at));
        }
        long from = at;
        at += bytes;
        return from;
    }

    public byte getByte() {
        return Mem.getByte(take(1));
    }

    public int getInt() {
        return Mem.getInt(take(4));
    }

    public long getLong() {
        return Mem.getLong(take(8));
    }

    public int getVarint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = getByte();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MillraceException(ErrorCode.CORRUPT_DATA, "expected a number of at most 5 bytes in state");
    }

    public void getBytes(long to, int lengthBytes) {
        Mem.copy(take(lengthBytes), to, lengthBytes);
    }

    /** Passes over bytes and says where they lie. */
    public long skip(int lengthBytes) {
        return take(lengthBytes);
    }

    public long remainingBytes() {
        return end - at;
    }
}
