package io.millrace.state.table;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;

/** Applies the records of checkpoints to a table, the oldest first. Changes made so are none to later checkpoints. */
public final class RecordReader {
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

    /** A reader of records for a table and its journal; {@code clip} is null when all keys are the table's. */
    public RecordReader(KeptTable table, RowJournal journal, KeyClip clip) {
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
        if (value.remainingBytes() != 0) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA,
                    "a row of state with " + value.remainingBytes() + " bytes behind it: layout=" + codec.layout());
        }
    }
}
