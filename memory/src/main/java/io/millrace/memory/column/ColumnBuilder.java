package io.millrace.memory.column;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Layout;
import java.util.Arrays;

/**
 * Makes FLAT columns, row by row or in bulk, again and again: {@link #build} moves what was appended into a column and
 * leaves the builder empty. It owns what it has not yet built; {@link #close} frees that. One thread.
 *
 * <p>Bulk use: {@link #reserve} rows, write values at {@link #valuesAddress()}, then {@link #advance}.
 */
public final class ColumnBuilder implements AutoCloseable {
    private static final int FIRST_DATA_BYTES = 8 << 10;
    private static final int MAX_DATA_BYTES = 1 << 20;

    private final Allocator allocator;
    private final MemoryTag tag;
    private final DataType type;
    private final Layout layout;
    private final int width;
    private final int startRows;
    private final ColumnBuilder[] children;
    private Buffer values;
    private Buffer validity;
    private long valuesAddress;
    private long validityAddress;
    private int capacityRows;
    private int rowCount;
    private int nullCount;
    private Buffer[] data = new Buffer[0];
    private long dataAddress;
    private int dataCapacity;
    private int dataUsed;
    private int openData = -1;

    /**
     * A builder that allocates for {@code capacityRows} rows at its first append and doubles when they do not suffice.
     */
    public ColumnBuilder(Allocator allocator, MemoryTag tag, DataType type, int capacityRows) {
        this.allocator = allocator;
        this.tag = tag;
        this.type = type;
        this.layout = type.layout();
        this.width = layout.widthBytes();
        this.startRows = Math.max(1, capacityRows);
        this.children = new ColumnBuilder[type.children().size()];
        for (int i = 0; i < children.length; i++) {
            Field field = type.children().get(i);
            children[i] = new ColumnBuilder(allocator, tag, field.type(), capacityRows);
        }
    }

    public DataType type() {
        return type;
    }

    public int rowCount() {
        return rowCount;
    }

    /**
     * A list's element builder or a struct's field builder; append there, then {@link #endList} or {@link #endStruct}.
     */
    public ColumnBuilder child(int index) {
        return children[index];
    }

    /** Bytes of views held outside the views so far; what makes a batch of long strings too big. */
    public long dataBytes() {
        long bytes = dataUsed;
        for (int i = 0; i < data.length; i++) {
            bytes += i == openData ? 0 : data[i].capacityBytes();
        }
        for (ColumnBuilder child : children) {
            bytes += child.dataBytes();
        }
        return bytes;
    }

    /** Bytes of what was appended, values and all, without room for more. */
    public long usedBytes() {
        long bytes = (long) rowCount * width + dataUsed;
        for (int i = 0; i < data.length; i++) {
            bytes += i == openData ? 0 : data[i].capacityBytes();
        }
        for (ColumnBuilder child : children) {
            bytes += child.usedBytes();
        }
        return bytes;
    }

    /** Makes room for this many further rows; addresses taken before are void. */
    public void reserve(int rows) {
        int wanted = rowCount + rows;
        if (wanted <= capacityRows) {
            return;
        }
        int newCapacity = Math.max(wanted, Math.max(startRows, capacityRows * 2));
        if (layout != Layout.STRUCT) {
            long slots = layout == Layout.LIST ? newCapacity + 1L : newCapacity;
            Buffer grown = allocator.allocate(tag, slots * width);
            if (values != null) {
                long used = layout == Layout.LIST ? rowCount + 1L : rowCount;
                Mem.copy(valuesAddress, grown.address(), used * width);
                values.release();
            } else if (layout == Layout.LIST) {
                Mem.putInt(grown.address(), 0);
            }
            values = grown;
            valuesAddress = grown.address();
        }
        if (validity != null) {
            growValidity(newCapacity);
        }
        capacityRows = newCapacity;
    }

    private void growValidity(int newCapacity) {
        Buffer grown = allocator.allocate(tag, Mem.bitmapBytes(newCapacity));
        Mem.fill(grown.address(), Mem.bitmapBytes(newCapacity), (byte) 0xff);
        if (validity != null) {
            Mem.copy(validityAddress, grown.address(), Mem.bitmapBytes(rowCount));
            validity.release();
        }
        validity = grown;
        validityAddress = grown.address();
    }

    /** Where row 0 lies; valid until the next {@link #reserve} or append. */
    public long valuesAddress() {
        return valuesAddress;
    }

    /**
     * The validity bitmap, made if there is none: all rows present until cleared. Count cleared bits in {@link
     * #advance}.
     */
    public long validityAddress() {
        if (validity == null) {
            growValidity(Math.max(capacityRows, startRows));
        }
        return validityAddress;
    }

    /**
     * Counts rows that the caller wrote; {@code nulls} of them have their validity bit cleared and their value zero.
     */
    public void advance(int rows, int nulls) {
        assert rowCount + rows <= capacityRows
                : "advance past reserve: " + rowCount + " + " + rows + " > " + capacityRows;
        rowCount += rows;
        nullCount += nulls;
    }

    public void appendNull() {
        reserve(1);
        Mem.clearBit(validityAddress(), rowCount);
        switch (layout) {
            case STRUCT -> {
                for (ColumnBuilder child : children) {
                    child.appendNull();
                }
            }
            case LIST -> Mem.putInt(valuesAddress + 4L * rowCount + 4, children[0].rowCount);
            default -> Mem.fill(valuesAddress + (long) rowCount * width, width, (byte) 0);
        }
        rowCount++;
        nullCount++;
    }

    /** Appends {@code count} NULLs at once. */
    public void appendNulls(int count) {
        if (count == 0) {
            return;
        }
        if (layout == Layout.LIST) {
            for (int i = 0; i < count; i++) {
                appendNull();
            }
            return;
        }
        reserve(count);
        Mem.clearBits(validityAddress(), rowCount, count);
        if (layout == Layout.STRUCT) {
            for (ColumnBuilder child : children) {
                child.appendNulls(count);
            }
        } else {
            Mem.fill(valuesAddress + (long) rowCount * width, (long) count * width, (byte) 0);
        }
        rowCount += count;
        nullCount += count;
    }

    /** Any layout of up to eight bytes that is an integer. */
    public void appendLong(long value) {
        if (rowCount == capacityRows) {
            reserve(1);
        }
        long at = valuesAddress + (long) rowCount * width;
        switch (layout) {
            case I64 -> Mem.putLong(at, value);
            case I32 -> Mem.putInt(at, (int) value);
            case I16 -> Mem.putShort(at, (short) value);
            case BOOL8, I8 -> Mem.putByte(at, (byte) value);
            default -> throw MillraceException.internal("appendLong to " + type);
        }
        rowCount++;
    }

    public void appendDouble(double value) {
        if (rowCount == capacityRows) {
            reserve(1);
        }
        if (layout == Layout.F64) {
            Mem.putDouble(valuesAddress + 8L * rowCount, value);
        } else {
            Mem.putFloat(valuesAddress + 4L * rowCount, (float) value);
        }
        rowCount++;
    }

    public void appendInt128(long high, long low) {
        reserve(1);
        Mem.putLong(valuesAddress + 16L * rowCount, low);
        Mem.putLong(valuesAddress + 16L * rowCount + 8, high);
        rowCount++;
    }

    public void appendNanos(long micros, int nanosOfMicro) {
        reserve(1);
        Mem.putLong(valuesAddress + 16L * rowCount, micros);
        Mem.putLong(valuesAddress + 16L * rowCount + 8, nanosOfMicro);
        rowCount++;
    }

    public void appendBytes(byte[] bytes) {
        appendBytes(bytes, 0, bytes.length);
    }

    /** Copies the bytes. */
    public void appendBytes(byte[] bytes, int from, int lengthBytes) {
        reserve(1);
        long view = valuesAddress + 16L * rowCount;
        if (lengthBytes <= View.INLINE_BYTES) {
            Mem.putLong(view, lengthBytes);
            Mem.putLong(view + 8, 0);
            Mem.copyIn(bytes, from, view + 4, lengthBytes);
        } else {
            long at = allocateData(lengthBytes);
            Mem.copyIn(bytes, from, at, lengthBytes);
            View.putReference(view, lengthBytes, Mem.getInt(at), openData, (int) (at - dataAddress));
        }
        rowCount++;
    }

    /** Copies the bytes. */
    public void appendBytes(long fromAddress, int lengthBytes) {
        if (rowCount == capacityRows) {
            reserve(1);
        }
        long view = valuesAddress + 16L * rowCount;
        if (lengthBytes <= View.INLINE_BYTES) {
            View.putInline(view, fromAddress, lengthBytes);
        } else {
            long at = allocateData(lengthBytes);
            if (lengthBytes <= 64) {
                Mem.copyShort(fromAddress, at, lengthBytes);
            } else {
                Mem.copy(fromAddress, at, lengthBytes);
            }
            View.putReference(view, lengthBytes, Mem.getInt(at), openData, (int) (at - dataAddress));
        }
        rowCount++;
    }

    /**
     * Room for {@code lengthBytes} bytes of one value, which the caller writes and then appends with {@link
     * #appendReserved}. Nothing else may be appended in between.
     */
    public long allocateData(int lengthBytes) {
        if (openData < 0 || dataCapacity - dataUsed < lengthBytes) {
            int next = openData < 0 ? FIRST_DATA_BYTES : Math.min(MAX_DATA_BYTES, dataCapacity * 2);
            Buffer chunk = allocator.allocate(tag, Math.max(next, lengthBytes));
            openData = addDataBuffer(chunk);
            dataAddress = chunk.address();
            dataCapacity = (int) Math.min(Integer.MAX_VALUE, chunk.capacityBytes());
            dataUsed = 0;
        }
        long at = dataAddress + dataUsed;
        dataUsed += lengthBytes;
        return at;
    }

    /** Appends a value whose bytes the caller wrote at the address that {@link #allocateData} gave. */
    public void appendReserved(long atAddress, int lengthBytes) {
        reserve(1);
        long view = valuesAddress + 16L * rowCount;
        if (lengthBytes <= View.INLINE_BYTES) {
            View.putInline(view, atAddress, lengthBytes);
        } else {
            View.putReference(view, lengthBytes, Mem.getInt(atAddress), openData, (int) (atAddress - dataAddress));
        }
        rowCount++;
    }

    /** Takes one hold of a buffer that views may point into, and returns its index for {@link #appendReference}. */
    public int addDataBuffer(Buffer buffer) {
        data = Arrays.copyOf(data, data.length + 1);
        data[data.length - 1] = buffer;
        return data.length - 1;
    }

    /**
     * Appends a value whose bytes lie at an offset of a buffer given to {@link #addDataBuffer}. Short ones are inlined.
     */
    public void appendReference(int buffer, int offset, int lengthBytes) {
        if (rowCount == capacityRows) {
            reserve(1);
        }
        long view = valuesAddress + 16L * rowCount;
        long from = data[buffer].address() + offset;
        if (lengthBytes <= View.INLINE_BYTES) {
            View.putInline(view, from, lengthBytes);
        } else {
            View.putReference(view, lengthBytes, Mem.getInt(from), buffer, offset);
        }
        rowCount++;
    }

    /** Ends a row of a list: it holds what was appended to child 0 since the row before. */
    public void endList() {
        reserve(1);
        Mem.putInt(valuesAddress + 4L * rowCount + 4, children[0].rowCount);
        rowCount++;
    }

    /** Ends a row of a struct: every child has had one value appended. */
    public void endStruct() {
        reserve(1);
        rowCount++;
    }

    /**
     * Takes away the rows from this one on, and whatever was begun of a next one; how a record that went wrong is
     * undone.
     */
    public void truncate(int newRowCount) {
        if (newRowCount > rowCount) {
            throw MillraceException.internal("truncate to " + newRowCount + " rows of " + rowCount);
        }
        for (int row = newRowCount; nullCount != 0 && row < rowCount; row++) {
            if (!Mem.getBit(validityAddress, row)) {
                Mem.setBit(validityAddress, row);
                nullCount--;
            }
        }
        rowCount = newRowCount;
        for (ColumnBuilder child : children) {
            boolean list = layout == Layout.LIST;
            child.truncate(list ? values == null ? 0 : Mem.getInt(valuesAddress + 4L * newRowCount) : newRowCount);
        }
    }

    /** Appends a Java object as {@link Column#getObject} gives it. Slow. */
    public void appendObject(Object value) {
        Values.append(this, value);
    }

    /** Copies one value of a column of the same layout. */
    public void append(Column from, int row) {
        if (from.isNull(row)) {
            appendNull();
            return;
        }
        Column source = from.valueColumn();
        int index = from.valueIndex(row);
        switch (layout) {
            case VIEW -> {
                long view = source.valuesAddress() + 16L * index;
                appendBytes(View.bytesAddress(view, source.dataAddresses()), View.length(view));
            }
            case STRUCT -> {
                for (int i = 0; i < children.length; i++) {
                    children[i].append(source.child(i), index);
                }
                endStruct();
            }
            case LIST -> {
                for (int i = source.listStart(index); i < source.listEnd(index); i++) {
                    children[0].append(source.child(0), i);
                }
                endList();
            }
            default -> {
                reserve(1);
                Mem.copyShort(
                        source.valuesAddress() + (long) index * width, valuesAddress + (long) rowCount * width, width);
                rowCount++;
            }
        }
    }

    /**
     * Copies {@code count} rows of a column, those whose indices lie as i32 at {@code indicesAddress}; 0 means the
     * first.
     */
    public void gather(Column from, long indicesAddress, int count) {
        boolean simple =
                from.encoding() == Encoding.FLAT
                        && !from.hasNulls()
                        && layout != Layout.VIEW
                        && layout != Layout.LIST
                        && layout != Layout.STRUCT;
        if (!simple) {
            for (int i = 0; i < count; i++) {
                append(from, indicesAddress == 0 ? i : Mem.getInt(indicesAddress + 4L * i));
            }
            return;
        }
        reserve(count);
        long to = valuesAddress + (long) rowCount * width;
        if (indicesAddress == 0) {
            Mem.copy(from.valuesAddress(), to, (long) count * width);
        } else {
            gatherFixed(from.valuesAddress(), indicesAddress, count, to, width);
        }
        rowCount += count;
    }

    /** Copies a row of each of these columns of the same layout, which may be the same column. */
    public void gather(Column[] from, int[] rows, int count) {
        reserve(count);
        boolean fixed = layout != Layout.VIEW && layout != Layout.LIST && layout != Layout.STRUCT;
        for (int i = 0; i < count; i++) {
            Column source = from[i];
            if (fixed && source.encoding() == Encoding.FLAT && !source.hasNulls()) {
                long value = source.valuesAddress() + (long) width * rows[i];
                long to = valuesAddress + (long) width * rowCount++;
                if (width == Long.BYTES) {
                    Mem.putLong(to, Mem.getLong(value));
                } else {
                    Mem.copyShort(value, to, width);
                }
            } else {
                append(source, rows[i]);
            }
        }
    }

    private static void gatherFixed(long from, long indices, int count, long to, int width) {
        switch (width) {
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putLong(to + 8L * i, Mem.getLong(from + 8L * Mem.getInt(indices + 4L * i)));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putInt(to + 4L * i, Mem.getInt(from + 4L * Mem.getInt(indices + 4L * i)));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    Mem.copyShort(from + (long) width * Mem.getInt(indices + 4L * i), to + (long) width * i, width);
                }
            }
        }
    }

    /** What was appended, as a column that the caller owns; the builder is empty again. */
    public Column build() {
        if (values == null && layout != Layout.STRUCT) {
            values = allocator.allocateZeroed(tag, Math.max(8, width));
            valuesAddress = values.address();
        }
        Column[] builtChildren = new Column[children.length];
        try {
            for (int i = 0; i < children.length; i++) {
                builtChildren[i] = children[i].build();
            }
        } catch (RuntimeException failure) {
            release(builtChildren);
            throw failure;
        }
        Buffer builtValidity = validity;
        if (nullCount == 0 && validity != null) {
            validity.release();
            builtValidity = null;
        }
        Column column =
                new Column(type, Encoding.FLAT, rowCount, nullCount, values, builtValidity, data, builtChildren);
        forget();
        return column;
    }

    /** Frees columns of which not all could be built; null are those that were not. */
    public static void release(Column[] built) {
        for (Column column : built) {
            if (column != null) {
                column.release();
            }
        }
    }

    private void forget() {
        values = null;
        validity = null;
        valuesAddress = 0;
        validityAddress = 0;
        capacityRows = 0;
        rowCount = 0;
        nullCount = 0;
        data = new Buffer[0];
        openData = -1;
        dataUsed = 0;
    }

    @Override
    public void close() {
        if (values != null) {
            values.release();
        }
        if (validity != null) {
            validity.release();
        }
        for (Buffer buffer : data) {
            buffer.release();
        }
        for (ColumnBuilder child : children) {
            child.close();
        }
        forget();
    }
}
