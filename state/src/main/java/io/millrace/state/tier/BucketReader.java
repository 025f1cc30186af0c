package io.millrace.state.tier;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.rocksdb.RocksDBException;

/** The buckets of one run, laid out as {@link BucketLayout} says, as RocksDB reads them; some may be looked for. */
final class BucketReader implements BucketCursor {
    private static final int FIRST_BYTES = 8 << 10;

    /** To go over so many buckets one after the other costs about as much as to look for one. */
    private static final int STEPS_A_SEEK = 2;

    private final Allocator allocator;
    private final RunEntries entries;
    private final int number;
    private final int numberOffset;
    private final int bucketOffset;
    private final int bits;
    private final ByteBuffer key = ByteBuffer.allocateDirect(8).order(ByteOrder.BIG_ENDIAN);
    private Buffer buffer;
    private ByteBuffer value;
    private int length;
    private boolean valid;
    private int bucket;

    private BucketReader(Allocator allocator, RunEntries entries, TierRun run) {
        this.allocator = allocator;
        this.number = (int) run.number();
        this.numberOffset = run.isByBucket() ? 4 : 0;
        this.bucketOffset = 4 - numberOffset;
        this.bits = run.bits();
        this.entries = entries;
    }

    /** A reader that is nowhere yet, for all or much of a run. */
    static BucketReader ofAll(StateTier tier, Allocator allocator, TierRun run) {
        return new BucketReader(allocator, tier.scan(run), run);
    }

    /** A reader that is nowhere yet, for some buckets of a run that was ingested into this column. */
    static BucketReader ofSome(StateTier tier, Allocator allocator, StateTier.Column column, TierRun run) {
        return new BucketReader(allocator, tier.lookUp(column), run);
    }

    @Override
    public void seekToFirst() {
        seek(0);
        skipParts();
    }

    private void seek(int to) {
        entries.seek(key.clear().putInt(numberOffset, number).putInt(bucketOffset, to));
        look();
    }

    private void look() {
        valid = entries.isValid();
        if (valid) {
            entries.key(key.clear());
            bucket = key.getInt(bucketOffset);
            valid = key.getInt(numberOffset) == number;
            return;
        }
        try {
            entries.status();
        } catch (RocksDBException failed) {
            throw StateTier.failure("reading", "a run of state", failed);
        }
    }

    private void skipParts() {
        while (valid && BucketLayout.isPart(bucket)) {
            entries.next();
            look();
        }
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public int bucket() {
        return bucket;
    }

    @Override
    public void next() {
        entries.next();
        look();
        skipParts();
    }

    /** Goes to a bucket that lies behind this one, or is this one; whether it is there. Not the first move. */
    boolean advance(int to) {
        long gap = Integer.toUnsignedLong(to) - Integer.toUnsignedLong(bucket) >>> Integer.SIZE - bits;
        if (gap > STEPS_A_SEEK) {
            seek(to);
        }
        while (valid && Integer.compareUnsigned(bucket, to) < 0) {
            entries.next();
            look();
        }
        return valid && bucket == to;
    }

    /** Goes to a bucket; whether it is there. */
    boolean find(int to) {
        seek(to);
        return valid && bucket == to;
    }

    /** The filter that was written with the run; null when there is none, or no room for it. */
    RunFilter readFilter(StateTier tier) {
        if (!find(RunFilter.LAST)) {
            return null;
        }
        RunFilter filter = RunFilter.tryMake(tier, allocator, bits);
        if (filter == null) {
            return null;
        }
        try {
            for (int i = 0; i < filter.segmentCount(); i++) {
                if (find(filter.keyOf(i)) && !filter.add(i, fetch(), length)) {
                    filter.close();
                    return null;
                }
            }
        } catch (RuntimeException failure) {
            filter.close();
            throw failure;
        }
        filter.finish();
        return filter;
    }

    /** The index that was written with the run; null when there is none. */
    RunIndex readIndex() {
        return find(RunIndex.SEGMENTS) ? RunIndex.read(bits, fetch(), length) : null;
    }

    @Override
    public long fetch() {
        if (buffer == null) {
            reserve(FIRST_BYTES);
        }
        length = entries.value(value.clear());
        if (length > value.capacity()) {
            reserve(length);
            length = entries.value(value.clear());
        }
        if (length > value.capacity()) {
            throw new MillraceException(ErrorCode.CORRUPT_DATA, "a value of " + length + " bytes that changes");
        }
        return buffer.address();
    }

    @Override
    public int length() {
        return length;
    }

    private void reserve(int bytes) {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
        buffer = allocator.allocate(MemoryTag.STATE, bytes);
        value = Mem.ALL.asSlice(buffer.address(), buffer.capacityBytes()).asByteBuffer();
    }

    @Override
    public void close() {
        entries.close();
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
