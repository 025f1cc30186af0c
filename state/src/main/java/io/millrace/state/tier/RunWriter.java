package io.millrace.state.tier;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
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

    /** About as many reads as a core can wait for at a time. */
    private static final int FETCHED_ROWS = 16;

    private static final int ENTRY_KEY_BYTES = 8;
    private static final int FIRST_HASHES = 1 << 13;

    /** So that a block of it can be had in one buffer. */
    private static final int MAX_VALUE_BYTES = 1 << 30;

    private final StateTier tier;
    private final TierRun run;

    /** What is reserved for what RocksDB keeps of each entry until the file is finished. */
    private long indexBytes;

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

    /** Makes the reads of {@link #fetch} be done. */
    @SuppressWarnings("unused")
    private long fetched;

    /** Null when there is none, or it was given to the run. */
    private RunFilter filter;

    /** Null when keys are not looked up. */
    private final RunIndex index;

    private final RunIndex.Part part;
    private final int segmentBits;
    private long[] hashes = new long[0];
    private int hashCount;
    private int segment;

    /**
     * A writer of a run.
     *
     * @param first whether no other run lies before it, so that rows that say nothing are left out
     * @param lookedUp whether single keys will be looked up in it, so that it had better have a filter and an index
     */
    RunWriter(StateTier tier, TierRun run, Allocator allocator, boolean first, boolean lookedUp) {
        this.first = first;
        this.tier = tier;
        this.run = run;
        this.allocator = allocator;
        this.indexBytes = lookedUp ? tier.reserveIndex(run) : 0;
        this.mask = BucketLayout.maskOf(run.bits());
        Records made = null;
        try {
            made = new Records(allocator);
            this.value = new StateOutput(allocator, 1 << 12);
        } catch (RuntimeException failure) {
            freeIndex();
            if (made != null) {
                made.close();
            }
            throw failure;
        }
        this.records = made;
        this.segmentBits = BucketLayout.segmentBits(run.bits());
        this.index = lookedUp ? new RunIndex(run.bits()) : null;
        this.part = lookedUp ? index.new Part() : null;
        this.filter = lookedUp ? RunFilter.tryMake(tier, allocator, run.bits()) : null;
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
        long[] counts = new long[1 << partBits];
        try (RowList list = new RowList(allocator, SCANNED_ROWS)) {
            forEach(table, list, row -> counts[part(table, row, partBits)]++);
            Buffer dealt = allocateFor(rows, Arrays.stream(counts).max().orElse(0));
            try {
                int part = 0;
                while (part < counts.length && !cancelled.getAsBoolean()) {
                    part = appendParts(from, list, counts, part, dealt);
                }
            } finally {
                dealt.release();
            }
        }
    }

    /** Room for the addresses of all rows, or of fewer when memory is short. */
    private Buffer allocateFor(long rows, long leastRows) {
        for (long some = rows; some > leastRows; some /= 2) {
            Buffer buffer = allocator.tryAllocate(MemoryTag.STATE, 8 * some);
            if (buffer != null) {
                return buffer;
            }
        }
        return allocator.allocate(MemoryTag.STATE, 8 * leastRows);
    }

    /** Appends the rows of as many parts as there is room for; returns the next. */
    private int appendParts(CodedTable from, RowList list, long[] counts, int first, Buffer dealt) {
        KeptTable table = from.table();
        int partBits = Integer.numberOfTrailingZeros(counts.length);
        long base = dealt.address();
        long room = dealt.capacityBytes() / 8;
        long[] ends = new long[counts.length];
        long rows = 0;
        int end = first;
        while (end < counts.length && rows + counts[end] <= room) {
            ends[end] = rows;
            rows += counts[end++];
        }
        int last = end;
        forEach(
                table,
                list,
                row -> {
                    int part = part(table, row, partBits);
                    if (part >= first && part < last) {
                        Mem.putLong(base + 8 * ends[part]++, row);
                    }
                });
        long start = 0;
        for (int part = first; part < last; part++) {
            append(from, base + 8 * start, (int) counts[part]);
            start += counts[part];
        }
        return last;
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
            order[i] = (long) (BucketLayout.halfOf(table.keyHash(row)) ^ Integer.MIN_VALUE) << 32 | i;
        }
        Arrays.sort(order, 0, count);
        int rowBytes = table.valueBytes();
        for (int i = 0; i < count; i++) {
            if ((i & FETCHED_ROWS - 1) == 0) {
                fetch(i, Math.min(count, i + FETCHED_ROWS), rowBytes);
            }
            long row = addresses[(int) order[i]];
            if (first && from.codec().isVoid(row)) {
                continue;
            }
            int half = (int) (order[i] >>> 32) ^ Integer.MIN_VALUE;
            if ((half & mask) != bucket) {
                flush();
                bucket = half & mask;
                if (BucketLayout.segmentOf(bucket, segmentBits) != segment) {
                    endIndexSegment();
                    endFilterSegment();
                    segment = BucketLayout.segmentOf(bucket, segmentBits);
                }
            }
            records.write(from, row, value);
            rowCount++;
            if (filter != null) {
                addToFilter(table.keyHash(row));
            }
        }
    }

    /** Has some rows, which lie anywhere, come from memory all at once, and not each when it is written. */
    private void fetch(int from, int to, int rowBytes) {
        long all = 0;
        for (int i = from; i < to; i++) {
            long row = addresses[(int) order[i]];
            all += Mem.getByte(row) + Mem.getByte(row + rowBytes - 1);
        }
        fetched = all;
    }

    private void addToFilter(long hash) {
        if (hashCount == hashes.length) {
            hashes = Arrays.copyOf(hashes, Math.max(FIRST_HASHES, 2 * hashCount));
        }
        hashes[hashCount++] = hash;
    }

    private void endIndexSegment() {
        if (part == null || part.isEmpty()) {
            return;
        }
        value.reserve(index.partBytes());
        part.write(value.address());
        put(index.keyOf(segment), value.address(), index.partBytes());
        index.segmentAt(segment, fileSize());
    }

    private void endIndex() {
        if (index != null) {
            value.reserve(index.segmentsBytes());
            index.writeSegments(value.address());
            put(RunIndex.SEGMENTS, value.address(), index.segmentsBytes());
        }
    }

    private void endFilterSegment() {
        if (filter == null || hashCount == 0) {
            return;
        }
        boolean fits = filter.add(segment, hashes, hashCount);
        hashCount = 0;
        if (!fits) {
            // What was written of it says nothing without the rest.
            filter.close();
            filter = null;
            return;
        }
        put(filter.keyOf(segment), filter.lastAddress(), filter.lastBytes());
    }

    private void flush() {
        int length = lengthOf(value.sizeBytes());
        if (length > 0) {
            put(bucket, value.address(), length);
            value.truncate(0);
            if (part != null) {
                // The entry before this went into the file when this one came; this one begins there.
                part.add(bucket, fileSize());
            }
        }
    }

    private int lengthOf(long bytes) {
        if (bytes > MAX_VALUE_BYTES) {
            throw new MillraceException(
                    ErrorCode.UNSUPPORTED,
                    run.path()
                            + ": some groups of state, which lie beside each other, of "
                            + bytes
                            + " bytes together");
        }
        return (int) bytes;
    }

    private void put(int ofBucket, long address, int lengthBytes) {
        if (file == null) {
            file = tier.write(run.path(), index != null);
        }
        if (valueBytes == null || valueAddress != address || valueBytes.capacity() < lengthBytes) {
            valueAddress = address;
            long capacity = address == value.address() ? value.capacityBytes() : lengthBytes;
            valueBytes = Mem.ALL.asSlice(address, capacity).asByteBuffer();
        }
        key.clear().putInt((int) run.number()).putInt(ofBucket).flip();
        try {
            file.put(key, valueBytes.clear().limit(lengthBytes));
        } catch (RocksDBException failed) {
            throw StateTier.failure("writing", run.path(), failed);
        }
    }

    private long fileSize() {
        try {
            return file.fileSize();
        } catch (RocksDBException failed) {
            throw StateTier.failure("writing", run.path(), failed);
        }
    }

    /** Ends the file; false, and no file, when nothing was appended. */
    boolean finish() {
        flush();
        if (file == null) {
            return false;
        }
        endIndexSegment();
        if (filter != null && filter.keyOf(segment) != RunFilter.LAST) {
            endFilterSegment();
        }
        endIndex();
        endFilterSegment();
        if (filter != null && filter.finish()) {
            put(RunFilter.LAST, filter.lastAddress(), 0);
        }
        try {
            file.finish();
            run.written(fileSize(), rowCount);
        } catch (RocksDBException failed) {
            throw StateTier.failure("writing", run.path(), failed);
        }
        run.foundBy(filter, tier.indexToUse(run, index));
        filter = null;
        return true;
    }

    private void freeIndex() {
        tier.releaseIndex(indexBytes);
        indexBytes = 0;
    }

    @Override
    public void close() {
        freeIndex();
        if (file != null) {
            file.close();
            file = null;
        }
        if (filter != null) {
            filter.close();
            filter = null;
        }
        records.close();
        value.close();
    }
}
