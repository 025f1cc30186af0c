package io.millrace.state.tier;

import io.millrace.memory.buffer.Mem;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.RawRecords;
import io.millrace.state.table.StateOutput;
import java.util.Arrays;
import java.util.List;

/** What a table's tier holds of some keys. The worker asks and waits; an I/O thread looks them up in order. */
public final class TierLookup implements AutoCloseable {
    /** Before each key: i64 hash, i32 length. */
    private static final int HEADER_BYTES = 12;

    /** With so many keys in a bucket nearly all are read, and so ahead. */
    private static final int KEYS_A_BUCKET = 4;

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
        try {
            copyKeys(of.table(), rowsAddress);
        } catch (RuntimeException failure) {
            parts.keys.close();
            throw failure;
        }
        table.hold(parts);
        task.queue().submit(this::run);
    }

    private void copyKeys(KeptTable rows, long rowsAddress) {
        for (int i = 0; i < count; i++) {
            long row = Mem.getLong(rowsAddress + 8L * i);
            int length = rows.keyLength(row);
            offsets[i] = parts.keys.sizeBytes();
            parts.keys.putLong(rows.keyHash(row));
            parts.keys.putInt(length);
            rows.copyKey(row, parts.keys.advance(length));
        }
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
        try (RawRecords raw = new RawRecords(task.allocator())) {
            lookUp(keys, raw);
            raw.apply(parts.found);
        }
        task.tier().statistics().lookedUp(count);
        done = true;
    }

    /** From the newest run on, until nothing before it matters. */
    private void lookUp(long[] keys, RawRecords raw) {
        List<TierRun> runs = table.ingested();
        boolean[] whole = new boolean[count];
        int[] wanted = new int[count];
        for (TierRun run : runs.reversed()) {
            RunFilter filter = run.filter();
            int wantedCount = 0;
            for (int k = 0; k < count; k++) {
                if (!whole[k] && (filter == null || filter.mayHave(Mem.getLong(keys[k])))) {
                    wanted[wantedCount++] = k;
                }
            }
            if (wantedCount == 0) {
                continue;
            }
            raw.beginRun();
            if (run.index() != null) {
                lookUp(run, keys, wanted, wantedCount, whole, raw);
            } else {
                try (BucketReader reader = reader(run, keys[wanted[0]], keys[wanted[wantedCount - 1]], wantedCount)) {
                    lookUp(reader, run.bits(), keys, wanted, wantedCount, whole, raw);
                }
            }
        }
    }

    /** In a run that has an index. */
    private static void lookUp(
            TierRun run, long[] keys, int[] wanted, int wantedCount, boolean[] whole, RawRecords raw) {
        RunIndex index = run.index();
        MappedRun file = run.mapped();
        int mask = BucketLayout.maskOf(run.bits());
        int segment = -1;
        long part = 0;
        int i = 0;
        while (i < wantedCount) {
            int bucket = halfOf(keys[wanted[i]]) & mask;
            int from = i++;
            while (i < wantedCount && (halfOf(keys[wanted[i]]) & mask) == bucket) {
                i++;
            }
            if (index.segmentOf(bucket) != segment) {
                segment = index.segmentOf(bucket);
                long offset = index.segmentAt(segment);
                part = offset < 0 ? 0 : file.value(offset, index.keyOf(segment));
            }
            long offset = part == 0 ? -1 : index.bucketAt(part, bucket);
            if (offset >= 0) {
                int end = i;
                long address = file.value(offset, bucket);
                raw.copy(
                        address,
                        file.valueBytes(),
                        (key, length, isWhole) -> isWanted(keys, wanted, from, end, key, length, isWhole, whole));
            }
        }
    }

    private BucketReader reader(TierRun run, long firstKey, long lastKey, int wantedCount) {
        long first = Integer.toUnsignedLong(halfOf(firstKey));
        long buckets = (Integer.toUnsignedLong(halfOf(lastKey)) - first >>> Integer.SIZE - run.bits()) + 1;
        return wantedCount >= KEYS_A_BUCKET * buckets
                ? BucketReader.ofAll(task.tier(), task.allocator(), run)
                : BucketReader.ofSome(task.tier(), task.allocator(), task.column(), run);
    }

    private static void lookUp(
            BucketReader reader,
            int bits,
            long[] keys,
            int[] wanted,
            int wantedCount,
            boolean[] whole,
            RawRecords raw) {
        int mask = BucketLayout.maskOf(bits);
        int i = 0;
        while (i < wantedCount) {
            int bucket = halfOf(keys[wanted[i]]) & mask;
            boolean there = i == 0 ? reader.find(bucket) : reader.advance(bucket);
            if (!reader.isValid()) {
                return;
            }
            int from = i++;
            while (i < wantedCount && (halfOf(keys[wanted[i]]) & mask) == bucket) {
                i++;
            }
            if (there) {
                int end = i;
                long address = reader.fetch();
                raw.copy(
                        address,
                        reader.length(),
                        (key, length, isWhole) -> isWanted(keys, wanted, from, end, key, length, isWhole, whole));
            }
        }
    }

    private static boolean isWanted(
            long[] keys, int[] wanted, int from, int end, long key, int length, boolean isWhole, boolean[] whole) {
        for (int i = from; i < end; i++) {
            long other = keys[wanted[i]] + HEADER_BYTES;
            if (Mem.getInt(other - 4) == length && Mem.sameBytes(other, key, length)) {
                whole[wanted[i]] = isWhole;
                return true;
            }
        }
        return false;
    }

    private static int halfOf(long key) {
        return BucketLayout.halfOf(Mem.getLong(key));
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
