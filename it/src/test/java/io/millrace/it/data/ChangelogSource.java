package io.millrace.it.data;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bounded table whose rows come and go. A row and its retraction are in the same split, so that a row is never taken
 * away in an earlier epoch than it was added in.
 */
final class ChangelogSource implements Source {
    private static final long PAUSE_NANOS = 3_000_000;

    private final Schema schema;
    private final List<List<ChangelogText.Line>> splits = new ArrayList<>();
    private final long changes;

    ChangelogSource(Schema schema, List<ChangelogText.Line> lines, int splitCount) {
        this.schema = schema;
        this.changes = lines.stream().filter(line -> !line.isPause()).count();
        for (int i = 0; i < splitCount; i++) {
            splits.add(new ArrayList<>());
        }
        for (ChangelogText.Line line : lines) {
            if (line.isPause()) {
                splits.forEach(split -> split.add(line));
            } else {
                splits.get(Math.floorMod(line.values().hashCode(), splitCount)).add(line);
            }
        }
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public boolean isBounded() {
        return true;
    }

    @Override
    public ChangelogKind changelogKind() {
        return ChangelogKind.RETRACT;
    }

    @Override
    public String describe() {
        return "changelog changes=" + changes;
    }

    @Override
    public SourceRun start(ScanRequest request) {
        return new Run(request);
    }

    private final class Run implements SourceRun {
        private final ScanRequest request;
        private final AtomicLong rowsRead = new AtomicLong();

        Run(ScanRequest request) {
            this.request = request;
        }

        @Override
        public SourceReader open(int readerIndex, ReaderContext context) {
            return new Reader(this, readerIndex, context);
        }

        @Override
        public SourceProgress progress() {
            return new SourceProgress(rowsRead.get(), changes, 0, -1, false);
        }

        @Override
        public void close() {}
    }

    private final class Reader implements SourceReader {
        private final Run run;
        private final int firstSplit;
        private final Clock clock;
        private final int batchRows;
        private final BatchBuilder builder;
        private final int[] next = new int[splits.size()];
        private final boolean[] closed = new boolean[splits.size()];
        private boolean opened;
        private long pauseEndNanos;
        private boolean pausing;

        Reader(Run run, int readerIndex, ReaderContext context) {
            this.run = run;
            this.firstSplit = readerIndex;
            this.clock = context.clock();
            this.batchRows = context.batchRows();
            this.builder =
                    new BatchBuilder(context.allocator(), schema.project(run.request.projection()), batchRows, true);
        }

        private int step() {
            return run.request.readerCount();
        }

        @Override
        public Poll poll(SourceOutput output) {
            if (!opened) {
                opened = true;
                for (int split = firstSplit; split < next.length; split += step()) {
                    output.openSplit(split, Long.MIN_VALUE);
                    output.declared(split);
                }
            }
            if (output.isFull()) {
                return Poll.IDLE;
            }
            if (pausing) {
                if (clock.nanoTime() - pauseEndNanos < 0) {
                    return Poll.IDLE;
                }
                pausing = false;
            }
            boolean open = false;
            for (int split = firstSplit; split < next.length; split += step()) {
                if (emit(split, output)) {
                    return Poll.ACTIVE;
                }
                open |= !closed[split];
            }
            return open ? pause() : Poll.FINISHED;
        }

        /** All splits have come to the same pause. */
        private Poll pause() {
            pausing = true;
            pauseEndNanos = clock.nanoTime() + PAUSE_NANOS;
            for (int split = firstSplit; split < next.length; split += step()) {
                next[split] += closed[split] ? 0 : 1;
            }
            return Poll.ACTIVE;
        }

        /** Emits a batch of the split's next changes, or closes it; false when neither can be. */
        private boolean emit(int split, SourceOutput output) {
            List<ChangelogText.Line> lines = splits.get(split);
            if (closed[split]) {
                return false;
            }
            int made = 0;
            while (made < batchRows && next[split] < lines.size() && !lines.get(next[split]).isPause()) {
                append(lines.get(next[split]++));
                made++;
            }
            if (made > 0) {
                run.rowsRead.addAndGet(made);
                Batch batch = builder.build();
                output.emit(split, batch);
            }
            if (next[split] == lines.size()) {
                closed[split] = true;
                output.closeSplit(split);
                return true;
            }
            return made > 0;
        }

        private void append(ChangelogText.Line line) {
            int[] projection = run.request.projection();
            Object[] values = new Object[projection.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = line.values().get(projection[i]);
            }
            builder.appendWeighted(line.weight(), values);
        }

        @Override
        public void close() {
            builder.close();
        }
    }
}
