package io.millrace.operators.kernel;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.column.View;
import io.millrace.memory.types.Layout;
import io.millrace.operators.function.Text;

/**
 * A column as kernels read it: whatever its encoding, the value of a row is a slot of one flat run. A view, to be set
 * anew for each column; it holds nothing. One thread.
 */
public final class Operand {
    private Column column;
    private Layout layout;
    private int width;
    private long base;
    private long validity;
    private long indices;
    private int slotMask;
    private long[] data;

    /** Reads this column from now on. */
    public Operand set(Column newColumn) {
        column = newColumn;
        Column values = newColumn.valueColumn();
        layout = values.type().layout();
        width = layout.widthBytes();
        base = values.valuesAddress();
        validity = newColumn.validityAddress();
        indices = newColumn.encoding() == Encoding.DICTIONARY ? newColumn.valuesAddress() : 0;
        slotMask = newColumn.encoding() == Encoding.CONSTANT ? 0 : -1;
        data = values.dataAddresses();
        return this;
    }

    public Column column() {
        return column;
    }

    public Layout layout() {
        return layout;
    }

    public boolean isConstant() {
        return slotMask == 0;
    }

    /** Whether the value of row i lies at {@code address + i * width}. */
    public boolean isFlat() {
        return slotMask != 0 && indices == 0;
    }

    public boolean hasNulls() {
        return validity != 0;
    }

    /** Where slot 0 lies. */
    public long address() {
        return base;
    }

    public long validityAddress() {
        return validity;
    }

    /** Where the i32 slots of the rows lie; 0 unless a dictionary. */
    public long indicesAddress() {
        return indices;
    }

    /** 0 for a constant, else -1. */
    public int slotMask() {
        return slotMask;
    }

    public long[] dataAddresses() {
        return data;
    }

    public int slot(int row) {
        return indices == 0 ? row & slotMask : Mem.getInt(indices + 4L * row);
    }

    public boolean isNull(int row) {
        return validity != 0 && !Mem.getBit(validity, row & slotMask);
    }

    private long at(int row) {
        return base + (long) slot(row) * width;
    }

    public boolean booleanAt(int row) {
        return Mem.getByte(at(row)) != 0;
    }

    /** Any layout of at most eight bytes that is an integer, and the microseconds of NANOS. */
    public long longAt(int row) {
        long at = at(row);
        return switch (layout) {
            case I64, NANOS -> Mem.getLong(at);
            case I32 -> Mem.getInt(at);
            case I16 -> Mem.getShort(at);
            default -> Mem.getByte(at);
        };
    }

    public double doubleAt(int row) {
        long at = at(row);
        return layout == Layout.F64 ? Mem.getDouble(at) : Mem.getFloat(at);
    }

    /** Upper word of a DECIMAL of any precision. */
    public long highAt(int row) {
        return layout == Layout.I128 ? Mem.getLong(at(row) + 8) : longAt(row) >> 63;
    }

    /** Lower word of a DECIMAL of any precision. */
    public long lowAt(int row) {
        return layout == Layout.I128 ? Mem.getLong(at(row)) : longAt(row);
    }

    /** Nanoseconds of the microsecond; 0 for a timestamp that has none. */
    public int nanosAt(int row) {
        return layout == Layout.NANOS ? Mem.getInt(at(row) + 8) : 0;
    }

    /** Points the text at the row's bytes. */
    public Text textAt(int row, Text text) {
        long view = at(row);
        return text.set(View.bytesAddress(view, data), View.length(view));
    }
}
