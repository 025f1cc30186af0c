package io.millrace.storage;

import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A file that is being written, from its start to its end. One thread; close it. */
public interface WritableFile extends AutoCloseable {
    /** Appends what remains in the buffer. */
    void write(ByteBuffer bytes);

    /** Bytes written so far. */
    long lengthBytes();

    /** Returns when what was written survives a crash of the machine. */
    void sync();

    /** A view of it for libraries that want a stream; closing the stream does nothing. */
    default OutputStream stream() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                WritableFile.this.write(ByteBuffer.wrap(new byte[] {(byte) b}));
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                WritableFile.this.write(ByteBuffer.wrap(bytes, from, length));
            }
        };
    }

    /** Closes it; what was not synced may be lost in a crash. Idempotent. */
    @Override
    void close();
}
