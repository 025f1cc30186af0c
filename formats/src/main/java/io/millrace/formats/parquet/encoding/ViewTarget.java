package io.millrace.formats.parquet.encoding;

import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.View;
import java.util.Arrays;

/** The data buffers of a column of views while it is being made. Holds each of them once until they are taken. */
public final class ViewTarget {
    private Buffer[] buffers = new Buffer[4];
    private int count;

    /** The index of a buffer that views may point into; retained when it is new. */
    public int indexOf(Buffer buffer) {
        for (int i = count - 1; i >= 0; i--) {
            if (buffers[i] == buffer) {
                return i;
            }
        }
        return take(buffer.retain());
    }

    /** Takes one hold of a new buffer. */
    int take(Buffer buffer) {
        if (count == buffers.length) {
            buffers = Arrays.copyOf(buffers, 2 * count);
        }
        buffers[count] = buffer;
        return count++;
    }

    /** The buffers and the holds of them. */
    public Buffer[] takeAll() {
        Buffer[] all = Arrays.copyOf(buffers, count);
        Arrays.fill(buffers, 0, count, null);
        count = 0;
        return all;
    }

    public long[] addresses() {
        long[] addresses = new long[count];
        for (int i = 0; i < count; i++) {
            addresses[i] = buffers[i].address();
        }
        return addresses;
    }

    public void release() {
        for (Buffer buffer : takeAll()) {
            buffer.release();
        }
    }

    /** Writes a view of bytes in a buffer. Reads up to 12 bytes from {@code from} on, whatever the length. */
    static void put(long view, long from, int lengthBytes, int buffer, int offset) {
        if (lengthBytes > View.INLINE_BYTES) {
            Mem.putLong(view, lengthBytes & 0xffffffffL | (long) Mem.getInt(from) << 32);
            Mem.putLong(view + 8, buffer & 0xffffffffL | (long) offset << 32);
        } else {
            long low = lengthBytes >= 4 ? -1L : (1L << 8 * lengthBytes) - 1;
            long high = lengthBytes >= 12 ? -1L : lengthBytes <= 4 ? 0 : (1L << 8 * (lengthBytes - 4)) - 1;
            Mem.putLong(view, lengthBytes | (Mem.getInt(from) & low) << 32);
            Mem.putLong(view + 8, Mem.getLong(from + 4) & high);
        }
    }
}
