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
 *   value   for each of 64 buckets, or fewer when the run has fewer: i64 offset of its block; -1 for one without rows
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

    /** Whether the buckets of the first segment and the last are where this says. */
    boolean isRight(MappedRun file) {
        try {
            int first = 0;
            while (segments[first] < 0) {
                first++;
            }
            int last = segments.length - 1;
            while (segments[last] < 0) {
                last--;
            }
            for (int segment : new int[] {first, last}) {
                long part = part(file, segment);
                for (int place = 0; place < places(); place++) {
                    long offset = bucketAt(part, bucketOf(segment, place));
                    if (offset >= 0) {
                        file.value(offset, bucketOf(segment, place));
                    }
                }
            }
            return true;
        } catch (MillraceException failure) {
            if (failure.code() != ErrorCode.CORRUPT_DATA) {
                throw failure;
            }
            return false;
        }
    }

    int partBytes() {
        return Long.BYTES * places();
    }

    /** Says where the entry of a segment begins. */
    void segmentAt(int segment, long offset) {
        segments[segment] = offset;
    }

    /** Where in the file the offsets of a segment's buckets are: an address; 0 when it has none. */
    long part(MappedRun file, int segment) {
        long at = segments[segment];
        return at < 0 ? 0 : file.value(at, keyOf(segment), partBytes());
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
        return Mem.getLong(part + Long.BYTES * placeOf(bucket));
    }

    /** The offsets of the buckets of the segment that is being written. */
    final class Part {
        private final long[] offsets = new long[places()];
        private boolean empty = true;

        /** Adds a bucket. */
        void add(int bucket, long offset) {
            if (empty) {
                Arrays.fill(offsets, -1);
                empty = false;
            }
            offsets[placeOf(bucket)] = offset;
        }

        boolean isEmpty() {
            return empty;
        }

        /** Writes all, {@link #partBytes} bytes, and is empty again. */
        void write(long to) {
            for (int i = 0; i < offsets.length; i++) {
                Mem.putLong(to + Long.BYTES * i, offsets[i]);
            }
            empty = true;
        }
    }
}
