package io.millrace.state.table;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import java.util.List;

/**
 * Key columns to bytes and back. Equal SQL values give equal bytes: zeros of either sign and all NaNs are written as
 * one. Nested types are no keys.
 */
final class KeyCodec {
    private final int[] columns;
    private final DataType[] types;
    private final int nullBytes;
    private final int fixedBytes;
    private final boolean fixed;

    KeyCodec(List<Integer> keyColumns, List<DataType> keyTypes) {
        this.columns = keyColumns.stream().mapToInt(Integer::intValue).toArray();
        this.types = keyTypes.toArray(new DataType[0]);
        this.nullBytes = (columns.length + 7) / 8;
        int bytes = nullBytes;
        boolean allFixed = true;
        for (DataType type : types) {
            if (type.layout() == Layout.STRUCT || type.layout() == Layout.LIST) {
                throw new MillraceException(ErrorCode.UNSUPPORTED, "a key of type " + type);
            }
            boolean view = type.layout() == Layout.VIEW;
            allFixed &= !view;
            bytes += view ? 4 : type.layout().widthBytes();
        }
        this.fixedBytes = bytes;
        this.fixed = allFixed;
    }

    int keyCount() {
        return columns.length;
    }

    /** The keys of a batch's selected rows, encoded one behind the other. */
    static final class Encoded implements AutoCloseable {
        private final Allocator allocator;
        private Buffer bytes;
        private Buffer ends;

        Encoded(Allocator allocator) {
            this.allocator = allocator;
        }

        long address() {
            return bytes.address();
        }

        /** Where key {@code i} begins, relative to {@link #address}. */
        int start(int i) {
            return i == 0 ? 0 : Mem.getInt(ends.address() + 4L * (i - 1));
        }

        int end(int i) {
            return Mem.getInt(ends.address() + 4L * i);
        }

        private void reserve(long wantedBytes, int count) {
            bytes = grown(bytes, wantedBytes);
            ends = grown(ends, 4L * Math.max(1, count));
        }

        private Buffer grown(Buffer old, long wantedBytes) {
            if (old != null && old.capacityBytes() >= wantedBytes) {
                return old;
            }
            Buffer larger = allocator.allocate(MemoryTag.STATE, Math.max(64, wantedBytes));
            if (old != null) {
                old.release();
            }
            return larger;
        }

        @Override
        public void close() {
            if (bytes != null) {
                bytes.release();
                bytes = null;
            }
            if (ends != null) {
                ends.release();
                ends = null;
            }
        }
    }

    /** Encodes the keys of the selected rows, column by column where widths are fixed. */
    void encode(Batch batch, long selection, int count, Encoded into) {
        if (fixed) {
            into.reserve((long) count * fixedBytes, count);
            long ends = into.ends.address();
            for (int i = 0; i < count; i++) {
                Mem.putInt(ends + 4L * i, (i + 1) * fixedBytes);
            }
            long base = into.bytes.address();
            for (int i = 0; i < count; i++) {
                Mem.fill(base + (long) i * fixedBytes, nullBytes, (byte) 0);
            }
            int offset = nullBytes;
            for (int k = 0; k < columns.length; k++) {
                encodeFixed(batch.column(columns[k]), k, selection, count, base, offset);
                offset += types[k].layout().widthBytes();
            }
            return;
        }
        into.reserve(variableBytes(batch, selection, count), count);
        long at = into.bytes.address();
        long ends = into.ends.address();
        long base = at;
        for (int i = 0; i < count; i++) {
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            at = encodeRow(batch, row, at);
            Mem.putInt(ends + 4L * i, (int) (at - base));
        }
    }

    private long variableBytes(Batch batch, long selection, int count) {
        long total = (long) count * fixedBytes;
        for (int k = 0; k < columns.length; k++) {
            if (types[k].layout() == Layout.VIEW) {
                Column column = batch.column(columns[k]);
                for (int i = 0; i < count; i++) {
                    int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
                    total += column.isNull(row) ? 0 : column.getBytesLength(row);
                }
            }
        }
        if (total > Integer.MAX_VALUE) {
            throw new MillraceException(ErrorCode.OUT_OF_MEMORY, "the keys of one batch take " + total + " bytes")
                    .withHelp("Use a smaller execution.batch-rows.");
        }
        return total;
    }

    private void encodeFixed(Column column, int k, long selection, int count, long base, int offset) {
        int width = types[k].layout().widthBytes();
        for (int i = 0; i < count; i++) {
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            long key = base + (long) i * fixedBytes;
            if (column.isNull(row)) {
                Mem.setBit(key, k);
                Mem.fill(key + offset, width, (byte) 0);
            } else {
                putFixed(column, row, key + offset);
            }
        }
    }

    private static void putFixed(Column column, int row, long to) {
        long from = column.valueAddress(row);
        switch (column.type().layout()) {
            case I64 -> Mem.putLong(to, Mem.getLong(from));
            case I32 -> Mem.putInt(to, Mem.getInt(from));
            case I16 -> Mem.putShort(to, Mem.getShort(from));
            case I8, BOOL8 -> Mem.putByte(to, Mem.getByte(from));
            case F64 -> {
                double value = Mem.getDouble(from);
                Mem.putLong(to, Double.doubleToLongBits(value == 0 ? 0 : value));
            }
            case F32 -> {
                float value = Mem.getFloat(from);
                Mem.putInt(to, Float.floatToIntBits(value == 0 ? 0 : value));
            }
            case I128, NANOS -> {
                Mem.putLong(to, Mem.getLong(from));
                Mem.putLong(to + 8, Mem.getLong(from + 8));
            }
            default -> throw MillraceException.internal("no fixed key of " + column.type());
        }
    }

    private long encodeRow(Batch batch, int row, long to) {
        Mem.fill(to, nullBytes, (byte) 0);
        long at = to + nullBytes;
        for (int k = 0; k < columns.length; k++) {
            Column column = batch.column(columns[k]);
            boolean isNull = column.isNull(row);
            if (isNull) {
                Mem.setBit(to, k);
            }
            if (types[k].layout() == Layout.VIEW) {
                int length = isNull ? 0 : column.getBytesLength(row);
                Mem.putInt(at, length);
                if (length > 0) {
                    Mem.copy(column.getBytesAddress(row), at + 4, length);
                }
                at += 4 + length;
            } else {
                int width = types[k].layout().widthBytes();
                if (isNull) {
                    Mem.fill(at, width, (byte) 0);
                } else {
                    putFixed(column, row, at);
                }
                at += width;
            }
        }
        return at;
    }

    /** Appends an encoded key, a column to each builder. */
    void decode(long key, ColumnBuilder[] builders) {
        long at = key + nullBytes;
        for (int k = 0; k < types.length; k++) {
            boolean isNull = Mem.getBit(key, k);
            ColumnBuilder builder = builders[k];
            Layout layout = types[k].layout();
            int width = layout == Layout.VIEW ? 4 + Mem.getInt(at) : layout.widthBytes();
            if (isNull) {
                builder.appendNull();
            } else {
                switch (layout) {
                    case VIEW -> builder.appendBytes(at + 4, width - 4);
                    case F64 -> builder.appendDouble(Mem.getDouble(at));
                    case F32 -> builder.appendDouble(Mem.getFloat(at));
                    case I128 -> builder.appendInt128(Mem.getLong(at + 8), Mem.getLong(at));
                    case NANOS -> builder.appendNanos(Mem.getLong(at), Mem.getInt(at + 8));
                    case I64 -> builder.appendLong(Mem.getLong(at));
                    case I32 -> builder.appendLong(Mem.getInt(at));
                    case I16 -> builder.appendLong(Mem.getShort(at));
                    default -> builder.appendLong(Mem.getByte(at));
                }
            }
            at += width;
        }
    }
}
