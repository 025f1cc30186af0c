package io.millrace.state.tier;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.RawRecords;
import io.millrace.state.table.StateOutput;
import java.util.Arrays;

/**
 * What a table's tier holds of some keys. The worker asks and waits; an I/O thread looks them up in order, and the
 * worker adds what there was to the rows it has.
 */
public final class TierLookup implements AutoCloseable {
    /** Before each key: i64 hash, i32 length. */
    private static final int HEADER_BYTES = 12;

    private final TaskTiers task;
    private final TableTier table;
    private final int count;
    private final long[] offsets;
    private final Parts parts = new Parts();
    private volatile boolean done;
    private boolean isShort;

    /** What is freed when nobody needs it any more. */
    private static final class Parts implements AutoCloseable {
        StateOutput keys;
        RawRecords found;

        @Override
        public void close() {
            keys.close();
            found.close();
        }
    }

    TierLookup(TaskTiers task, TableTier table, CodedTable of, long rowsAddress, int count) {
        this.task = task;
        this.table = table;
        this.count = count;
        this.offsets = new long[count];
        parts.keys = new StateOutput(task.allocator(), 32 * count);
        try {
            parts.found = new RawRecords(task.allocator());
        } catch (RuntimeException failure) {
            parts.keys.close();
            throw failure;
        }
        try {
            copyKeys(of.table(), rowsAddress);
        } catch (RuntimeException failure) {
            parts.close();
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
        Wanted wanted = new Wanted(count);
        for (int i = 0; i < count; i++) {
            wanted.numbers[i] = (int) order[i];
            wanted.keys[i] = base + offsets[(int) order[i]];
        }
        try {
            lookUp(wanted);
        } catch (MillraceException failure) {
            if (failure.code() != ErrorCode.OUT_OF_MEMORY) {
                throw failure;
            }
            isShort = true;
        }
        task.tier().statistics().lookedUp(count);
        done = true;
    }

    /** The keys, in the order of their hashes, and which of them are looked for in a run. */
    private static final class Wanted implements RawRecords.KeyFilter {
        /** Addresses. */
        final long[] keys;

        /** As the worker counts them. */
        final int[] numbers;

        /** Of which all is known. */
        final boolean[] whole;

        /** Those looked for. */
        final int[] places;

        int count;

        /** Of those, the ones in a bucket. */
        int from;

        int end;

        Wanted(int size) {
            keys = new long[size];
            numbers = new int[size];
            whole = new boolean[size];
            places = new int[size];
        }

        /** Looks for those that a run may have. */
        void find(RunFilter filter) {
            int found = 0;
            for (int i = 0; i < keys.length; i++) {
                if (!whole[i] && (filter == null || filter.mayHave(Mem.getLong(keys[i])))) {
                    places[found++] = i;
                }
            }
            count = found;
            end = 0;
        }

        /** Goes to the next bucket that has any; false when there is none. */
        boolean next(int mask) {
            if (end == count) {
                return false;
            }
            from = end;
            int bucket = bucket(mask);
            do {
                end++;
            } while (end < count && (halfOf(keys[places[end]]) & mask) == bucket);
            return true;
        }

        int bucket(int mask) {
            return halfOf(keys[places[from]]) & mask;
        }

        @Override
        public int numberOf(long key, int keyLength, boolean isWhole) {
            for (int i = from; i < end; i++) {
                long other = keys[places[i]] + HEADER_BYTES;
                if (Mem.getInt(other - 4) == keyLength && Mem.sameBytes(other, key, keyLength)) {
                    whole[places[i]] = isWhole;
                    return numbers[places[i]];
                }
            }
            return -1;
        }

        private static int halfOf(long key) {
            return BucketLayout.halfOf(Mem.getLong(key));
        }
    }

    /** From the newest run on, until nothing before it matters. */
    private void lookUp(Wanted wanted) {
        for (TierRun run : table.ingested().reversed()) {
            wanted.find(run.filter());
            if (wanted.count == 0) {
                continue;
            }
            if (run.index() != null) {
                lookUp(run, wanted);
            } else {
                try (BucketReader reader = BucketReader.ofSome(task.tier(), task.allocator(), task.column(), run)) {
                    lookUp(reader, run.bits(), wanted);
                }
            }
        }
    }

    /** In a run that has an index. */
    private void lookUp(TierRun run, Wanted wanted) {
        RunIndex index = run.index();
        MappedRun file = run.mapped();
        int mask = BucketLayout.maskOf(run.bits());
        int segment = -1;
        long part = 0;
        while (wanted.next(mask)) {
            int bucket = wanted.bucket(mask);
            if (index.segmentOf(bucket) != segment) {
                segment = index.segmentOf(bucket);
                part = index.part(file, segment);
            }
            long offset = part == 0 ? -1 : index.bucketAt(part, bucket);
            if (offset >= 0) {
                long address = file.value(offset, bucket);
                parts.found.copy(address, file.valueBytes(), wanted.end - wanted.from, wanted);
            }
        }
    }

    /** In one that has none. */
    private void lookUp(BucketReader reader, int bits, Wanted wanted) {
        int mask = BucketLayout.maskOf(bits);
        boolean begun = false;
        while (wanted.next(mask)) {
            int bucket = wanted.bucket(mask);
            boolean there = begun ? reader.advance(bucket) : reader.find(bucket);
            begun = true;
            if (!reader.isValid()) {
                return;
            }
            if (there) {
                long address = reader.fetch();
                parts.found.copy(address, reader.length(), wanted.end - wanted.from, wanted);
            }
        }
    }

    /** Whether it is all there. */
    public boolean isDone() {
        task.queue().check();
        return done;
    }

    /** Whether there was no room for what there is of so many keys; then nothing is added. Only when done. */
    public boolean isShort() {
        return isShort;
    }

    /**
     * Adds what there was of the keys to rows, which then are all there is of their keys. Only when done.
     *
     * @param rowsAddress of i64 addresses, as the keys were given
     */
    public void addTo(CodedTable of, long rowsAddress) {
        parts.found.addTo(of, rowsAddress);
    }

    /** Frees what was found; comes after it is done, or when nobody wants it any more. */
    @Override
    public void close() {
        task.queue().submit(() -> table.free(parts));
    }
}
