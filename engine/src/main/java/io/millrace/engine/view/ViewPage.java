package io.millrace.engine.view;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Rows of a view at one epoch, and how fresh they are. Holds the epoch until it is closed, by any thread, once. */
public final class ViewPage implements AutoCloseable {
    private final View view;
    private final ViewEpoch epoch;
    private final long ageNanos;
    private final List<Slice> slices = new ArrayList<>();
    private int rowCount;
    private boolean closed;

    /** Rows of one batch. */
    private record Slice(Batch batch, int[] rows, int count) {}

    /** Takes rows one by one. */
    @FunctionalInterface
    public interface RowVisitor {
        /** A row, by its index in the batch's columns; {@code isFinal} says whether it can still change. */
        void row(Batch batch, int row, boolean isFinal);
    }

    private ViewPage(View view, ViewEpoch epoch) {
        this.view = view;
        this.epoch = epoch;
        this.ageNanos = Math.max(0, view.group().clock().nanoTime() - epoch.publishedNanos());
    }

    /** Takes the hold of the epoch. */
    static ViewPage read(View view, ViewEpoch epoch, long limit, long offset) {
        ViewPage page = new ViewPage(view, epoch);
        long skip = offset;
        for (ShardVersion shard : epoch.shards(view.index())) {
            for (SegmentRows segment : shard.segments()) {
                if (page.rowCount >= limit) {
                    return page;
                }
                if (skip >= segment.weightSum()) {
                    skip -= segment.weightSum();
                } else {
                    page.collect(segment, skip, limit);
                    skip = 0;
                }
            }
        }
        return page;
    }

    /**
     * Takes the hold of the epoch. Rows written together are never added to, so those the earlier epoch had are old.
     */
    static ViewPage readWrittenSince(View view, ViewEpoch epoch, ViewPage earlier) {
        ViewPage page = new ViewPage(view, epoch);
        Set<Batch> old = Collections.newSetFromMap(new IdentityHashMap<>());
        for (ShardVersion shard : earlier.epoch.shards(view.index())) {
            shard.segments().forEach(segment -> old.add(segment.batch()));
        }
        for (ShardVersion shard : epoch.shards(view.index())) {
            for (SegmentRows segment : shard.segments()) {
                if (!old.contains(segment.batch())) {
                    page.collect(segment, 0, Long.MAX_VALUE);
                }
            }
        }
        return page;
    }

    private void collect(SegmentRows segment, long skip, long limit) {
        int most = (int) Math.min(limit - rowCount, segment.weightSum() - skip);
        int[] rows = new int[most];
        int count = 0;
        long left = skip;
        for (int row = 0; count < most; row++) {
            if (!segment.isLive(row)) {
                continue;
            }
            long times = segment.batch().weight(row);
            if (left >= times) {
                left -= times;
                continue;
            }
            for (long i = left; i < times && count < most; i++) {
                rows[count] = row;
                count++;
            }
            left = 0;
        }
        slices.add(new Slice(segment.batch(), rows, count));
        rowCount += count;
    }

    public String view() {
        return view.name();
    }

    public Schema schema() {
        return view.schema();
    }

    /** Rises by at least one with each publication; 0 before the first. */
    public long epoch() {
        return epoch.epoch();
    }

    /**
     * No row with an event time before this will come again; {@link Long#MIN_VALUE} when nothing is known, {@link
     * Long#MAX_VALUE} at the end of the input.
     */
    public long frontierMicros() {
        return epoch.frontierMicros(view.index());
    }

    /** How long ago the epoch was published, when this page was read. */
    public long ageMillis() {
        return ageNanos / 1_000_000;
    }

    /** Whether the view will not change any more. */
    public boolean isFinished() {
        return epoch.isFinished();
    }

    /** Rows of this page. */
    public int rowCount() {
        return rowCount;
    }

    /** Rows the whole view has at this epoch. */
    public long totalRows() {
        return epoch.rowCount(view.index());
    }

    /** Visits the rows; the batches live as long as this page. */
    public void forEach(RowVisitor visitor) {
        boolean allFinal = epoch.isFinished() || view.isAppendOnly();
        int column = view.finalColumn();
        long openFrom = view.openFromMicros(frontierMicros());
        for (Slice slice : slices) {
            Batch batch = slice.batch();
            for (int i = 0; i < slice.count(); i++) {
                int row = slice.rows()[i];
                boolean isFinal =
                        allFinal
                                || (column >= 0
                                        && !batch.column(column).isNull(row)
                                        && batch.column(column).getLong(row) < openFrom);
                visitor.row(batch, row, isFinal);
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            epoch.release();
        }
    }
}
