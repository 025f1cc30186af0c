package io.millrace.connectors.kafka;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.ByteBuffer;

/**
 * How far a sink's commits came, as the last record of its key in the progress topic says; it is written in the
 * transaction of the chunk that it names. Big endian: {@code u8 version (1) | i64 incarnation | i64 checkpoint | i32
 * chunk | i32 chunks of that checkpoint}.
 */
record SentProgress(long incarnation, long checkpoint, int chunk, int chunks) {
    /** Nothing was ever sent. */
    static final SentProgress NONE = new SentProgress(-1, -1, -1, 0);

    private static final byte VERSION = 1;

    /** As far, by another execution. */
    SentProgress of(long otherIncarnation) {
        return new SentProgress(otherIncarnation, checkpoint, chunk, chunks);
    }

    /** Whether all of the checkpoint was sent. */
    boolean isWhole() {
        return chunk + 1 == chunks;
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(1 + 2 * Long.BYTES + 2 * Integer.BYTES)
                .put(VERSION)
                .putLong(incarnation)
                .putLong(checkpoint)
                .putInt(chunk)
                .putInt(chunks)
                .array();
    }

    static SentProgress of(byte[] value, String topic) {
        if (value.length != 1 + 2 * Long.BYTES + 2 * Integer.BYTES || value[0] != VERSION) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA,
                    "topic "
                            + topic
                            + ": expected progress of version "
                            + VERSION
                            + ", found "
                            + value.length
                            + " bytes that begin with "
                            + (value.length == 0 ? "nothing" : value[0]));
        }
        ByteBuffer in = ByteBuffer.wrap(value, 1, value.length - 1);
        return new SentProgress(in.getLong(), in.getLong(), in.getInt(), in.getInt());
    }
}
