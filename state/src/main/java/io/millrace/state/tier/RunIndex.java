package io.millrace.state.tier;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.Arrays;

/**
 * Where in its file each bucket of a run lies, so that one is found without searching. RocksDB writes each entry of a
 * run of which keys are looked up into a block of its own; this has the offsets of those blocks. An entry of it in the
 * run is, for each segment that has buckets,
 *
 * <pre>
 *   key     i32 number of the run | i32 the last of the segment's buckets, as {@link RunFilter} has it, less 2
 *   value   i64 offset of the segment's first block
 *           for each of 64 buckets, or fewer when the run has fewer: i32 offset from that; -1 for a bucket without rows
 * </pre>
 *
 * little-endian, and, behind the last of the run's segments, under the bucket {@link #SEGMENTS}: for each segment, i64
 * offset of the block of its entry; -1 for a segment without buckets. Only these are held in memory. One thread at a
 * time.
 */
final class RunIndex {
    /** The key of the offsets of the segments. */
    static final int SEGMENTS = -2;

    private static final int LESS_THAN_LAST = 2;

    private final int bits;
    private final int segmentBits;
    private final long[] segments;

    /** A run's, of which no bucket is known yet. */
    RunIndex(int bits) {
        this.bits = bits;
        this.segmentBits = BucketLayout.segmentBits(bits);
        this.segments = new long[1 << segmentBits];
        Arrays.fill(segments, -1);
    }

    /** As it was written; null when it is not that of a run whose buckets have so many bits. */
    static RunIndex read(int bits, long address, int lengthBytes) {
        RunIndex index = new RunIndex(bits);
        if (lengthBytes != Long.BYTES * index.segments.length) {
            return null;
        }
        for (int i = 0; i < index.segments.length; i++) {
            index.segments[i] = Mem.getLong(address + Long.BYTES * i);
        }
        return index;
    }

    /** The key under which the offsets of a segment's buckets are. */
    int keyOf(int segment) {
        return BucketLayout.lastOf(segment, segmentBits) - LESS_THAN_LAST;
    }

    int segmentOf(int bucket) {
        return BucketLayout.segmentOf(bucket, segmentBits);
    }

    /** The bucket's place in its segment. */
    int placeOf(int bucket) {
        return bits == 0 ? 0 : (bucket >>> Integer.SIZE - bits) & (places() - 1);
    }

    /** Buckets of a segment. */
    int places() {
        return 1 << bits - segmentBits;
    }

    /** The bucket at a place of a segment. */
    int bucketOf(int segment, int place) {
        return bits == 0 ? 0 : (segment << bits - segmentBits | place) << Integer.SIZE - bits;
    }

    int segmentCount() {
        return segments.length;
    }

    int partBytes() {
        return Long.BYTES + Integer.BYTES * places();
    }

    /** Says where the entry of a segment begins. */
    void segmentAt(int segment, long offset) {
        segments[segment] = offset;
    }

    /** Where the block with the offsets of a segment's buckets begins; -1 when it has none. */
    long segmentAt(int segment) {
        return segments[segment];
    }

    int segmentsBytes() {
        return Long.BYTES * segments.length;
    }

    /** Writes what {@link #read} reads. */
    void writeSegments(long to) {
        for (int i = 0; i < segments.length; i++) {
            Mem.putLong(to + Long.BYTES * i, segments[i]);
        }
    }

    /** The offset of a bucket's block, from the value of its segment's entry; -1 when it has no rows. */
    long bucketAt(long part, int bucket) {
        int from = Mem.getInt(part + Long.BYTES + Integer.BYTES * placeOf(bucket));
        return from < 0 ? -1 : Mem.getLong(part) + from;
    }

    /** The offsets of the buckets of the segment that is being written. */
    final class Part {
        private final int[] from = new int[places()];
        private long base = -1;

        /** Adds a bucket, which lies behind those before. */
        void add(int bucket, long offset) {
            if (base < 0) {
                base = offset;
                Arrays.fill(from, -1);
            }
            if (offset - base > Integer.MAX_VALUE) {
                throw new MillraceException(
                        ErrorCode.UNSUPPORTED, places() + " buckets of state of more than 2 GiB together");
            }
            from[placeOf(bucket)] = (int) (offset - base);
        }

        boolean isEmpty() {
            return base < 0;
        }

        /** Writes all, {@link #partBytes} bytes, and is empty again. */
        void write(long to) {
            Mem.putLong(to, base);
            for (int i = 0; i < from.length; i++) {
                Mem.putInt(to + Long.BYTES + Integer.BYTES * i, from[i]);
            }
            base = -1;
        }
    }
}
