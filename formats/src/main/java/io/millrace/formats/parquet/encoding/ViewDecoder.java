package io.millrace.formats.parquet.encoding;

/** Gives the values of a page as views, a slice at a time. One thread. */
public sealed interface ViewDecoder
        permits PlainBytes, DeltaLengthBytes, DeltaBytes, PlainFixedBytes, CopiedFixedBytes {
    /** Begins the values of a page, whose buffers the caller holds while they are read. */
    void start(ByteSlice values, int valueCount);

    /** Writes views of the next {@code count} values, at most {@link FixedDecoder#SLICE}. */
    void next(int count, long views, ViewTarget target);
}
