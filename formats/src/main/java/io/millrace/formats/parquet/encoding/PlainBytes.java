package io.millrace.formats.parquet.encoding;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.memory.buffer.Mem;

/** PLAIN byte arrays: an i32 length before each; views point into the page. */
public final class PlainBytes implements ViewDecoder {
    private final ChunkLocation where;
    private ByteSlice page;
    private long at;

    public PlainBytes(ChunkLocation where) {
        this.where = where;
    }

    @Override
    public void start(ByteSlice values, int valueCount) {
        page = values;
        at = values.address();
    }

    @Override
    public void next(int count, long views, ViewTarget target) {
        int buffer = target.indexOf(page.holder());
        long base = page.holder().address();
        long end = page.end();
        long from = at;
        for (int i = 0; i < count; i++) {
            int length = end - from < 4 ? -1 : Mem.getInt(from);
            from += 4;
            if (length < 0 || length > end - from) {
                throw where.corrupt(
                        "a value of " + length + " bytes with " + Math.max(0, end - from) + " left in the page");
            }
            ViewTarget.put(views + 16L * i, from, length, buffer, (int) (from - base));
            from += length;
        }
        at = from;
    }
}
