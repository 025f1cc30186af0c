package io.millrace.formats.parquet.footer;

/** Parquet's compression codecs, in the order of their codes. */
public enum Codec {
    UNCOMPRESSED,
    SNAPPY,
    GZIP,
    LZO,
    BROTLI,
    /** LZ4 in Hadoop's framing; deprecated. */
    LZ4,
    ZSTD,
    LZ4_RAW;

    private static final Codec[] ALL = values();

    static Codec of(int code, ChunkLocation where) {
        if (code < 0 || code >= ALL.length) {
            throw where.corrupt("expected a codec from 0 to 7, found " + code);
        }
        return ALL[code];
    }
}
