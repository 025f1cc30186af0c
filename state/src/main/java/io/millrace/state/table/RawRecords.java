package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import java.util.Arrays;

/** Records of some keys, picked out of several runs, the newest run first, to be added the oldest first. One thread. */
public final class RawRecords implements AutoCloseable {
    private static final int FIRST_BYTES = 1 << 12;
    private static final int FIRST_RUNS = 8;

    private final Records records;
    private final StateOutput bytes;
    private final StateInput input = new StateInput();
    private long[] starts = new long[FIRST_RUNS];
    private int runs;

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

    /** Says for each of some encoded keys whether it is wanted. */
    @FunctionalInterface
    public interface KeyFilter {
        /**
         * Whether the key is wanted.
         *
         * @param isWhole whether what is known of it is the whole, whatever older runs hold
         */
        boolean wants(long key, int keyLength, boolean isWhole);
    }

    /** The records that come next are older than all before. */
    public void beginRun() {
        if (runs == starts.length) {
            starts = Arrays.copyOf(starts, 2 * runs);
        }
        starts[runs++] = bytes.sizeBytes();
    }

    /** Copies those of these records that are wanted. */
    public void copy(long address, long lengthBytes, KeyFilter filter) {
        StateInput from = input.wrap(address, lengthBytes);
        while (from.remainingBytes() > 0) {
            long start = address + lengthBytes - from.remainingBytes();
            int operation = Records.operation(from);
            int keyLength = from.getVarint();
            long key = from.skip(keyLength);
            from.skip(from.getVarint());
            if (filter.wants(key, keyLength, Records.isWhole(operation))) {
                int length = (int) (address + lengthBytes - from.remainingBytes() - start);
                bytes.reserve(length);
                bytes.putBytes(start, length);
            }
        }
    }

    /** Adds all to a table that no checkpoint keeps. */
    public void apply(CodedTable into) {
        long end = bytes.sizeBytes();
        for (int i = runs - 1; i >= 0; i--) {
            records.apply(bytes.address() + starts[i], end - starts[i], into);
            end = starts[i];
        }
    }

    @Override
    public void close() {
        records.close();
        bytes.close();
    }
}
