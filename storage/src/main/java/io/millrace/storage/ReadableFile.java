package io.millrace.storage;

/** An open file, read by position. Thread-safe where it says so; close it. */
public interface ReadableFile extends AutoCloseable {
    /**
     * Reads exactly this many bytes to an address; CORRUPT_DATA when the file ends before. May be called by several
     * threads at once.
     */
    void read(long offset, long toAddress, int lengthBytes);

    @Override
    void close();
}
