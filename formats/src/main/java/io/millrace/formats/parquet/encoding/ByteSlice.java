package io.millrace.formats.parquet.encoding;

import io.millrace.memory.buffer.Buffer;

/** A run of bytes and one hold of the buffer they lie in; whoever has it releases it. */
public record ByteSlice(Buffer holder, long address, int lengthBytes) {
    /** Readable bytes, whatever they hold, that follow every run: decoders read whole words. */
    public static final int PADDING_BYTES = 64;

    public long end() {
        return address + lengthBytes;
    }

    /** Where it begins in its buffer. */
    int offset() {
        return (int) (address - holder.address());
    }

    public void release() {
        holder.release();
    }
}
