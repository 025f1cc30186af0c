package io.millrace.formats.parquet.footer;

/** Parquet's physical types, in the order of their codes. */
public enum PhysicalType {
    BOOLEAN(0),
    INT32(4),
    INT64(8),
    INT96(12),
    FLOAT(4),
    DOUBLE(8),
    BYTE_ARRAY(0),
    FIXED_LEN_BYTE_ARRAY(0);

    private static final PhysicalType[] ALL = values();

    private final int widthBytes;

    PhysicalType(int widthBytes) {
        this.widthBytes = widthBytes;
    }

    /** Bytes of a PLAIN value; 0 where they depend on the column or value. */
    int widthBytes() {
        return widthBytes;
    }

    static PhysicalType of(int code, ChunkLocation where) {
        if (code < 0 || code >= ALL.length) {
            throw where.corrupt("expected a physical type from 0 to 7, found " + code);
        }
        return ALL[code];
    }
}
