package io.millrace.operators.window;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.operators.aggregate.GroupSpec;
import io.millrace.operators.aggregate.GroupTable;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.Output;
import io.millrace.state.OperatorState;
import io.millrace.state.StateLongs;
import io.millrace.state.TaskState;
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
    private final TreeMap<Long, GroupTable> panes = new TreeMap<>();
    private long hotStart = Long.MIN_VALUE;
    private GroupTable hot;
    private long watermark = Long.MIN_VALUE;
    private Emitting emitting = Emitting.NOTHING;
    private long windowStart;
    private GroupTable window;
    private boolean windowIsPane;
    private long cursor;
    private long nextWindowStart = Long.MIN_VALUE;
    private Iterator<Map.Entry<Long, GroupTable>> earlyWindows;

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

    private GroupTable keptGroups(long start) {
        return new GroupTable(context.allocator(), groupSpec(), tableSpec -> context.state().pane(tableSpec, start));
    }

    /** Groups of a window that is merged, emitted and forgotten in one go. */
    private GroupTable passingGroups() {
        TaskState unkept = TaskState.unkept(context.allocator());
        return new GroupTable(context.allocator(), groupSpec(), unkept::table);
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
        Batch late = batch.share();
        if (selection != 0) {
            Buffer indices = context.allocator().allocate(MemoryTag.BATCH, 4L * rows);
            Mem.copy(selection, indices.address(), 4L * rows);
            late.select(new Selection(indices, rows));
        }
        return late;
    }

    private GroupTable groups(long start) {
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
        if (early && marker.live()) {
            earlyWindows = panes.entrySet().iterator();
            emitting = Emitting.EARLY;
            resume(out);
        }
    }

    @Override
    public boolean hasPending() {
        return emitting != Emitting.NOTHING;
    }

    @Override
    public boolean resume(Output out) {
        boolean progressed = false;
        while (emitting != Emitting.NOTHING && !out.isFull()) {
            progressed = true;
            boolean more = emitting == Emitting.CLOSED ? appendClosed() : appendEarly();
            if (output.rowCount() >= context.batchRows() || !more && output.rowCount() > 0) {
                out.emit(output.build());
            }
            if (!more) {
                if (emitting == Emitting.CLOSED && watermark != END_OF_INPUT) {
                    nextWindowStart =
                            windows.lastWindowStart(watermark - spec.shape().sizeMicros()) + spec.shape().slideMicros();
                }
                emitting = Emitting.NOTHING;
            }
        }
        return progressed;
    }

    /** Appends a piece of the first closed window that has any left; false when there is none. */
    private boolean appendClosed() {
        if (window == null && !openNextWindow()) {
            return false;
        }
        int before = output.rowCount();
        int room = Math.max(1, context.batchRows() - before);
        if (early) {
            cursor = window.hasChanges() && window.appendChanges(room, output) ? 0 : -1;
        } else {
            cursor = window.appendAll(cursor, room, output);
        }
        appendBoundaries(output.rowCount() - before, windowStart);
        if (cursor < 0) {
            closeWindow();
        }
        return true;
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
        cursor = 0;
        windowIsPane = early || spec.shape().isTumbling();
        if (windowIsPane) {
            window = panes.get(start);
            return true;
        }
        window = passingGroups();
        for (GroupTable pane : panes.subMap(start, start + spec.shape().sizeMicros()).values()) {
            window.merge(pane);
        }
        return true;
    }

    private void closeWindow() {
        if (windowIsPane) {
            dropPane(windowStart);
        } else {
            window.close();
            // Panes before the next window's start lie in no further window.
            long nextStart = windowStart + spec.shape().slideMicros();
            while (!panes.isEmpty() && panes.firstKey() < nextStart) {
                dropPane(panes.firstKey());
            }
            nextWindowStart = nextStart;
        }
        window = null;
    }

    private void dropPane(long start) {
        GroupTable dropped = panes.remove(start);
        if (dropped == hot) {
            hot = null;
        }
        dropped.close();
    }

    private boolean appendEarly() {
        while (earlyWindows.hasNext() || window != null) {
            if (window == null) {
                Map.Entry<Long, GroupTable> next = earlyWindows.next();
                windowStart = next.getKey();
                window = next.getValue();
                windowIsPane = true;
            }
            if (window.hasChanges()) {
                int before = output.rowCount();
                boolean more = window.appendChanges(Math.max(1, context.batchRows() - before), output);
                appendBoundaries(output.rowCount() - before, windowStart);
                if (!more) {
                    window = null;
                }
                return true;
            }
            window = null;
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
        if (window != null && !windowIsPane) {
            window.close();
            window = null;
        }
        panes.values().forEach(GroupTable::close);
        panes.clear();
        splitter.close();
        output.close();
    }
}
