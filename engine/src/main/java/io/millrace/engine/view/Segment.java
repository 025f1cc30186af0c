package io.millrace.engine.view;

import io.millrace.memory.batch.Batch;

/**
 * Rows of a shard that were written together: immutable columns, and which of them still count. The bitmap is copied
 * before it changes once readers may have it. Belongs to the shard's writer; readers see {@link SegmentRows}.
 */
final class Segment {
    private final Batch batch;
    private final int slot;
    private long[] live;
    private boolean liveShared;
    private int liveRows;
    private long weightSum;
    private boolean delivered;
    private SegmentRows view;

    /** Takes the batch, whose rows all count; its weights, if any, say how often each row is there. */
    Segment(Batch batch, int slot) {
        this.batch = batch;
        this.slot = slot;
        this.liveRows = batch.rowCount();
        this.live = new long[liveRows + 63 >>> 6];
        for (int row = 0; row < liveRows; row++) {
            live[row >>> 6] |= 1L << row;
            weightSum += batch.weight(row);
        }
    }

    Batch batch() {
        return batch;
    }

    int slot() {
        return slot;
    }

    int rowCount() {
        return batch.rowCount();
    }

    int liveRows() {
        return liveRows;
    }

    boolean isLive(int row) {
        return (live[row >>> 6] >>> row & 1) != 0;
    }

    void remove(int row) {
        if (liveShared) {
            live = live.clone();
            liveShared = false;
        }
        live[row >>> 6] &= ~(1L << row);
        liveRows--;
        weightSum -= batch.weight(row);
        view = null;
    }

    /** Whether a version that was delivered holds it, so that readers may have it. */
    boolean isDelivered() {
        return delivered;
    }

    /** What readers see: unchanged for ever. */
    SegmentRows deliver() {
        if (view == null) {
            view = new SegmentRows(batch, live, liveRows, weightSum);
            liveShared = true;
        }
        delivered = true;
        return view;
    }

    /** Frees the columns; once no reader can have it. */
    void free() {
        batch.close();
    }
}
