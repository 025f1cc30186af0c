package io.millrace.state.table;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.column.View;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Layout;
import io.millrace.memory.types.Schema;

/**
 * Batches as bytes, the rows that count only. Little-endian:
 *
 * <pre>
 *   batch    i8 version 1 | i8 1 with weights | i32 rows | a column each | if any, the weights, a column
 *   column   i32 nulls | if any, validity: a bit a row, set = present, in whole i64 | values
 *   values   fixed width as they are; VARCHAR and BINARY i32 length and bytes; ROW its fields, a column each;
 *            ARRAY and MAP an i32 end a row, i32 elements, then they, a column
 * </pre>
 */
public final class BatchRecords {
    private static final int VERSION = 1;

    private BatchRecords() {}

    /** Appends the rows of a batch that count. */
    public static void write(Allocator allocator, Batch batch, StateOutput output) {
        boolean weighted = batch.weights() != null;
        int rows = batch.activeCount();
        try (BatchBuilder builder = new BatchBuilder(allocator, MemoryTag.STATE, batch.schema(), rows, weighted)) {
            builder.appendRows(batch, 0, rows);
            try (Batch flat = builder.build()) {
                writeFlat(flat, output);
            }
        }
    }

    /** Appends the rows of a batch as a builder made it: without a selection, its values in place. */
    public static void writeFlat(Batch flat, StateOutput output) {
        boolean weighted = flat.weights() != null;
        output.putByte(VERSION);
        output.putByte(weighted ? 1 : 0);
        output.putInt(flat.rowCount());
        for (int i = 0; i < flat.columnCount(); i++) {
            writeColumn(flat.column(i), output);
        }
        if (weighted) {
            writeColumn(flat.weights(), output);
        }
    }

    private static void writeColumn(Column column, StateOutput output) {
        int rows = column.rowCount();
        output.putInt(column.nullCount());
        if (column.hasNulls()) {
            output.putBytes(column.validityAddress(), (int) Mem.bitmapBytes(rows));
        }
        switch (column.type().layout()) {
            case VIEW -> {
                for (int row = 0; row < rows; row++) {
                    int length = column.isNull(row) ? 0 : column.getBytesLength(row);
                    output.putInt(length);
                    if (length > 0) {
                        output.putBytes(column.getBytesAddress(row), length);
                    }
                }
            }
            case STRUCT -> {
                for (int i = 0; i < column.childCount(); i++) {
                    writeColumn(column.child(i), output);
                }
            }
            case LIST -> {
                for (int row = 0; row < rows; row++) {
                    output.putInt(column.listEnd(row));
                }
                output.putInt(column.child(0).rowCount());
                writeColumn(column.child(0), output);
            }
            default -> output.putBytes(column.valuesAddress(), rows * column.type().layout().widthBytes());
        }
    }

    /** A batch that the caller owns. */
    public static Batch read(Allocator allocator, Schema schema, StateInput input) {
        int version = input.getByte();
        if (version != VERSION) {
            throw new MillraceException(
                    ErrorCode.UNSUPPORTED, "rows of state: expected version=" + VERSION + ", found " + version);
        }
        boolean weighted = input.getByte() != 0;
        int rows = input.getInt();
        try (BatchBuilder builder = new BatchBuilder(allocator, MemoryTag.STATE, schema, Math.max(1, rows), weighted)) {
            for (int i = 0; i < schema.size(); i++) {
                readColumn(allocator, builder.column(i), rows, input);
            }
            if (weighted) {
                readColumn(allocator, builder.weights(), rows, input);
            }
            for (int row = 0; schema.size() == 0 && row < rows; row++) {
                builder.addEmptyRow();
            }
            return builder.build();
        }
    }

    private static void readColumn(Allocator allocator, ColumnBuilder builder, int rows, StateInput input) {
        int nulls = input.getInt();
        long validity = nulls == 0 ? 0 : input.skip((int) Mem.bitmapBytes(rows));
        Layout layout = builder.type().layout();
        switch (layout) {
            case VIEW -> readBytes(allocator, builder, rows, validity, input);
            case STRUCT -> {
                for (int i = 0; i < builder.type().children().size(); i++) {
                    readColumn(allocator, builder.child(i), rows, input);
                }
                readFixed(builder, rows, nulls, validity, 0, 0);
            }
            case LIST -> {
                long ends = input.skip(Math.multiplyExact(4, rows));
                readColumn(allocator, builder.child(0), input.getInt(), input);
                if (rows > 0) {
                    builder.reserve(rows);
                    readFixed(builder, rows, nulls, validity, ends, 4);
                }
            }
            default -> {
                int width = layout.widthBytes();
                readFixed(builder, rows, nulls, validity, input.skip(Math.multiplyExact(rows, width)), width);
            }
        }
    }

    /** Into a buffer that is as large as they are: a merge holds a batch of a few rows, of many columns, a run. */
    private static void readBytes(
            Allocator allocator, ColumnBuilder builder, int rows, long validity, StateInput input) {
        long at = input.skip(0);
        long longBytes = 0;
        for (int row = 0; row < rows; row++) {
            int length = input.getInt();
            input.skip(length);
            longBytes += length > View.INLINE_BYTES ? length : 0;
        }
        long to = 0;
        int buffer = -1;
        if (longBytes > 0 && longBytes <= Integer.MAX_VALUE) {
            Buffer data = allocator.allocate(MemoryTag.STATE, longBytes);
            to = data.address();
            buffer = builder.addDataBuffer(data);
        }
        builder.reserve(rows);
        int offset = 0;
        for (int row = 0; row < rows; row++) {
            int length = Mem.getInt(at);
            long bytes = at + 4;
            at = bytes + length;
            if (validity != 0 && !Mem.getBit(validity, row)) {
                builder.appendNull();
            } else if (length <= View.INLINE_BYTES || buffer < 0) {
                builder.appendBytes(bytes, length);
            } else {
                Mem.copy(bytes, to + offset, length);
                builder.appendReference(buffer, offset, length);
                offset += length;
            }
        }
    }

    /** Values as they lie, into a builder without rows; a list's are its ends, which lie one further on. */
    private static void readFixed(ColumnBuilder builder, int rows, int nulls, long validity, long values, int width) {
        builder.reserve(rows);
        if (width != 0 && rows > 0) {
            boolean list = builder.type().layout() == Layout.LIST;
            Mem.copy(values, builder.valuesAddress() + (list ? 4 : 0), (long) rows * width);
        }
        if (nulls != 0) {
            Mem.copy(validity, builder.validityAddress(), Mem.bitmapBytes(rows));
        }
        builder.advance(rows, nulls);
    }
}
