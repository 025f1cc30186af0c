package io.millrace.state.tier;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.Records;
import io.millrace.state.table.RowList;
import io.millrace.state.table.StateOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/** Writes one run, bucket after bucket. One thread; closing what was not finished leaves a piece of a file. */
final class RunWriter implements AutoCloseable {
    /** Rows that are sorted at once; of more the table is first divided by the upper bits of the hashes. */
    private static final int SORTED_ROWS = 1 << 15;

    private static final int SCANNED_ROWS = 1 << 12;
    private static final int ENTRY_KEY_BYTES = 8;

    private final StateTier tier;
    private final TierRun run;
    private final Allocator allocator;
    private final Records records;
    private final StateOutput value;
    private final ByteBuffer key = ByteBuffer.allocateDirect(ENTRY_KEY_BYTES).order(ByteOrder.BIG_ENDIAN);
    private final int mask;
    private final boolean first;
    private SstFileWriter file;
    private ByteBuffer valueBytes;
    private long valueAddress;
    private int bucket;
    private long rowCount;
    private long[] order = new long[0];
    private long[] addresses = new long[0];

    /**
     * A writer of a run.
     *
     * @param first whether no other run lies before it, so that rows that say nothing are left out
     */
    RunWriter(StateTier tier, TierRun run, Allocator allocator, boolean first) {
        this.first = first;
        this.tier = tier;
        this.run = run;
        this.allocator = allocator;
        this.mask = maskOf(run.bits());
        this.records = new Records(allocator);
        try {
            this.value = new StateOutput(allocator, 1 << 12);
        } catch (RuntimeException failure) {
            records.close();
            throw failure;
        }
    }

    /** The bits of a bucket that count. */
    static int maskOf(int bits) {
        return bits == 0 ? 0 : -1 << 32 - bits;
    }

    /** The bucket of a hash among all that there could be. */
    private static int bucketOf(long hash) {
        return (int) (hash >>> 32);
    }

    /**
     * Appends all rows of a table.
     *
     * @param cancelled asked now and then; what was written is then of no use
     */
    void append(CodedTable from, BooleanSupplier cancelled) {
        KeptTable table = from.table();
        long rows = table.size();
        if (rows <= SORTED_ROWS) {
            try (RowList list = new RowList(allocator, (int) rows)) {
                table.scan(0, Integer.MAX_VALUE, list);
                append(from, list.address(), list.size());
            }
            return;
        }
        int partBits = 64 - Long.numberOfLeadingZeros(rows / SORTED_ROWS);
        long[] ends = new long[1 << partBits];
        try (RowList list = new RowList(allocator, SCANNED_ROWS)) {
            forEach(table, list, row -> ends[part(table, row, partBits)]++);
            long end = 0;
            for (int i = 0; i < ends.length; i++) {
                long count = ends[i];
                ends[i] = end;
                end += count;
            }
            Buffer dealt = allocator.allocate(MemoryTag.STATE, 8 * rows);
            try {
                long base = dealt.address();
                forEach(table, list, row -> Mem.putLong(base + 8 * ends[part(table, row, partBits)]++, row));
                long start = 0;
                for (int i = 0; i < ends.length && !cancelled.getAsBoolean(); i++) {
                    append(from, base + 8 * start, (int) (ends[i] - start));
                    start = ends[i];
                }
            } finally {
                dealt.release();
            }
        }
    }

    private static int part(KeptTable table, long row, int partBits) {
        return (int) (table.keyHash(row) >>> 64 - partBits);
    }

    /** What to do with a row. */
    private interface Visitor {
        void visit(long row);
    }

    private static void forEach(KeptTable table, RowList list, Visitor visitor) {
        long cursor = 0;
        while (cursor >= 0) {
            list.clear();
            cursor = table.scan(cursor, SCANNED_ROWS, list);
            for (int i = 0; i < list.size(); i++) {
                visitor.visit(list.get(i));
            }
        }
    }

    /** Appends rows, given by their i64 addresses, that lie in no bucket before the last that was appended to. */
    void append(CodedTable from, long rowsAddress, int count) {
        KeptTable table = from.table();
        if (order.length < count) {
            order = new long[Math.max(count, SCANNED_ROWS)];
            addresses = new long[order.length];
        }
        for (int i = 0; i < count; i++) {
            long row = Mem.getLong(rowsAddress + 8L * i);
            addresses[i] = row;
            // Sorted as signed numbers: the sign is turned about.
            order[i] = (long) (bucketOf(table.keyHash(row)) ^ Integer.MIN_VALUE) << 32 | i;
        }
        Arrays.sort(order, 0, count);
        for (int i = 0; i < count; i++) {
            long row = addresses[(int) order[i]];
            if (first && from.codec().isVoid(row)) {
                continue;
            }
            int next = ((int) (order[i] >>> 32) ^ Integer.MIN_VALUE) & mask;
            if (next != bucket) {
                flush();
                bucket = next;
            }
            records.write(from, row, value);
            rowCount++;
        }
    }

    /** Rows appended so far. */
    long rowCount() {
        return rowCount;
    }

    private void flush() {
        int length = Math.toIntExact(value.sizeBytes());
        if (length == 0) {
            return;
        }
        if (file == null) {
            file = tier.write(run.path());
        }
        if (valueBytes == null || valueAddress != value.address()) {
            valueAddress = value.address();
            valueBytes = Mem.ALL.asSlice(valueAddress, value.capacityBytes()).asByteBuffer();
        }
        key.clear().putInt(bucket).putInt((int) run.number()).flip();
        try {
            file.put(key, valueBytes.clear().limit(length));
        } catch (RocksDBException failed) {
            throw StateTier.failure("writing", run.path(), failed);
        }
        value.truncate(0);
    }

    /** Ends the file; false, and no file, when nothing was appended. */
    boolean finish() {
        flush();
        if (file == null) {
            return false;
        }
        try {
            file.finish();
            run.written(file.fileSize());
            return true;
        } catch (RocksDBException failed) {
            throw StateTier.failure("writing", run.path(), failed);
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
        records.close();
        value.close();
    }
}
