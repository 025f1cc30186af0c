package io.millrace.formats.parquet.footer;

/** Parquet's encodings, in the order of their codes. */
public enum PageEncoding {
    PLAIN,
    /** Never used by any writer. */
    RESERVED,
    PLAIN_DICTIONARY,
    RLE,
    BIT_PACKED,
    DELTA_BINARY_PACKED,
    DELTA_LENGTH_BYTE_ARRAY,
    DELTA_BYTE_ARRAY,
    RLE_DICTIONARY,
    BYTE_STREAM_SPLIT;

    private static final PageEncoding[] ALL = values();

    public boolean isDictionary() {
        return this == PLAIN_DICTIONARY || this == RLE_DICTIONARY;
    }

    public static PageEncoding of(int code, ChunkLocation where) {
        if (code < 0 || code >= ALL.length) {
            throw where.corrupt("expected an encoding from 0 to 9, found " + code);
        }
        return ALL[code];
    }
}
