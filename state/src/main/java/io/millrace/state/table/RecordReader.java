package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;

/**
 * Applies the records of checkpoints to a table, the oldest first. Changes made so are none to later checkpoints. One
 * thread; close it.
 */
public final class RecordReader implements AutoCloseable {
    private static final int KEYS = 1_024;

    private final RowJournal journal;
    private final KeptTable table;
    private final int valueBytes;
    private final RowCodec codec;
    private final boolean flat;
    private final KeyClip clip;
    private final long[] keys = new long[KEYS];
    private final int[] keyLengths = new int[KEYS];
    private final long[] values = new long[KEYS];
    private final int[] valueLengths = new int[KEYS];
    private final boolean[] own = new boolean[KEYS];
    private final StateInput value = new StateInput();
    private final RecordConversion conversion;
    private final StateOutput converted;

    /**
     * A reader of records for a table and its journal.
     *
     * @param clip null when all keys are the table's
     * @param conversion null when records are as the table keeps them
     */
    public RecordReader(
            Allocator allocator, KeptTable table, RowJournal journal, KeyClip clip, RecordConversion conversion) {
        this.conversion = conversion;
        this.converted = conversion == null ? null : new StateOutput(allocator, 1 << 12);
        this.table = table;
        this.journal = journal;
        this.codec = journal.codec();
        this.flat = codec.isFlat();
        this.valueBytes = journal.valueBytes();
        this.clip = clip;
    }

    /** Applies the whole of these bytes. */
    public void apply(long address, long lengthBytes) {
        StateInput input = new StateInput().wrap(address, lengthBytes);
        journal.setLoading(true);
        try {
            while (input.remainingBytes() > 0) {
                int count = 0;
                while (count < KEYS && input.remainingBytes() > 0) {
                    parse(input, count++);
                }
                if (conversion != null) {
                    convert(count);
                }
                if (clip != null) {
                    clip.test(keys, count, own);
                }
                for (int i = 0; i < count; i++) {
                    if (clip == null || own[i]) {
                        apply(i);
                    }
                }
            }
        } finally {
            journal.setLoading(false);
        }
    }

    private void parse(StateInput input, int i) {
        int operation = input.getByte();
        keyLengths[i] = input.getVarint();
        keys[i] = input.skip(keyLengths[i]);
        switch (operation) {
            case RowJournal.PUT -> {
                valueLengths[i] = input.getVarint();
                values[i] = input.skip(valueLengths[i]);
            }
            case RowJournal.DELETE -> values[i] = 0;
            default ->
                    throw new MillraceException(
                            ErrorCode.CORRUPT_DATA, "expected a record of state, found operation=" + operation);
        }
    }

    /** Puts records in place of those that were parsed. */
    private void convert(int count) {
        converted.truncate(0);
        for (int i = 0; i < count; i++) {
            if (conversion.keys() != null) {
                long at = converted.sizeBytes();
                conversion.keys().convert(value.wrap(keys[i], keyLengths[i]), converted);
                keys[i] = at;
                keyLengths[i] = (int) (converted.sizeBytes() - at);
            }
            if (values[i] != 0) {
                long at = converted.sizeBytes();
                value.wrap(values[i], valueLengths[i]);
                conversion.rows().convert(value, converted);
                checkRead();
                values[i] = at;
                valueLengths[i] = (int) (converted.sizeBytes() - at);
            } else {
                values[i] = -1;
            }
        }
        // Where they lie is known only now: they moved while more were added.
        for (int i = 0; i < count; i++) {
            keys[i] += conversion.keys() == null ? 0 : converted.address();
            values[i] = values[i] < 0 ? 0 : values[i] + converted.address();
        }
    }

    private void checkRead() {
        if (value.remainingBytes() != 0) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA,
                    "a row of state with " + value.remainingBytes() + " bytes behind it: layout=" + codec.layout());
        }
    }

    private void apply(int i) {
        if (values[i] == 0) {
            table.unload(keys[i], keyLengths[i]);
            return;
        }
        long row = table.load(keys[i], keyLengths[i]);
        if (!flat) {
            codec.free(row);
            Mem.fill(row, valueBytes, (byte) 0);
        }
        codec.read(value.wrap(values[i], valueLengths[i]), row);
        checkRead();
    }

    @Override
    public void close() {
        if (converted != null) {
            converted.close();
        }
    }
}
