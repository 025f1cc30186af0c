package io.millrace.scheduler.exchange;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.column.View;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;

/**
 * Collects chosen rows of columns into one. As long as all rows come from one dictionary only the indices are copied
 * and the column stays a dictionary column; with the first row from elsewhere it becomes flat. The bytes of strings are
 * shared with the column they come from when a good part of its rows is chosen, and copied when few would pin them all.
 * At most {@code capacityRows}.
 */
final class ColumnGatherer implements AutoCloseable {
    /** Strings are shared when at least one row in so many is chosen. */
    private static final int SHARED_ROWS_RATIO = 4;

    /** Fewer strings than these are copied: a batch of many small pieces would hold too many buffers. */
    private static final int MIN_SHARED_ROWS = 64;

    private final Allocator allocator;
    private final Layout layout;
    private final ColumnBuilder flat;
    private final int capacityRows;
    private Column dictionary;
    private Buffer indices;
    private Buffer validity;
    private int dictionaryRows;
    private int dictionaryNulls;

    ColumnGatherer(Allocator allocator, DataType type, int capacityRows) {
        this.allocator = allocator;
        this.capacityRows = capacityRows;
        this.layout = type.layout();
        this.flat = new ColumnBuilder(allocator, MemoryTag.BATCH, type, capacityRows);
    }

    /** Bytes of strings held outside their views. */
    long dataBytes() {
        return flat.dataBytes();
    }

    /** Copies the rows whose i32 indices lie at {@code rowsAddress}. */
    void gather(Column from, long rowsAddress, int count) {
        if (from.encoding() == Encoding.DICTIONARY && (dictionary == from.dictionary() || isEmpty())) {
            if (dictionary == null) {
                indices = allocator.allocate(MemoryTag.BATCH, 4L * capacityRows);
                dictionary = from.dictionary().retain();
            }
            gatherIndices(from, rowsAddress, count);
            return;
        }
        if (dictionary != null) {
            flatten();
        }
        gatherFlat(from, rowsAddress, count);
    }

    private void gatherFlat(Column from, long rowsAddress, int count) {
        if (from.encoding() == Encoding.CONSTANT || !isBulk(from.valueColumn(), count)) {
            flat.gather(from, rowsAddress, count);
            return;
        }
        int before = flat.rowCount();
        if (from.encoding() == Encoding.FLAT) {
            copyValues(from, rowsAddress, count);
        } else {
            Buffer entries = allocator.allocate(MemoryTag.BATCH, 4L * count);
            copyInts(from.valuesAddress(), rowsAddress, count, entries.address());
            copyValues(from.dictionary(), entries.address(), count);
            entries.release();
        }
        int nulls = 0;
        if (from.hasNulls()) {
            nulls = copyNulls(from.validityAddress(), rowsAddress, count, flat.validityAddress(), before);
            if (from.encoding() == Encoding.DICTIONARY) {
                zeroNulls(before, count);
            }
        }
        flat.advance(count, nulls);
    }

    /** Whether so many values are copied, or shared, all at once. */
    private boolean isBulk(Column values, int count) {
        return switch (layout) {
            case VIEW -> count >= MIN_SHARED_ROWS && count >= values.rowCount() / SHARED_ROWS_RATIO;
            case LIST, STRUCT -> false;
            default -> true;
        };
    }

    /** Copies values, or shares them, behind those there are, without counting them. */
    private void copyValues(Column values, long rowsAddress, int count) {
        flat.reserve(count);
        int width = layout.widthBytes();
        long to = flat.valuesAddress() + (long) flat.rowCount() * width;
        if (layout == Layout.VIEW) {
            copyViews(values.valuesAddress(), rowsAddress, count, to, shareData(values));
        } else {
            copyFixed(values.valuesAddress(), rowsAddress, count, to, width);
        }
    }

    /** The index under a null of a dictionary column leads to a value; the value under a null is zero. */
    private void zeroNulls(int firstRow, int count) {
        int width = layout.widthBytes();
        for (int row = firstRow; row < firstRow + count; row++) {
            if (!Mem.getBit(flat.validityAddress(), row)) {
                Mem.fill(flat.valuesAddress() + (long) row * width, width, (byte) 0);
            }
        }
    }

    /** Adds the data buffers of a column to ours, and tells where the first of them is. */
    private int shareData(Column from) {
        int first = 0;
        Buffer[] data = from.dataBuffers();
        for (int i = 0; i < data.length; i++) {
            int index = flat.addDataBuffer(data[i].retain());
            first = i == 0 ? index : first;
        }
        return first;
    }

    private static void copyViews(long from, long rows, int count, long to, int firstBuffer) {
        for (int i = 0; i < count; i++) {
            long view = from + 16L * Mem.getInt(rows + 4L * i);
            long head = Mem.getLong(view);
            long tail = Mem.getLong(view + 8);
            Mem.putLong(to + 16L * i, head);
            Mem.putLong(to + 16L * i + 8, (int) head > View.INLINE_BYTES ? tail + firstBuffer : tail);
        }
    }

    private static void copyFixed(long from, long rows, int count, long to, int width) {
        switch (width) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putByte(to + i, Mem.getByte(from + Mem.getInt(rows + 4L * i)));
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putShort(to + 2L * i, Mem.getShort(from + 2L * Mem.getInt(rows + 4L * i)));
                }
            }
            case 4 -> copyInts(from, rows, count, to);
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putLong(to + 8L * i, Mem.getLong(from + 8L * Mem.getInt(rows + 4L * i)));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    long value = from + 16L * Mem.getInt(rows + 4L * i);
                    Mem.putLong(to + 16L * i, Mem.getLong(value));
                    Mem.putLong(to + 16L * i + 8, Mem.getLong(value + 8));
                }
            }
        }
    }

    private static int copyNulls(long from, long rows, int count, long to, int firstRow) {
        int nulls = 0;
        for (int i = 0; i < count; i++) {
            if (!Mem.getBit(from, Mem.getInt(rows + 4L * i))) {
                Mem.clearBit(to, firstRow + i);
                nulls++;
            }
        }
        return nulls;
    }

    private boolean isEmpty() {
        return dictionary == null && flat.rowCount() == 0;
    }

    private void gatherIndices(Column from, long rowsAddress, int count) {
        copyInts(from.valuesAddress(), rowsAddress, count, indices.address() + 4L * dictionaryRows);
        if (from.hasNulls()) {
            if (validity == null) {
                validity = allocator.allocate(MemoryTag.BATCH, Mem.bitmapBytes(capacityRows));
                Mem.fill(validity.address(), Mem.bitmapBytes(capacityRows), (byte) 0xff);
            }
            dictionaryNulls +=
                    copyNulls(from.validityAddress(), rowsAddress, count, validity.address(), dictionaryRows);
        }
        dictionaryRows += count;
    }

    private static void copyInts(long from, long rows, int count, long to) {
        for (int i = 0; i < count; i++) {
            Mem.putInt(to + 4L * i, Mem.getInt(from + 4L * Mem.getInt(rows + 4L * i)));
        }
    }

    private void flatten() {
        Column encoded = takeDictionaryColumn();
        Buffer rows = allocator.allocate(MemoryTag.BATCH, 4L * Math.max(1, encoded.rowCount()));
        try {
            for (int row = 0; row < encoded.rowCount(); row++) {
                Mem.putInt(rows.address() + 4L * row, row);
            }
            gatherFlat(encoded, rows.address(), encoded.rowCount());
        } finally {
            rows.release();
            encoded.release();
        }
    }

    private Column takeDictionaryColumn() {
        if (dictionaryNulls == 0 && validity != null) {
            validity.release();
            validity = null;
        }
        Column column = Column.dictionary(dictionaryRows, dictionaryNulls, indices, validity, dictionary);
        dictionary = null;
        indices = null;
        validity = null;
        dictionaryRows = 0;
        dictionaryNulls = 0;
        return column;
    }

    /** What was gathered, for the caller to own. */
    Column build() {
        return dictionary != null ? takeDictionaryColumn() : flat.build();
    }

    @Override
    public void close() {
        if (dictionary != null) {
            takeDictionaryColumn().release();
        }
        flat.close();
    }
}
