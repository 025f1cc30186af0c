package io.millrace.formats.parquet.encoding;

/** Gives the values of a page that have one width, a slice at a time. One thread. */
public sealed interface FixedDecoder permits PlainFixed, DeltaFixed, StreamSplit, FixedFromViews {
    /** The most values a call of {@link #next} may ask for. */
    int SLICE = 1024;

    /** Begins the values of a page; {@code valueCount} is how many there are at most. */
    void start(ByteSlice values, int valueCount);

    /** Where the next {@code count} values lie together, each of the physical width; until the next call. */
    long next(int count);
}
