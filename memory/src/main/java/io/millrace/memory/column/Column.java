package io.millrace.memory.column;

import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * One off-heap vector: immutable once made, counted, readable from any thread. It begins with one holder; the last
 * {@link #release} frees its buffers and releases its children. Kernels take the raw addresses; the accessors by row
 * are for edges and tests and pay for the encoding at each call.
 */
public final class Column {
    private static final AtomicIntegerFieldUpdater<Column> HOLDERS =
            AtomicIntegerFieldUpdater.newUpdater(Column.class, "holders");
    private static final long[] NO_DATA = {};
    private static final Column[] NO_CHILDREN = {};
    private static final Buffer[] NO_BUFFERS = {};

    private final DataType type;
    private final Encoding encoding;
    private final int rowCount;
    private final int nullCount;
    private final Buffer values;
    private final Buffer validity;
    private final Buffer[] data;
    private final Column[] children;
    private final long valuesAddress;
    private final long validityAddress;
    private final long[] dataAddresses;

    @SuppressWarnings("unused") // read and written through HOLDERS only
    private volatile int holders = 1;

    /**
     * Takes the buffers and children.
     *
     * @param values null only for {@link Layout#STRUCT}
     * @param validity null when nothing is null
     * @param data the byte buffers of views, or null
     * @param children dictionary, list child or struct fields, or null
     */
    public Column(
            DataType type,
            Encoding encoding,
            int rowCount,
            int nullCount,
            Buffer values,
            Buffer validity,
            Buffer[] data,
            Column[] children) {
        this.type = type;
        this.encoding = encoding;
        this.rowCount = rowCount;
        this.nullCount = nullCount;
        this.values = values;
        this.validity = validity;
        this.data = data == null ? NO_BUFFERS : data;
        this.children = children == null ? NO_CHILDREN : children;
        this.valuesAddress = values == null ? 0 : values.address();
        this.validityAddress = validity == null ? 0 : validity.address();
        if (this.data.length == 0) {
            this.dataAddresses = NO_DATA;
        } else {
            this.dataAddresses = new long[this.data.length];
            for (int i = 0; i < this.data.length; i++) {
                dataAddresses[i] = this.data[i].address();
            }
        }
        assert (nullCount == 0) == (validity == null) : "nullCount=" + nullCount + " validity=" + validity;
    }

    /** A dictionary column; takes the indices, the validity and one hold of the dictionary. */
    public static Column dictionary(int rowCount, int nullCount, Buffer indices, Buffer validity, Column dictionary) {
        if (dictionary.encoding != Encoding.FLAT || dictionary.nullCount != 0) {
            throw MillraceException.internal("expected a flat dictionary without nulls, found " + dictionary);
        }
        return new Column(
                dictionary.type,
                Encoding.DICTIONARY,
                rowCount,
                nullCount,
                indices,
                validity,
                null,
                new Column[] {dictionary});
    }

    /**
     * A second column of this one's indices and nulls over another dictionary, one hold of which it takes: how a
     * function is computed once an entry. Only of a DICTIONARY column; the other dictionary has as many entries.
     */
    public Column withDictionary(Column dictionary) {
        if (encoding != Encoding.DICTIONARY || dictionary.rowCount != children[0].rowCount) {
            throw MillraceException.internal("expected a dictionary for " + this + ", found " + dictionary);
        }
        Buffer sharedValidity = validity == null ? null : validity.retain();
        return dictionary(rowCount, nullCount, values.retain(), sharedValidity, dictionary);
    }

    /** A second column of these values under another type of the same layout; of scalars and strings only. */
    public Column withType(DataType newType) {
        if (newType.layout() != type.layout() || type.layout() == Layout.LIST || type.layout() == Layout.STRUCT) {
            throw MillraceException.internal("expected a type with the layout of " + type + ", found " + newType);
        }
        Column[] dictionary = encoding == Encoding.DICTIONARY ? new Column[] {children[0].withType(newType)} : null;
        return new Column(
                newType,
                encoding,
                rowCount,
                nullCount,
                values.retain(),
                validity == null ? null : validity.retain(),
                retainAll(data),
                dictionary);
    }

    /**
     * The first value of {@code flat}, for every one of {@code rowCount} rows; takes {@code flat}, which has one row.
     */
    public static Column constant(Column flat, int rowCount) {
        if (flat.encoding != Encoding.FLAT || flat.rowCount != 1) {
            throw MillraceException.internal("expected a flat column of one row, found " + flat);
        }
        Column[] children = flat.children.clone();
        for (Column child : children) {
            child.retain();
        }
        Column constant =
                new Column(
                        flat.type,
                        Encoding.CONSTANT,
                        rowCount,
                        flat.nullCount == 0 ? 0 : rowCount,
                        flat.values == null ? null : flat.values.retain(),
                        flat.validity == null || rowCount == 0 ? null : flat.validity.retain(),
                        retainAll(flat.data),
                        children);
        flat.release();
        return constant;
    }

    private static Buffer[] retainAll(Buffer[] buffers) {
        for (Buffer buffer : buffers) {
            buffer.retain();
        }
        return buffers.clone();
    }

    public DataType type() {
        return type;
    }

    public Encoding encoding() {
        return encoding;
    }

    public int rowCount() {
        return rowCount;
    }

    /** Exact. */
    public int nullCount() {
        return nullCount;
    }

    public boolean hasNulls() {
        return nullCount != 0;
    }

    /** Values, or i32 indices of a dictionary column, or i32 offsets of a list; 0 for a struct. */
    public long valuesAddress() {
        return valuesAddress;
    }

    /** Validity bitmap, or 0 when nothing is null. For a CONSTANT only bit 0 counts. */
    public long validityAddress() {
        return validityAddress;
    }

    /** Addresses of the data buffers of a FLAT or CONSTANT view column. Not to be written. */
    public long[] dataAddresses() {
        return dataAddresses;
    }

    /** The data buffers of a FLAT or CONSTANT view column; a reader that keeps one retains it. Not to be written. */
    public Buffer[] dataBuffers() {
        return data;
    }

    /** The dictionary, a view that dies with this column. */
    public Column dictionary() {
        assert encoding == Encoding.DICTIONARY;
        return children[0];
    }

    /** A list's elements or a struct's field, a view that dies with this column. */
    public Column child(int index) {
        assert encoding != Encoding.DICTIONARY;
        return children[index];
    }

    public int childCount() {
        return children.length;
    }

    /** Bytes held by this column, its dictionary and children included. */
    public long heldBytes() {
        long bytes = (values == null ? 0 : values.capacityBytes()) + (validity == null ? 0 : validity.capacityBytes());
        for (Buffer buffer : data) {
            bytes += buffer.capacityBytes();
        }
        for (Column child : children) {
            bytes += child.heldBytes();
        }
        return bytes;
    }

    public Column retain() {
        int before = HOLDERS.getAndIncrement(this);
        if (before <= 0) {
            throw new IllegalStateException("retain after release of " + type);
        }
        return this;
    }

    public void release() {
        int after = HOLDERS.decrementAndGet(this);
        if (after > 0) {
            return;
        }
        if (after < 0) {
            throw new IllegalStateException("released too often: " + type);
        }
        if (values != null) {
            values.release();
        }
        if (validity != null) {
            validity.release();
        }
        for (Buffer buffer : data) {
            buffer.release();
        }
        for (Column child : children) {
            child.release();
        }
    }

    // ---- access by row, for edges and tests ----

    public boolean isNull(int row) {
        return validityAddress != 0 && !Mem.getBit(validityAddress, encoding == Encoding.CONSTANT ? 0 : row);
    }

    /** The column that holds the row's value: this one, or the dictionary. */
    public Column valueColumn() {
        return encoding == Encoding.DICTIONARY ? children[0] : this;
    }

    /** Where the row's value lies in {@link #valueColumn()}. */
    public int valueIndex(int row) {
        return switch (encoding) {
            case FLAT -> row;
            case CONSTANT -> 0;
            case DICTIONARY -> Mem.getInt(valuesAddress + 4L * row);
        };
    }

    /** Address of the row's fixed-width value or view. */
    public long valueAddress(int row) {
        return valueColumn().valuesAddress + (long) valueIndex(row) * type.layout().widthBytes();
    }

    /** BOOLEAN as 0 or 1, the integers, DATE, TIME, DECIMAL up to 18 digits, TIMESTAMP (its microseconds). */
    public long getLong(int row) {
        long at = valueAddress(row);
        return switch (type.layout()) {
            case BOOL8, I8 -> Mem.getByte(at);
            case I16 -> Mem.getShort(at);
            case I32 -> Mem.getInt(at);
            case I64, NANOS -> Mem.getLong(at);
            default -> throw MillraceException.internal("expected an integer layout, found " + type);
        };
    }

    /** FLOAT and DOUBLE. */
    public double getDouble(int row) {
        long at = valueAddress(row);
        return type.layout() == Layout.F32 ? Mem.getFloat(at) : Mem.getDouble(at);
    }

    public boolean getBoolean(int row) {
        return getLong(row) != 0;
    }

    /** A copy of the bytes of a VARCHAR or BINARY. */
    public byte[] getBytes(int row) {
        long view = valueAddress(row);
        byte[] bytes = new byte[View.length(view)];
        Mem.copyOut(View.bytesAddress(view, valueColumn().dataAddresses), bytes, 0, bytes.length);
        return bytes;
    }

    /** Length in bytes of a VARCHAR or BINARY. */
    public int getBytesLength(int row) {
        return View.length(valueAddress(row));
    }

    /** Where the bytes of a VARCHAR or BINARY lie, for as long as this column lives. */
    public long getBytesAddress(int row) {
        return View.bytesAddress(valueAddress(row), valueColumn().dataAddresses);
    }

    /** First element of the row's list in child 0. */
    public int listStart(int row) {
        return Mem.getInt(valuesAddress + 4L * valueIndex(row));
    }

    /** One past the last element of the row's list in child 0. */
    public int listEnd(int row) {
        return Mem.getInt(valuesAddress + 4L * valueIndex(row) + 4);
    }

    /**
     * The value as an object: Boolean, Byte, Short, Integer, Long, Float, Double, BigDecimal, LocalDate, LocalTime,
     * LocalDateTime (TIMESTAMP), Instant (TIMESTAMP_LTZ), String, byte[], List (ROW and ARRAY), Map (MAP), or null.
     */
    public Object getObject(int row) {
        return Values.read(this, row);
    }

    @Override
    public String toString() {
        return type + " " + encoding + " rowCount=" + rowCount + " nullCount=" + nullCount;
    }
}
