package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;

/** Records of some keys, picked out of several runs, to be added to the rows of those keys. One thread at a time. */
public final class RawRecords implements AutoCloseable {
    private static final int FIRST_BYTES = 1 << 12;

    private final Records records;
    private final StateOutput bytes;
    private final StateInput input = new StateInput();

    /** Room for records. */
    public RawRecords(Allocator allocator) {
        records = new Records(allocator);
        try {
            bytes = new StateOutput(allocator, FIRST_BYTES);
        } catch (RuntimeException failure) {
            records.close();
            throw failure;
        }
    }

    /** Says for each of some encoded keys which of those that are wanted it is. */
    @FunctionalInterface
    public interface KeyFilter {
        /**
         * The number of the key, or -1 when it is not wanted.
         *
         * @param isWhole whether what is known of it is the whole, whatever older runs hold
         */
        int numberOf(long key, int keyLength, boolean isWhole);
    }

    /**
     * Copies those of these records that are wanted.
     *
     * @param most how many there may be of them
     */
    public void copy(long address, long lengthBytes, int most, KeyFilter filter) {
        StateInput from = input.wrap(address, lengthBytes);
        int left = most;
        while (left > 0 && from.remainingBytes() > 0) {
            long start = address + lengthBytes - from.remainingBytes();
            int operation = Records.operation(from);
            int keyLength = from.getVarint();
            long key = from.skip(keyLength);
            from.skip(from.getVarint());
            int number = filter.numberOf(key, keyLength, Records.isWhole(operation));
            if (number >= 0) {
                int length = (int) (address + lengthBytes - from.remainingBytes() - start);
                bytes.reserve(length + 4L);
                bytes.putInt(number);
                bytes.putBytes(start, length);
                left--;
            }
        }
    }

    /**
     * Adds all to the rows of their keys, which are touched.
     *
     * @param rowsAddress of an i64 address for each number
     */
    public void addTo(CodedTable into, long rowsAddress) {
        StateInput from = input.wrap(bytes.address(), bytes.sizeBytes());
        while (from.remainingBytes() > 0) {
            long row = Mem.getLong(rowsAddress + Long.BYTES * (long) from.getInt());
            into.table().touch(row);
            records.addTo(from, into, row);
        }
    }

    @Override
    public void close() {
        records.close();
        bytes.close();
    }
}
