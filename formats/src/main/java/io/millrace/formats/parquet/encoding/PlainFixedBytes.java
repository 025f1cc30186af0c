package io.millrace.formats.parquet.encoding;

import io.millrace.formats.parquet.footer.ChunkLocation;

/** PLAIN values of a fixed length, as views into the page. */
public final class PlainFixedBytes implements ViewDecoder {
    private final int widthBytes;
    private final ChunkLocation where;
    private ByteSlice page;
    private long at;

    public PlainFixedBytes(int widthBytes, ChunkLocation where) {
        this.widthBytes = widthBytes;
        this.where = where;
    }

    @Override
    public void start(ByteSlice values, int valueCount) {
        page = values;
        at = values.address();
    }

    @Override
    public void next(int count, long views, ViewTarget target) {
        if ((long) count * widthBytes > page.end() - at) {
            throw where.corrupt(
                    "expected "
                            + count
                            + " further values of "
                            + widthBytes
                            + " bytes, found "
                            + (page.end() - at)
                            + " bytes");
        }
        int buffer = target.indexOf(page.holder());
        long base = page.holder().address();
        for (int i = 0; i < count; i++) {
            ViewTarget.put(views + 16L * i, at, widthBytes, buffer, (int) (at - base));
            at += widthBytes;
        }
    }
}
