package io.millrace.engine.view;

import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** A view's rows at one epoch, without a copy: the view's own columns under a selection. */
public final class ViewSource implements Source {
    private final View view;
    private final ViewEpoch epoch;
    private final List<SegmentRows> segments;

    ViewSource(View view, ViewEpoch epoch) {
        this.view = view;
        this.epoch = epoch;
        this.segments = epoch.shards(view.index()).stream().flatMap(shard -> shard.segments().stream()).toList();
    }

    @Override
    public Schema schema() {
        return view.schema();
    }

    @Override
    public boolean isBounded() {
        return true;
    }

    @Override
    public OptionalLong estimatedRows() {
        return OptionalLong.of(epoch.rowCount(view.index()));
    }

    @Override
    public String describe() {
        return "materialized view epoch=" + epoch.epoch();
    }

    @Override
    public SourceRun start(ScanRequest request) {
        if (!epoch.tryRetain()) {
            throw new IllegalStateException("the statement that reads " + view.name() + " has ended");
        }
        return new Run(request);
    }

    private final class Run implements SourceRun {
        private final ScanRequest request;
        private final AtomicLong rowsRead = new AtomicLong();
        private boolean closed;

        Run(ScanRequest request) {
            this.request = request;
        }

        @Override
        public SourceReader open(int readerIndex, ReaderContext context) {
            List<SegmentRows> share = new ArrayList<>();
            for (int i = readerIndex; i < segments.size(); i += request.readerCount()) {
                share.add(segments.get(i));
            }
            return new Reader(share, schema().project(request.projection()), request.projection(), context, rowsRead);
        }

        @Override
        public SourceProgress progress() {
            return new SourceProgress(rowsRead.get(), epoch.rowCount(view.index()), 0, -1, false);
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                epoch.release();
            }
        }
    }

    /** Emits segment after segment; a row that is there n times comes in n batches. */
    private static final class Reader implements SourceReader {
        private final List<SegmentRows> segments;
        private final Schema schema;
        private final int[] projection;
        private final ReaderContext context;
        private final AtomicLong rowsRead;
        private boolean opened;
        private int next;
        private long timesEmitted;

        Reader(
                List<SegmentRows> segments,
                Schema schema,
                int[] projection,
                ReaderContext context,
                AtomicLong rowsRead) {
            this.segments = segments;
            this.schema = schema;
            this.projection = projection;
            this.context = context;
            this.rowsRead = rowsRead;
        }

        @Override
        public Poll poll(SourceOutput output) {
            if (!opened) {
                opened = true;
                output.openSplit(0, Long.MIN_VALUE);
            }
            while (next < segments.size()) {
                if (output.isFull()) {
                    return Poll.ACTIVE;
                }
                Selection selection = rowsThereMoreOftenThan(timesEmitted, segments.get(next));
                if (selection == null) {
                    next++;
                    timesEmitted = 0;
                } else {
                    timesEmitted++;
                    rowsRead.addAndGet(selection.count());
                    output.emit(0, project(segments.get(next).batch(), selection));
                }
            }
            output.closeSplit(0);
            return Poll.FINISHED;
        }

        private Selection rowsThereMoreOftenThan(long times, SegmentRows segment) {
            Batch batch = segment.batch();
            if (batch.weights() == null && times > 0) {
                return null;
            }
            Buffer rows = context.allocator().allocate(MemoryTag.BATCH, 4L * Math.max(1, segment.liveRows()));
            int count = 0;
            for (int row = 0; row < batch.rowCount(); row++) {
                if (segment.isLive(row) && batch.weight(row) > times) {
                    Mem.putInt(rows.address() + 4L * count, row);
                    count++;
                }
            }
            if (count == 0) {
                rows.release();
                return null;
            }
            return new Selection(rows, count);
        }

        private Batch project(Batch batch, Selection selection) {
            Column[] columns = new Column[projection.length];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = batch.column(projection[i]).retain();
            }
            return new Batch(schema, columns, batch.rowCount(), selection, null);
        }

        @Override
        public void close() {
            next = segments.size();
        }
    }
}
