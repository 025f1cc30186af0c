package io.millrace.state;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Registered values that are some numbers: i8 version 1, then i64 each, little-endian. */
public final class StateLongs {
    private static final byte VERSION = 1;

    private StateLongs() {}

    public static byte[] encode(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(1 + 8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(VERSION);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    /** What {@link #encode} was given, so many; CORRUPT_DATA when the bytes are others. */
    public static long[] decode(byte[] encoded, int count) {
        if (encoded.length != 1 + 8 * count || encoded[0] != VERSION) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA,
                    "expected " + count + " numbers of state, found " + encoded.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        bytes.get();
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = bytes.getLong();
        }
        return values;
    }
}
