package io.millrace.engine.view;

import io.millrace.memory.batch.Batch;

/**
 * Rows of a segment as one epoch has them. The batch is not owned: it lives as long as the epoch is held.
 *
 * @param live bit {@code row} says whether the row counts
 * @param liveRows how many do
 * @param weightSum how many rows that is, each as often as it is there
 */
record SegmentRows(Batch batch, long[] live, int liveRows, long weightSum) {
    boolean isLive(int row) {
        return (live[row >>> 6] >>> row & 1) != 0;
    }
}
