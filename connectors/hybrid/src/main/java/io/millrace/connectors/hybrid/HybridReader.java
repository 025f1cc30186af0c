package io.millrace.connectors.hybrid;

import io.millrace.connectors.api.BadRecord;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceReader;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;
import java.util.function.Consumer;

/** One task's share of a hybrid table: a reader of history to measure it, one to read it, and one of the topic. */
final class HybridReader implements SourceReader {
    private static final long GAP_CHECK_NANOS = 1_000_000_000L;

    private final HybridRun run;
    private final int index;
    private final ReaderContext context;
    private final HistoryReach measured = new HistoryReach();
    private HybridRun.Phase openPhase;
    private HybridRun.Phase donePhase;
    private SourceReader stage;
    private LiveOutput live;
    private IoTask<Void> gapCheck;
    private long lastGapCheckNanos;
    private long historyRows;

    /** What the stages' readers stated when they had ended; null before. */
    private byte[] historyState;

    private byte[] topicState;

    /** What the last snapshot said: that there was one, that the topic is read, that no partition is in its band. */
    private boolean stated;

    private boolean statedLive;
    private boolean statedOver;

    HybridReader(HybridRun run, int index, ReaderContext context) {
        this.run = run;
        this.index = index;
        this.context = context;
    }

    @Override
    public Poll poll(SourceOutput output) {
        HybridRun.Phase phase = run.phase();
        return switch (phase) {
            case MEASURING -> pollStage(phase, new SilentOutput(output, this::measure));
            case REMEMBERING -> pollStage(phase, new SilentOutput(output, this::keepIds));
            case HISTORY -> {
                checkGap();
                yield pollStage(phase, new HistoryOutput(output));
            }
            case LIVE -> {
                openLive();
                live.target(output);
                yield pollStage(phase, live);
            }
            case CUTTING, STARTING -> Poll.IDLE;
        };
    }

    private Poll pollStage(HybridRun.Phase phase, SourceOutput output) {
        if (donePhase == phase) {
            return phase == HybridRun.Phase.LIVE ? Poll.FINISHED : Poll.IDLE;
        }
        openStage(phase);
        Poll poll = stage.poll(output);
        if (poll != Poll.FINISHED) {
            return poll;
        }
        if (phase == HybridRun.Phase.HISTORY) {
            historyState = stage.snapshot();
        } else if (phase == HybridRun.Phase.LIVE) {
            topicState = stage.snapshot();
        }
        stage.close();
        stage = null;
        donePhase = phase;
        switch (phase) {
            case REMEMBERING -> run.remembered(context.io());
            case MEASURING -> run.measured(measured, context.io());
            case HISTORY -> run.historyRead(context.io());
            default -> {
                return Poll.FINISHED;
            }
        }
        return Poll.ACTIVE;
    }

    private void openLive() {
        if (live == null) {
            live = new LiveOutput(run, context);
        }
    }

    private void openStage(HybridRun.Phase phase) {
        if (openPhase != phase) {
            stage = run.openStage(index, context);
            openPhase = phase;
            if (phase == HybridRun.Phase.MEASURING && index == 0) {
                run.pin(stage.snapshot());
            }
        }
    }

    @Override
    public byte[] snapshot() {
        HandoverState state = new HandoverState();
        HybridRun.Phase phase = run.phase();
        state.facts = run.facts();
        if (state.facts == null) {
            return state.toBytes();
        }
        if (index == 0) {
            run.restored().addTo(state);
        }
        state.historyRows += historyRows;
        if (phase == HybridRun.Phase.HISTORY || phase == HybridRun.Phase.LIVE) {
            openStage(phase);
        }
        if (openPhase == HybridRun.Phase.HISTORY && stage != null) {
            state.history.add(stage.snapshot());
        } else if (historyState != null) {
            state.history.add(historyState);
        }
        state.live = phase == HybridRun.Phase.LIVE || run.restored().live;
        if (phase == HybridRun.Phase.LIVE) {
            openLive();
            live.state(state);
            state.topic.add(stage != null ? stage.snapshot() : topicState);
        }
        boolean over = run.isPastBand();
        state.pins = (index == 0 || !stated) && !(over && statedOver) ? run.pins() : null;
        if (state.live && statedLive) {
            // All readers have come to the topic before the last snapshot; none will state that it has not.
            state.history.clear();
        }
        stated = true;
        statedLive = state.live;
        statedOver = over;
        return state.toBytes();
    }

    private void checkGap() {
        if (index != 0) {
            return;
        }
        long now = context.clock().nanoTime();
        if (gapCheck != null && gapCheck.isDone()) {
            gapCheck.result();
            gapCheck = null;
            lastGapCheckNanos = now;
        } else if (gapCheck == null && now - lastGapCheckNanos >= GAP_CHECK_NANOS) {
            gapCheck = context.io().submit("ask the topic for its reach", run::checkGap);
        }
    }

    @Override
    public String originOf(int split) {
        boolean ofTopic = openPhase == HybridRun.Phase.LIVE;
        return stage == null ? null : stage.originOf(ofTopic ? LiveOutput.partition(split) : split);
    }

    @Override
    public void pauseSplit(int split) {
        if (stage != null && openPhase == HybridRun.Phase.LIVE) {
            stage.pauseSplit(LiveOutput.partition(split));
        }
    }

    @Override
    public void resumeSplit(int split) {
        if (stage != null && openPhase == HybridRun.Phase.LIVE) {
            stage.resumeSplit(LiveOutput.partition(split));
        }
    }

    @Override
    public void close() {
        if (stage != null) {
            stage.close();
            stage = null;
        }
    }

    private void measure(Batch batch) {
        measured.addRows(batch.activeCount());
        Column times = run.columns().measuredTimes(batch, context.allocator());
        if (times != null) {
            try {
                measured.addTimes(times, batch);
            } finally {
                times.release();
            }
        }
        if (run.source().handover() instanceof Handover.ByOffset) {
            int columns = batch.columnCount();
            measured.addOffsets(batch.column(columns - 2), batch.column(columns - 1), batch);
        }
    }

    private void keepIds(Batch batch) {
        Column times = run.columns().times(batch, context.allocator());
        try {
            Column[] ids = run.columns().ids(batch);
            for (int i = 0; i < batch.activeCount(); i++) {
                int row = batch.row(i);
                if (!times.isNull(row) && times.getLong(row) >= run.bandStartMicros()) {
                    run.ids().add(ids, row);
                }
            }
        } finally {
            times.release();
        }
    }

    /** Looks at history's rows, and lets none through. */
    private static final class SilentOutput implements SourceOutput {
        private final SourceOutput output;
        private final Consumer<Batch> looks;

        SilentOutput(SourceOutput output, Consumer<Batch> looks) {
            this.output = output;
            this.looks = looks;
        }

        @Override
        public boolean isFull() {
            return output.isFull();
        }

        @Override
        public void emit(int split, Batch batch) {
            try (batch) {
                looks.accept(batch);
            }
        }

        @Override
        public void openSplit(int split, long boundMicros) {}

        @Override
        public void bound(int split, long boundMicros) {}

        @Override
        public void declared(int split) {}

        @Override
        public void nothingToRead(int split) {}

        @Override
        public void closeSplit(int split) {}

        @Override
        public void bad(BadRecord badRecord) {}
    }

    /** Lets history through, its watermark held at C, and keeps the ids of its last rows. */
    private final class HistoryOutput implements SourceOutput {
        private final SourceOutput output;

        HistoryOutput(SourceOutput output) {
            this.output = output;
        }

        @Override
        public boolean isFull() {
            return output.isFull();
        }

        @Override
        public void openSplit(int split, long boundMicros) {
            output.openSplit(split, Math.min(boundMicros, run.heldMicros()));
        }

        @Override
        public void bound(int split, long boundMicros) {
            output.bound(split, Math.min(boundMicros, run.heldMicros()));
        }

        @Override
        public void emit(int split, Batch batch) {
            if (run.source().handover() instanceof Handover.ByEventId) {
                keepIds(batch);
            }
            historyRows += batch.activeCount();
            run.historyEmitted(batch.activeCount(), context.clock().nanoTime());
            output.emit(split, run.columns().trim(batch));
        }

        @Override
        public void declared(int split) {
            output.declared(split);
        }

        @Override
        public void nothingToRead(int split) {}

        @Override
        public void closeSplit(int split) {
            output.closeSplit(split);
        }

        @Override
        public void bad(BadRecord badRecord) {
            output.bad(badRecord);
        }
    }
}
