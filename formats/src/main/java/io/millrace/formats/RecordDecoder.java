package io.millrace.formats;

import io.millrace.memory.batch.BatchBuilder;
import java.nio.ByteBuffer;

/**
 * Turns records into rows. A decoder knows which columns of the builder are its own ({@link FormatRequest#columns()});
 * columns beside them (metadata) are the caller's to append, once a row. Bytes are copied, never referred to. One
 * thread.
 *
 * <p>A record that cannot be decoded leaves its columns as they were, and the reason is returned: decoding never throws
 * for what lies in a record.
 */
public interface RecordDecoder extends AutoCloseable {
    /** Bytes past the end of a record given by address that must be readable, whatever they hold. */
    int PADDING_BYTES = 64;

    /**
     * Appends the record's row; most formats append one, a changelog format up to two.
     *
     * @param address the record's bytes, followed by {@link #PADDING_BYTES} that may be read
     * @return null when it was appended, else what was expected and found, in one line
     */
    String decode(long address, int lengthBytes, BatchBuilder rows);

    /** As {@link #decode(long, int, BatchBuilder)}, of bytes on the heap. */
    String decode(byte[] bytes, int from, int lengthBytes, BatchBuilder rows);

    /** As {@link #decode(long, int, BatchBuilder)}, of what remains in the buffer, whose position does not move. */
    String decode(ByteBuffer record, BatchBuilder rows);

    /**
     * Takes the header of a file, where the format has one: from now on fields are where it says.
     *
     * @return null when it was taken, else what was expected and found
     */
    default String header(long address, int lengthBytes) {
        return null;
    }

    /** Frees scratch. Idempotent. */
    @Override
    void close();
}
