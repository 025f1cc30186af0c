package io.millrace.storage;

import java.nio.ByteBuffer;

/** A file that is being written, from its start to its end. One thread; close it. */
public interface WritableFile extends AutoCloseable {
    /** Appends what remains in the buffer. */
    void write(ByteBuffer bytes);

    /** Bytes written so far. */
    long lengthBytes();

    /** Returns when what was written survives a crash of the machine. */
    void sync();

    /** Closes it; what was not synced may be lost in a crash. Idempotent. */
    @Override
    void close();
}
