package io.millrace.operators.kernel;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.column.View;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import io.millrace.operators.function.Text;
import java.util.Arrays;

/**
 * Where kernels put results: a flat column in the making whose rows are written in any order. Rows not written are
 * zero, or the empty string. Not for nested types: see {@link NestedTarget}. {@link #build} gives the column away;
 * {@link #close} frees what was not. One thread.
 */
public final class Target implements AutoCloseable {
    private static final int FIRST_DATA_BYTES = 4 << 10;
    private static final int MAX_DATA_BYTES = 1 << 20;
    private static final Buffer[] NO_DATA = {};

    private final Allocator allocator;
    private final DataType type;
    private final Layout layout;
    private final int rowCount;
    private Buffer values;
    private final long address;
    private Buffer validity;
    private long validityAddress;
    private int nullCount;
    private Buffer[] data = NO_DATA;
    private long dataAddress;
    private int dataCapacity;
    private int dataUsed;

    /**
     * @param everyRow whether each row will be written, so that nothing need be zeroed first
     */
    public Target(Allocator allocator, DataType type, int rowCount, boolean everyRow) {
        this.allocator = allocator;
        this.type = type;
        this.layout = type.layout();
        this.rowCount = rowCount;
        long bytes = Math.max(8, (long) rowCount * layout.widthBytes());
        this.values =
                everyRow
                        ? allocator.allocate(MemoryTag.BATCH, bytes)
                        : allocator.allocateZeroed(MemoryTag.BATCH, bytes);
        this.address = values.address();
    }

    public DataType type() {
        return type;
    }

    public int rowCount() {
        return rowCount;
    }

    /** Where row 0 lies. */
    public long address() {
        return address;
    }

    /** The validity bitmap, made on first use: all present. Cleared bits are to be counted by {@link #addNulls}. */
    public long validityAddress() {
        if (validity == null) {
            long bytes = Mem.bitmapBytes(Math.max(1, rowCount));
            validity = allocator.allocate(MemoryTag.BATCH, bytes);
            validityAddress = validity.address();
            Mem.fill(validityAddress, bytes, (byte) 0xff);
        }
        return validityAddress;
    }

    /** Counts rows that were made NULL by way of the bitmap; their values are zero. */
    public void addNulls(int rows) {
        nullCount += rows;
    }

    /** Makes a row NULL; once a row. */
    public void putNull(int row) {
        Mem.clearBit(validityAddress(), row);
        nullCount++;
        long at = address + (long) row * layout.widthBytes();
        for (int i = 0; i < layout.widthBytes(); i++) {
            Mem.putByte(at + i, (byte) 0);
        }
    }

    public void putBoolean(int row, boolean value) {
        Mem.putByte(address + row, value ? (byte) 1 : 0);
    }

    /** Any integer layout of at most eight bytes; the value fits the type. */
    public void putLong(int row, long value) {
        switch (layout) {
            case I64 -> Mem.putLong(address + 8L * row, value);
            case I32 -> Mem.putInt(address + 4L * row, (int) value);
            case I16 -> Mem.putShort(address + 2L * row, (short) value);
            default -> Mem.putByte(address + row, (byte) value);
        }
    }

    public void putDouble(int row, double value) {
        if (layout == Layout.F64) {
            Mem.putDouble(address + 8L * row, value);
        } else {
            Mem.putFloat(address + 4L * row, (float) value);
        }
    }

    /** The unscaled value of a DECIMAL that fits the type. */
    public void putDecimal(int row, long high, long low) {
        if (layout == Layout.I64) {
            Mem.putLong(address + 8L * row, low);
        } else {
            Mem.putLong(address + 16L * row, low);
            Mem.putLong(address + 16L * row + 8, high);
        }
    }

    public void putNanos(int row, long micros, int nanosOfMicro) {
        Mem.putLong(address + 16L * row, micros);
        Mem.putLong(address + 16L * row + 8, nanosOfMicro);
    }

    /** Copies the bytes; NULL for a text that is. */
    public void putText(int row, Text text) {
        if (text.isNull()) {
            putNull(row);
        } else {
            putBytes(row, text.address(), text.length());
        }
    }

    /** Copies the bytes. */
    public void putBytes(int row, long fromAddress, int lengthBytes) {
        long view = address + 16L * row;
        if (lengthBytes <= View.INLINE_BYTES) {
            View.putInline(view, fromAddress, lengthBytes);
            return;
        }
        if (data.length == 0 || dataCapacity - dataUsed < lengthBytes) {
            addChunk(lengthBytes);
        }
        long at = dataAddress + dataUsed;
        if (lengthBytes <= 64) {
            Mem.copyShort(fromAddress, at, lengthBytes);
        } else {
            Mem.copy(fromAddress, at, lengthBytes);
        }
        View.putReference(view, lengthBytes, Mem.getInt(at), data.length - 1, dataUsed);
        dataUsed += lengthBytes;
    }

    private void addChunk(int lengthBytes) {
        int next = data.length == 0 ? FIRST_DATA_BYTES : Math.min(MAX_DATA_BYTES, dataCapacity * 2);
        Buffer chunk = allocator.allocate(MemoryTag.BATCH, Math.max(next, lengthBytes));
        data = Arrays.copyOf(data, data.length + 1);
        data[data.length - 1] = chunk;
        dataAddress = chunk.address();
        dataCapacity = (int) Math.min(Integer.MAX_VALUE, chunk.capacityBytes());
        dataUsed = 0;
    }

    /** Copies these rows of a column of the same layout, each to its own place; NULLs too. */
    public void copy(Operand from, Rows rows) {
        int count = rows.count();
        boolean plain = !from.hasNulls() && from.isFlat() && layout == Layout.I64;
        if (plain && !rows.isDense()) {
            copyLongs(from.address(), address, rows.address(), count);
            return;
        }
        if (from.isConstant() && !from.hasNulls() && layout == Layout.I64 && !rows.isDense()) {
            fillLongs(from.longAt(0), address, rows.address(), count);
            return;
        }
        Text text = layout == Layout.VIEW ? new Text() : null;
        for (int i = 0; i < count; i++) {
            copyRow(from, rows.row(i), text);
        }
    }

    /** Copies to every row the value at its slot of a dictionary, whose entries may be NULL. */
    public void gather(Operand index, Operand entries) {
        Text text = layout == Layout.VIEW ? new Text() : null;
        for (int row = 0; row < rowCount; row++) {
            int slot = index.slot(row);
            if (index.isNull(row) || entries.isNull(slot)) {
                putNull(row);
            } else {
                copySlot(entries, slot, row, text);
            }
        }
    }

    private static void fillLongs(long value, long to, long indices, int count) {
        for (int i = 0; i < count; i++) {
            Mem.putLong(to + 8L * Mem.getInt(indices + 4L * i), value);
        }
    }

    private static void copyLongs(long from, long to, long indices, int count) {
        for (int i = 0; i < count; i++) {
            long offset = 8L * Mem.getInt(indices + 4L * i);
            Mem.putLong(to + offset, Mem.getLong(from + offset));
        }
    }

    /** Copies one row, NULL too; {@code text} is scratch. */
    public void copyRow(Operand from, int row, Text text) {
        if (from.isNull(row)) {
            putNull(row);
        } else {
            copySlot(from, row, row, text);
        }
    }

    private void copySlot(Operand from, int fromRow, int row, Text text) {
        switch (layout) {
            case BOOL8, I8, I16, I32, I64 -> putLong(row, from.longAt(fromRow));
            case F32, F64 -> putDouble(row, from.doubleAt(fromRow));
            case I128 -> putDecimal(row, from.highAt(fromRow), from.lowAt(fromRow));
            case NANOS -> putNanos(row, from.longAt(fromRow), from.nanosAt(fromRow));
            default -> putText(row, from.textAt(fromRow, text));
        }
    }

    /** The column, which the caller owns. */
    public Column build() {
        Buffer builtValidity = validity;
        if (nullCount == 0 && validity != null) {
            validity.release();
            builtValidity = null;
        }
        Column column = new Column(type, Encoding.FLAT, rowCount, nullCount, values, builtValidity, data, null);
        values = null;
        validity = null;
        data = NO_DATA;
        return column;
    }

    @Override
    public void close() {
        if (values != null) {
            values.release();
            values = null;
        }
        if (validity != null) {
            validity.release();
            validity = null;
        }
        for (Buffer chunk : data) {
            chunk.release();
        }
        data = NO_DATA;
    }
}
