package io.millrace.state.tier;

import io.millrace.memory.buffer.Mem;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.StateOutput;
import java.util.Arrays;

/** What a table's tier holds of some keys. The worker asks and waits; an I/O thread looks them up in order. */
public final class TierLookup implements AutoCloseable {
    /** Before each key: i64 hash, i32 length. */
    private static final int HEADER_BYTES = 12;

    private final TaskTiers task;
    private final TableTier table;
    private final int count;
    private final long[] offsets;
    private final Parts parts = new Parts();
    private volatile boolean done;

    /** What is freed when nobody needs it any more. */
    private static final class Parts implements AutoCloseable {
        StateOutput keys;
        CodedTable found;

        @Override
        public void close() {
            keys.close();
            if (found != null) {
                found.close();
            }
        }
    }

    TierLookup(TaskTiers task, TableTier table, CodedTable of, long rowsAddress, int count) {
        this.task = task;
        this.table = table;
        this.count = count;
        this.offsets = new long[count];
        parts.keys = new StateOutput(task.allocator(), 32 * count);
        KeptTable rows = of.table();
        for (int i = 0; i < count; i++) {
            long row = Mem.getLong(rowsAddress + 8L * i);
            int length = rows.keyLength(row);
            offsets[i] = parts.keys.sizeBytes();
            parts.keys.putLong(rows.keyHash(row));
            parts.keys.putInt(length);
            rows.copyKey(row, parts.keys.advance(length));
        }
        table.hold(parts);
        task.queue().submit(this::run);
    }

    private void run() {
        long base = parts.keys.address();
        long[] order = new long[count];
        for (int i = 0; i < count; i++) {
            // Sorted as signed numbers: the sign is turned about.
            order[i] = (Mem.getLong(base + offsets[i]) >>> 32 ^ 0x8000_0000L) << 32 | i;
        }
        Arrays.sort(order);
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = base + offsets[(int) order[i]];
        }
        parts.found = table.twin();
        if (table.column() != null) {
            try (BucketReader reader = table.reader()) {
                lookUp(keys, reader);
            }
        }
        task.tier().statistics().lookedUp(count);
        done = true;
    }

    private void lookUp(long[] keys, BucketReader reader) {
        int i = 0;
        while (i < count) {
            long hash = Mem.getLong(keys[i]);
            int from = i;
            while (i < count && reader.isSame(hash, Mem.getLong(keys[i]))) {
                i++;
            }
            int end = i;
            reader.seek(hash);
            reader.readBucket(hash, parts.found, (key, length) -> isWanted(keys, from, end, key, length));
        }
    }

    private static boolean isWanted(long[] keys, int from, int end, long key, int length) {
        for (int i = from; i < end; i++) {
            long wanted = keys[i] + HEADER_BYTES;
            if (Mem.getInt(wanted - 4) == length && Mem.sameBytes(wanted, key, length)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is all there. */
    public boolean isDone() {
        task.queue().check();
        return done;
    }

    /** The rows of those keys that there were, merged; valid until this is closed. Only when done. */
    public CodedTable found() {
        return parts.found;
    }

    /** Frees what was found; comes after it is done, or when nobody wants it any more. */
    @Override
    public void close() {
        task.queue().submit(() -> table.free(parts));
    }
}
