package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;

/**
 * Writes the rows of tables as records that stand for themselves, and adds such records to a table, the oldest first. A
 * record is that of a checkpoint, with more operations. One thread.
 *
 * <pre>
 *   i8 3   the row is a part, to be merged with what lies before it
 *   i8 4   as i8 0, the row is the whole, of a row that holds no addresses, {@linkplain PackedWords packed}
 *   i8 5   as i8 3, of such a row
 * </pre>
 */
public final class Records implements AutoCloseable {
    /** Operation of a record: the row of the key is this and what it was before. */
    private static final int MERGE = 3;

    private static final int PACKED = 4;
    private static final int PACKED_MERGE = 5;

    private static final int FIRST_BYTES = 1 << 10;

    private final Allocator allocator;
    private final RowConversion conversion;
    private final StateOutput scratch;

    /** Null where nothing is converted. */
    private final StateOutput converted;

    private final StateInput records = new StateInput();
    private final StateInput value = new StateInput();
    private Buffer part;

    /** A writer and reader that allocates what it needs for one row. */
    public Records(Allocator allocator) {
        this(allocator, null);
    }

    /**
     * As the other.
     *
     * @param conversion what makes rows that are read those of the table; null when they are
     */
    public Records(Allocator allocator, RowConversion conversion) {
        this.allocator = allocator;
        this.conversion = conversion;
        this.scratch = new StateOutput(allocator, FIRST_BYTES);
        try {
            this.converted = conversion == null ? null : new StateOutput(allocator, FIRST_BYTES);
        } catch (RuntimeException failure) {
            scratch.close();
            throw failure;
        }
    }

    /** Appends the record of a row. */
    public void write(CodedTable from, long row, StateOutput output) {
        KeptTable table = from.table();
        RowCodec codec = from.codec();
        int keyLength = table.keyLength(row);
        output.reserve(keyLength + 16L);
        boolean whole = codec.isWhole(row);
        boolean flat = codec.isFlat();
        output.putByte(flat ? whole ? PACKED : PACKED_MERGE : whole ? RowJournal.PUT : MERGE);
        output.putVarint(keyLength);
        table.copyKey(row, output.advance(keyLength));
        scratch.truncate(0);
        if (flat) {
            PackedWords.write(row, table.valueBytes(), scratch);
        } else {
            codec.write(row, scratch);
        }
        int length = Math.toIntExact(scratch.sizeBytes());
        output.putVarint(length);
        output.putBytes(scratch.address(), length);
    }

    /** Whether an operation is that of a row which is the whole, whatever lies before it. */
    static boolean isWhole(int operation) {
        return operation == RowJournal.PUT || operation == PACKED;
    }

    static int operation(StateInput records) {
        int operation = records.getByte();
        if (operation != RowJournal.PUT && (operation < MERGE || operation > PACKED_MERGE)) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA, "expected a record of a tier, found operation=" + operation);
        }
        return operation;
    }

    /** Adds the records of these bytes to a table that no checkpoint keeps. */
    public void apply(long address, long lengthBytes, CodedTable into) {
        KeptTable table = into.table();
        RowCodec codec = into.codec();
        records.wrap(address, lengthBytes);
        while (records.remainingBytes() > 0) {
            int operation = operation(records);
            int keyLength = records.getVarint();
            long key = records.skip(keyLength);
            int valueLength = records.getVarint();
            long bytes = records.skip(valueLength);
            long before = table.size();
            long row = table.load(key, keyLength);
            value.wrap(bytes, valueLength);
            if (operation >= PACKED) {
                unpack(bytes + valueLength);
            }
            if (table.size() != before) {
                read(codec, row);
            } else if (isWhole(operation)) {
                codec.free(row);
                Mem.fill(row, table.valueBytes(), (byte) 0);
                read(codec, row);
            } else {
                merge(table, codec, row);
            }
        }
    }

    /** Reads one record and adds it to the row of its key. */
    void addTo(StateInput from, CodedTable into, long row) {
        int operation = operation(from);
        from.skip(from.getVarint());
        int valueLength = from.getVarint();
        long bytes = from.skip(valueLength);
        value.wrap(bytes, valueLength);
        if (operation >= PACKED) {
            unpack(bytes + valueLength);
        }
        merge(into.table(), into.codec(), row);
    }

    private void unpack(long end) {
        int length = value.getVarint();
        int packed = Math.toIntExact(value.remainingBytes());
        scratch.truncate(0);
        scratch.reserve(length);
        long to = scratch.advance(length);
        PackedWords.read(end - packed, packed, to, length);
        value.wrap(to, length);
    }

    /** Makes a row what the value is. */
    private void read(RowCodec codec, long row) {
        if (conversion != null) {
            converted.truncate(0);
            conversion.convert(value, converted);
            checkRead(codec);
            value.wrap(converted.address(), converted.sizeBytes());
        }
        codec.read(value, row);
        checkRead(codec);
    }

    private void checkRead(RowCodec codec) {
        if (value.remainingBytes() != 0) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA,
                    "a row of state with " + value.remainingBytes() + " bytes behind it: layout=" + codec.layout());
        }
    }

    private void merge(KeptTable table, RowCodec codec, long row) {
        if (part == null || part.capacityBytes() < table.valueBytes()) {
            if (part != null) {
                part.release();
                part = null;
            }
            part = allocator.allocate(MemoryTag.STATE, table.valueBytes());
        }
        long from = part.address();
        Mem.fill(from, table.valueBytes(), (byte) 0);
        read(codec, from);
        codec.merge(from, row);
        codec.free(from);
    }

    @Override
    public void close() {
        scratch.close();
        if (converted != null) {
            converted.close();
        }
        if (part != null) {
            part.release();
            part = null;
        }
    }
}
