package io.millrace.connectors.api;

import java.nio.ByteBuffer;

/**
 * Files that are stored with checkpoints, for what a sink must not lose before it is visible. A file lives for as long
 * as a checkpoint has it in its {@link Prepared#files}. Thread-safe; methods block, so they are called on I/O threads.
 */
public interface CheckpointFiles {
    /** Stores what remains in the buffer; it survives a crash when this returns. The name tells the content. */
    String write(ByteBuffer content);

    /** All of a file; CORRUPT_DATA when it is not what was written. */
    byte[] read(String name);
}
