package io.millrace.state.tier;

/**
 * The buckets of a run that has an index, read where its file is mapped. One thread, that of the run's tier; the run
 * may be gone meanwhile.
 */
final class IndexedBuckets implements BucketCursor {
    private final RunIndex index;
    private final MappedRun file;
    private int segment = -1;

    /** Where the offsets of the segment's buckets are. */
    private long part;

    private int place;
    private long offset;
    private int length;

    /** Nowhere yet. */
    IndexedBuckets(TierRun run) {
        this.index = run.index();
        this.file = run.mapped();
        file.retain();
    }

    @Override
    public void seekToFirst() {
        segment = -1;
        place = index.places() - 1;
        next();
    }

    @Override
    public void next() {
        do {
            place++;
            while (place == index.places() && isValid()) {
                place = 0;
                enterNextSegment();
            }
            offset = isValid() ? index.bucketAt(part, bucket()) : 0;
        } while (offset < 0);
    }

    /** Enters the next segment that has buckets, or goes behind the last. */
    private void enterNextSegment() {
        part = 0;
        while (part == 0 && ++segment < index.segmentCount()) {
            part = index.part(file, segment);
        }
    }

    @Override
    public boolean isValid() {
        return segment < index.segmentCount();
    }

    @Override
    public int bucket() {
        return index.bucketOf(segment, place);
    }

    @Override
    public long fetch() {
        long address = file.value(offset, bucket());
        length = file.valueBytes();
        return address;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void close() {
        file.close();
    }
}
