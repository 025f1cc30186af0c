package io.millrace.state.checkpoint;

/**
 * A file of a checkpoint.
 *
 * @param name by content, relative to the store's directory of files; never the name of two contents
 * @param crc32c of all its bytes
 */
public record CheckpointFile(String name, long lengthBytes, int crc32c) {}
