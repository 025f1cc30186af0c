package io.millrace.formats.parquet.encoding;

import io.millrace.formats.parquet.footer.ChunkLocation;

/** PLAIN values of one width: they lie in the page as they are. */
public final class PlainFixed implements FixedDecoder {
    private final int widthBytes;
    private final ChunkLocation where;
    private long at;
    private long end;

    public PlainFixed(int widthBytes, ChunkLocation where) {
        this.widthBytes = widthBytes;
        this.where = where;
    }

    @Override
    public void start(ByteSlice values, int valueCount) {
        at = values.address();
        end = values.end();
    }

    @Override
    public long next(int count) {
        long values = at;
        long bytes = (long) count * widthBytes;
        if (bytes > end - at) {
            throw where.corrupt(
                    "expected "
                            + count
                            + " further values of "
                            + widthBytes
                            + " bytes, found "
                            + (end - at)
                            + " bytes");
        }
        at += bytes;
        return values;
    }
}
