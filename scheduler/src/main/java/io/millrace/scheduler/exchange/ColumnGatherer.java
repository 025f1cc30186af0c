package io.millrace.scheduler.exchange;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.types.DataType;

/**
 * Collects chosen rows of columns into one. As long as all rows come from one dictionary only the indices are copied
 * and the column stays a dictionary column; with the first row from elsewhere it becomes flat. At most {@code
 * capacityRows}.
 */
final class ColumnGatherer implements AutoCloseable {
    private final Allocator allocator;
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
        flat.gather(from, rowsAddress, count);
    }

    private boolean isEmpty() {
        return dictionary == null && flat.rowCount() == 0;
    }

    private void gatherIndices(Column from, long rowsAddress, int count) {
        long to = indices.address() + 4L * dictionaryRows;
        copyIndices(from.valuesAddress(), rowsAddress, count, to);
        if (from.hasNulls()) {
            gatherNulls(from, rowsAddress, count);
        }
        dictionaryRows += count;
    }

    private static void copyIndices(long from, long rows, int count, long to) {
        for (int i = 0; i < count; i++) {
            Mem.putInt(to + 4L * i, Mem.getInt(from + 4L * Mem.getInt(rows + 4L * i)));
        }
    }

    private void gatherNulls(Column from, long rowsAddress, int count) {
        for (int i = 0; i < count; i++) {
            if (from.isNull(Mem.getInt(rowsAddress + 4L * i))) {
                if (validity == null) {
                    validity = allocator.allocate(MemoryTag.BATCH, Mem.bitmapBytes(capacityRows));
                    Mem.fill(validity.address(), Mem.bitmapBytes(capacityRows), (byte) 0xff);
                }
                Mem.clearBit(validity.address(), dictionaryRows + i);
                dictionaryNulls++;
            }
        }
    }

    private void flatten() {
        Column encoded = takeDictionaryColumn();
        try {
            flat.gather(encoded, 0, encoded.rowCount());
        } finally {
            encoded.release();
        }
    }

    private Column takeDictionaryColumn() {
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
