package io.millrace.state.tier;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.Arrays;

/**
 * Which keys a run may have: a split block Bloom filter (Putze, Sanders and Singler, 2007; the block of eight words is
 * that of the Parquet format) for each segment of the run. A key takes {@value #BITS_A_KEY} bits, of which one in a
 * hundred other keys finds its own. One thread at a time; an entry of it in the run is
 *
 * <pre>
 *   key     i32 number of the run | i32 the last of the segment's buckets, its lower bits all ones; big-endian
 *   value   blocks of 8 x u32, little-endian
 * </pre>
 *
 * The last segment's entry is there, if need be without blocks, when the filter is whole; segments without keys have
 * none.
 */
final class RunFilter implements AutoCloseable {
    private static final int BITS_A_KEY = 10;
    private static final int BLOCK_BYTES = 32;
    private static final int WORDS = 8;

    private static final int[] SALTS = {
        0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31
    };

    /** What the last segment ends with. */
    static final int LAST = -1;

    private static final int FIRST_BYTES = 4 << 10;

    private final StateTier tier;
    private final Allocator allocator;
    private final int segmentBits;

    /** In blocks, where each segment's end; those to come are not set. */
    private final int[] ends;

    private Buffer blocks;
    private int segments;

    private RunFilter(StateTier tier, Allocator allocator, int bits) {
        this.tier = tier;
        this.allocator = allocator;
        this.segmentBits = BucketLayout.segmentBits(bits);
        this.ends = new int[1 << segmentBits];
        this.blocks = allocator.allocate(MemoryTag.ROCKSDB, FIRST_BYTES);
    }

    /** An empty filter of a run whose buckets have so many bits; null when there is no room for one. */
    static RunFilter tryMake(StateTier tier, Allocator allocator, int bits) {
        if (!tier.beginFilter(FIRST_BYTES)) {
            return null;
        }
        try {
            RunFilter filter = new RunFilter(tier, allocator, bits);
            tier.endFilter(FIRST_BYTES - filter.blocks.capacityBytes());
            return filter;
        } catch (MillraceException failure) {
            tier.endFilter(FIRST_BYTES);
            checkIsShort(failure);
            return null;
        }
    }

    private static void checkIsShort(MillraceException failure) {
        if (failure.code() != ErrorCode.OUT_OF_MEMORY) {
            throw failure;
        }
    }

    /** Goes on in a buffer of another size; false when there is no room for it. */
    private boolean resize(long bytes, long usedBytes) {
        if (!tier.beginFilter(bytes)) {
            return false;
        }
        Buffer other;
        try {
            other = allocator.allocate(MemoryTag.ROCKSDB, bytes);
        } catch (MillraceException failure) {
            tier.endFilter(bytes);
            checkIsShort(failure);
            return false;
        }
        Mem.copy(blocks.address(), other.address(), usedBytes);
        tier.endFilter(bytes - other.capacityBytes());
        tier.endFilter(blocks.capacityBytes());
        blocks.release();
        blocks = other;
        return true;
    }

    private static long blocksOf(long rows) {
        return (rows * BITS_A_KEY + 8 * BLOCK_BYTES - 1) / (8 * BLOCK_BYTES);
    }

    int segmentCount() {
        return ends.length;
    }

    /** The key under which the part of a segment is. */
    int keyOf(int segment) {
        return BucketLayout.lastOf(segment, segmentBits);
    }

    /** Adds the keys of a segment, which lies behind all those before; false when there is no room. */
    boolean add(int segment, long[] hashes, int count) {
        int length = (int) blocksOf(count);
        long base = begin(segment, length);
        if (base == 0) {
            return false;
        }
        Mem.fill(base, (long) BLOCK_BYTES * length, (byte) 0);
        for (int i = 0; i < count; i++) {
            long block = base + BLOCK_BYTES * blockOf(hashes[i], length);
            int low = (int) hashes[i];
            for (int word = 0; word < WORDS; word++) {
                long at = block + 4L * word;
                Mem.putInt(at, Mem.getInt(at) | 1 << (low * SALTS[word] >>> 27));
            }
        }
        return true;
    }

    /** Adds the part of a segment as it was written; false when there is no room. */
    boolean add(int segment, long address, int lengthBytes) {
        long base = begin(segment, lengthBytes / BLOCK_BYTES);
        if (base != 0) {
            Mem.copy(address, base, lengthBytes);
        }
        return base != 0;
    }

    /** Where the blocks of a segment begin; 0 when there is no room. */
    private long begin(int segment, int length) {
        int before = segments == 0 ? 0 : ends[segments - 1];
        long used = (long) BLOCK_BYTES * before;
        long needed = used + (long) BLOCK_BYTES * length;
        if (needed > blocks.capacityBytes() && !resize(needed + needed / 4, used)) {
            return 0;
        }
        Arrays.fill(ends, segments, segment, before);
        ends[segment] = before + length;
        segments = segment + 1;
        return blocks.address() + used;
    }

    /** Where the part of the segment that was added last lies. */
    long lastAddress() {
        return blocks.address() + (long) BLOCK_BYTES * (segments < 2 ? 0 : ends[segments - 2]);
    }

    int lastBytes() {
        return BLOCK_BYTES * (ends[segments - 1] - (segments < 2 ? 0 : ends[segments - 2]));
    }

    /** All was added; whether the last segment was not, and has to be written as one without keys. */
    boolean finish() {
        boolean open = segments < ends.length;
        Arrays.fill(ends, segments, ends.length, segments == 0 ? 0 : ends[segments - 1]);
        segments = ends.length;
        return open;
    }

    /** The block among those of its segment: by the bits that follow those of the segment. */
    private long blockOf(long hash, int length) {
        return ((hash << segmentBits) >>> 32) * length >>> 32;
    }

    /** Whether the key may be there; it is not when this is false. */
    boolean mayHave(long hash) {
        int segment = BucketLayout.segmentOf(BucketLayout.halfOf(hash), segmentBits);
        int start = segment == 0 ? 0 : ends[segment - 1];
        int length = ends[segment] - start;
        if (length == 0) {
            return false;
        }
        long block = blocks.address() + BLOCK_BYTES * (start + blockOf(hash, length));
        int low = (int) hash;
        for (int word = 0; word < WORDS; word++) {
            if ((Mem.getInt(block + 4L * word) >>> (low * SALTS[word] >>> 27) & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        tier.endFilter(blocks.capacityBytes());
        blocks.release();
    }
}
