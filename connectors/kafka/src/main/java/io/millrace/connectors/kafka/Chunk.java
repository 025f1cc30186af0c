package io.millrace.connectors.kafka;

import io.millrace.formats.EncodedBytes;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records that go out in one transaction, as they are stored with a checkpoint. Numbers are big endian:
 *
 * <pre>
 *   u8 version (1), then per record:
 *   i32 partition, -1 when the client chooses | i32 key length, -1 for none | key
 *   i32 value length, -1 for a tombstone | value
 * </pre>
 */
final class Chunk {
    private static final byte VERSION = 1;

    private Chunk() {}

    static void begin(EncodedBytes out) {
        out.putByte(VERSION);
    }

    static void add(EncodedBytes out, int partition, byte[] key, long valueAddress, int valueBytes) {
        putInt(out, partition);
        putInt(out, key == null ? -1 : key.length);
        if (key != null) {
            out.putBytes(key);
        }
        putInt(out, valueBytes);
        if (valueBytes > 0) {
            out.putBytes(valueAddress, valueBytes);
        }
    }

    private static void putInt(EncodedBytes out, int value) {
        out.putByte(value >>> 24);
        out.putByte(value >>> 16);
        out.putByte(value >>> 8);
        out.putByte(value);
    }

    /** Gives each record of a stored chunk. */
    static void read(byte[] stored, String topic, Consumer<ProducerRecord<byte[], byte[]>> records) {
        ByteBuffer in = ByteBuffer.wrap(stored);
        try {
            byte version = in.get();
            if (version != VERSION) {
                throw new MillraceException(
                        ErrorCode.UNSUPPORTED,
                        "expected stored output of version " + VERSION + ", found version " + version);
            }
            while (in.hasRemaining()) {
                int partition = in.getInt();
                byte[] key = bytes(in);
                records.accept(new ProducerRecord<>(topic, partition < 0 ? null : partition, key, bytes(in)));
            }
        } catch (BufferUnderflowException cut) {
            throw new MillraceException(ErrorCode.CORRUPT_DATA, "stored output ends within a record", cut);
        }
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
