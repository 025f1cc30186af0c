package io.millrace.operators.window;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.operators.aggregate.Emission;
import io.millrace.operators.aggregate.Emission.Progress;
import io.millrace.operators.aggregate.GroupSpec;
import io.millrace.operators.aggregate.Groups;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.Output;
import io.millrace.state.OperatorState;
import io.millrace.state.StateLongs;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Windows of event time on panes: a row is added to the one pane it lies in, and a window that closes merges its panes
 * (Li et al., No Pane, No Gain, 2005). With early results each window has groups of its own instead, so that what
 * changed in it can be told; a row is then added to every window it lies in.
 */
final class WindowAggregateOperator implements Operator {
    private static final long MILLI = 1_000;
    private static final String PANES = "panes";
    private static final String TIMES = "times";

    /** The groups of a window without panes. */
    private static final Emission NONE =
            new Emission() {
                @Override
                public Progress append(int max, BatchBuilder output) {
                    return Progress.DONE;
                }

                @Override
                public void close() {}
            };

    /** What is being emitted. */
    private enum Emitting {
        NOTHING,
        /** Windows that the watermark passed, first to last. */
        CLOSED,
        /** Changes of open windows. */
        EARLY
    }

    private final WindowAggregateSpec spec;
    private final OperatorContext context;
    private final Windows windows;
    private final boolean early;
    private final PaneSplitter splitter;
    private final BatchBuilder output;
    private final TreeMap<Long, Groups> panes = new TreeMap<>();
    private long hotStart = Long.MIN_VALUE;
    private Groups hot;
    private long watermark = Long.MIN_VALUE;
    private Emitting emitting = Emitting.NOTHING;
    private long windowStart;
    private Emission window;
    private long nextWindowStart = Long.MIN_VALUE;
    private Iterator<Map.Entry<Long, Groups>> earlyWindows;
    private boolean live;
    private boolean behind;

    WindowAggregateOperator(WindowAggregateSpec spec, OperatorContext context) {
        this.spec = spec;
        this.context = context;
        this.windows = new Windows(spec.shape());
        this.early = spec.earlyResults() && !context.isBounded();
        this.splitter = new PaneSplitter(context.allocator(), windows);
        this.output = new BatchBuilder(context.allocator(), spec.outputSchema(), context.batchRows(), early);
        try {
            restore(context.state());
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
        context.state().register(TIMES, () -> StateLongs.encode(watermark, nextWindowStart));
    }

    private void restore(OperatorState state) {
        for (long start : state.restoredPanes(PANES)) {
            panes.put(start, keptGroups(start));
        }
        List<byte[]> times = state.restored(TIMES);
        if (!times.isEmpty()) {
            watermark = Long.MAX_VALUE;
            nextWindowStart = Long.MAX_VALUE;
        }
        for (byte[] ofTask : times) {
            long[] values = StateLongs.decode(ofTask, 2);
            watermark = Math.min(watermark, values[0]);
            nextWindowStart = Math.min(nextWindowStart, values[1]);
        }
    }

    private GroupSpec groupSpec() {
        return new GroupSpec(
                PANES,
                spec.inputSchema(),
                spec.keys(),
                spec.calls(),
                spec.inputKind() != ChangelogKind.APPEND,
                early,
                false);
    }

    private Groups keptGroups(long start) {
        Groups groups = new Groups(context.allocator(), groupSpec(), context.state(), start);
        groups.live(live, false);
        return groups;
    }

    @Override
    public void process(int input, Batch batch, Output out) {
        try (batch) {
            splitter.split(batch, spec.timeColumn());
            if (splitter.nullCount() > 0) {
                setAsideTimeless(batch);
            }
            for (int i = 0; i < splitter.paneCount(); i++) {
                add(batch, splitter.pane(i), splitter.selection(i), splitter.rows(i));
            }
        }
        behind = hot != null && hot.isBehind();
    }

    private void setAsideTimeless(Batch batch) {
        for (int i = 0; i < batch.activeCount(); i++) {
            int row = batch.row(i);
            if (batch.column(spec.timeColumn()).isNull(row) && batch.weight(row) > 0) {
                context.sideTables().bad(spec.lateTable(), Windows.timeless(spec.lateTable(), batch, row));
            }
        }
    }

    private void add(Batch batch, long pane, long selection, int rows) {
        if (windows.lastWindowEnd(pane) <= watermark) {
            context.sideTables().late(spec.lateTable(), lateRows(batch, selection, rows));
            return;
        }
        if (!early) {
            groups(pane).update(batch, selection, rows);
            return;
        }
        long last = windows.lastWindowStart(pane);
        for (long start = windows.firstWindowStart(pane); start <= last; start += spec.shape().slideMicros()) {
            if (start + spec.shape().sizeMicros() > watermark) {
                groups(start).update(batch, selection, rows);
            }
        }
    }

    private Batch lateRows(Batch batch, long selection, int rows) {
        // Before it is shared, as there may be no memory.
        Buffer indices = selection == 0 ? null : context.allocator().allocate(MemoryTag.BATCH, 4L * rows);
        Batch late = batch.share();
        if (indices != null) {
            Mem.copy(selection, indices.address(), 4L * rows);
            late.select(new Selection(indices, rows));
        }
        return late;
    }

    private Groups groups(long start) {
        if (hot == null || hotStart != start) {
            hot = panes.get(start);
            if (hot == null) {
                hot = keptGroups(start);
                panes.put(start, hot);
            }
            hotStart = start;
        }
        return hot;
    }

    @Override
    public void advance(long watermarkMicros, Output out) {
        if (watermarkMicros < watermark) {
            // Sources that go on from a checkpoint may know less than was known then.
            return;
        }
        watermark = watermarkMicros;
        emitting = Emitting.CLOSED;
        resume(out);
    }

    @Override
    public void endEpoch(EpochMarker marker, Output out) {
        if (early && live != marker.live()) {
            live = marker.live();
            panes.values().forEach(groups -> groups.live(live, false));
        }
        if (early && marker.live()) {
            earlyWindows = panes.entrySet().iterator();
            emitting = Emitting.EARLY;
            resume(out);
        }
    }

    @Override
    public boolean hasPending() {
        return emitting != Emitting.NOTHING || behind;
    }

    @Override
    public boolean resume(Output out) {
        behind = behind && hot != null && hot.isBehind();
        boolean progressed = false;
        while (emitting != Emitting.NOTHING && !out.isFull()) {
            Progress progress = window != null || openNext() ? append() : Progress.DONE;
            if (progress == Progress.WAITING) {
                return progressed;
            }
            progressed = true;
            if (output.rowCount() >= context.batchRows() || progress == Progress.DONE && output.rowCount() > 0) {
                out.emit(output.build());
            }
            if (progress == Progress.DONE) {
                if (emitting == Emitting.CLOSED && watermark != END_OF_INPUT) {
                    nextWindowStart =
                            windows.lastWindowStart(watermark - spec.shape().sizeMicros()) + spec.shape().slideMicros();
                }
                emitting = Emitting.NOTHING;
            }
        }
        return progressed;
    }

    /** Appends a piece of the window, and closes it when that was all; never says that all is done. */
    private Progress append() {
        int before = output.rowCount();
        Progress progress = window.append(Math.max(1, context.batchRows() - before), output);
        appendBoundaries(output.rowCount() - before, windowStart);
        if (progress == Progress.DONE) {
            endWindow();
            if (emitting == Emitting.CLOSED) {
                closeWindow();
            }
            return Progress.MORE;
        }
        return progress;
    }

    private void endWindow() {
        Emission ended = window;
        window = null;
        if (ended != null) {
            ended.close();
        }
    }

    private boolean openNext() {
        return emitting == Emitting.CLOSED ? openNextWindow() : openNextEarly();
    }

    /** Finds the first window whose end the watermark has reached and that has rows. */
    private boolean openNextWindow() {
        if (panes.isEmpty()) {
            return false;
        }
        long firstPane = panes.firstKey();
        // Of overlapping windows, those that closed before are not opened again for the panes they share.
        long start = early ? firstPane : Math.max(windows.firstWindowStart(firstPane), nextWindowStart);
        if (start + spec.shape().sizeMicros() > watermark) {
            return false;
        }
        windowStart = start;
        if (early) {
            window = panes.get(start).changes();
        } else if (spec.shape().isTumbling()) {
            window = panes.get(start).all();
        } else {
            List<Groups> ofWindow = List.copyOf(panes.subMap(start, start + spec.shape().sizeMicros()).values());
            window = ofWindow.isEmpty() ? NONE : Groups.all(ofWindow);
        }
        return true;
    }

    private void closeWindow() {
        if (early || spec.shape().isTumbling()) {
            dropPane(windowStart);
            return;
        }
        // Panes before the next window's start lie in no further window.
        long nextStart = windowStart + spec.shape().slideMicros();
        while (!panes.isEmpty() && panes.firstKey() < nextStart) {
            dropPane(panes.firstKey());
        }
        nextWindowStart = nextStart;
    }

    private void dropPane(long start) {
        Groups dropped = panes.remove(start);
        if (dropped == hot) {
            hot = null;
        }
        dropped.close();
    }

    /** Finds the next open window with changes. */
    private boolean openNextEarly() {
        while (earlyWindows.hasNext()) {
            Map.Entry<Long, Groups> next = earlyWindows.next();
            if (next.getValue().hasChanges()) {
                windowStart = next.getKey();
                window = next.getValue().changes();
                return true;
            }
        }
        return false;
    }

    private void appendBoundaries(int rows, long start) {
        int column = spec.keys().size() + spec.calls().size();
        for (WindowAggregateSpec.Boundary boundary : spec.boundaries()) {
            long end = start + spec.shape().sizeMicros();
            long value =
                    switch (boundary) {
                        case WINDOW_START -> start;
                        case WINDOW_END -> end;
                        case WINDOW_TIME -> end - MILLI;
                    };
            ColumnBuilder builder = output.column(column++);
            builder.reserve(rows);
            long to = builder.valuesAddress() + 8L * builder.rowCount();
            for (int i = 0; i < rows; i++) {
                Mem.putLong(to + 8L * i, value);
            }
            builder.advance(rows, 0);
        }
    }

    @Override
    public void close() {
        endWindow();
        panes.values().forEach(Groups::close);
        panes.clear();
        splitter.close();
        output.close();
    }
}
