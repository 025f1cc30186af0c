package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;

/**
 * Writes the rows of tables as records that stand for themselves, and adds such records to a table, the oldest first. A
 * record is that of a checkpoint, with one more operation: {@code i8 3}, the row is a part, to be merged with what lies
 * before it. One thread.
 */
public final class Records implements AutoCloseable {
    /** Operation of a record: the row of the key is this and what it was before. */
    static final int MERGE = 3;

    private static final int FIRST_BYTES = 1 << 10;

    private final Allocator allocator;
    private final RowConversion conversion;
    private final StateOutput scratch;
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
    }

    /** Says for each of some encoded keys whether it is wanted. */
    @FunctionalInterface
    public interface KeyFilter {
        /** Whether the key is wanted. */
        boolean wants(long key, int keyLength);
    }

    /** Appends the record of a row. */
    public void write(CodedTable from, long row, StateOutput output) {
        KeptTable table = from.table();
        RowCodec codec = from.codec();
        int keyLength = table.keyLength(row);
        output.reserve(keyLength + 16L);
        output.putByte(codec.isWhole(row) ? RowJournal.PUT : MERGE);
        output.putVarint(keyLength);
        table.copyKey(row, output.advance(keyLength));
        if (codec.isFlat()) {
            output.putVarint(table.valueBytes());
            output.putBytes(row, table.valueBytes());
            return;
        }
        scratch.truncate(0);
        codec.write(row, scratch);
        int length = Math.toIntExact(scratch.sizeBytes());
        output.putVarint(length);
        output.putBytes(scratch.address(), length);
    }

    /**
     * Adds the records of these bytes to a table that no checkpoint keeps.
     *
     * @param filter says which keys are wanted; null for all
     */
    public void apply(long address, long lengthBytes, CodedTable into, KeyFilter filter) {
        KeptTable table = into.table();
        RowCodec codec = into.codec();
        records.wrap(address, lengthBytes);
        while (records.remainingBytes() > 0) {
            int operation = records.getByte();
            if (operation != RowJournal.PUT && operation != MERGE) {
                throw new MillraceException(
                        ErrorCode.CORRUPT_DATA, "expected a record of a tier, found operation=" + operation);
            }
            int keyLength = records.getVarint();
            long key = records.skip(keyLength);
            int valueLength = records.getVarint();
            long bytes = records.skip(valueLength);
            if (filter != null && !filter.wants(key, keyLength)) {
                continue;
            }
            long before = table.size();
            long row = table.load(key, keyLength);
            if (table.size() != before) {
                read(codec, bytes, valueLength, row);
            } else if (operation == RowJournal.PUT) {
                codec.free(row);
                Mem.fill(row, table.valueBytes(), (byte) 0);
                read(codec, bytes, valueLength, row);
            } else {
                merge(table, codec, bytes, valueLength, row);
            }
        }
    }

    private void read(RowCodec codec, long bytes, int lengthBytes, long row) {
        value.wrap(bytes, lengthBytes);
        if (conversion != null) {
            scratch.truncate(0);
            conversion.convert(value, scratch);
            checkRead(codec);
            value.wrap(scratch.address(), scratch.sizeBytes());
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

    private void merge(KeptTable table, RowCodec codec, long bytes, int lengthBytes, long row) {
        if (part == null || part.capacityBytes() < table.valueBytes()) {
            if (part != null) {
                part.release();
                part = null;
            }
            part = allocator.allocate(MemoryTag.STATE, table.valueBytes());
        }
        long from = part.address();
        Mem.fill(from, table.valueBytes(), (byte) 0);
        read(codec, bytes, lengthBytes, from);
        codec.merge(from, row);
        codec.free(from);
    }

    @Override
    public void close() {
        scratch.close();
        if (part != null) {
            part.release();
            part = null;
        }
    }
}
