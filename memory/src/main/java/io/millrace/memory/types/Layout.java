package io.millrace.memory.types;

/** The physical form of one value in a flat column. */
public enum Layout {
    BOOL8(1),
    I8(1),
    I16(2),
    I32(4),
    I64(8),
    F32(4),
    F64(8),
    /** Two little-endian words, low first, two's complement. */
    I128(16),
    /** Arrow's binary view. */
    VIEW(16),
    /** i64 microseconds, i32 nanoseconds of the microsecond (0..999), i32 zero. */
    NANOS(16),
    /** i32 offsets into one child column; a column of n rows has n + 1 of them. */
    LIST(4),
    /** No values of its own; one child column a field. */
    STRUCT(0);

    private final int widthBytes;

    Layout(int widthBytes) {
        this.widthBytes = widthBytes;
    }

    /** Bytes one value takes in the values buffer. */
    public int widthBytes() {
        return widthBytes;
    }
}
