package io.millrace.formats.parquet;

import io.millrace.memory.buffer.Buffer;

/** A run of bytes and one hold of the buffer they lie in; whoever has it releases it. */
record ByteSlice(Buffer holder, long address, int lengthBytes) {
    long end() {
        return address + lengthBytes;
    }

    /** Where it begins in its buffer. */
    int offset() {
        return (int) (address - holder.address());
    }

    void release() {
        holder.release();
    }
}
