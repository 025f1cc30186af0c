package io.millrace.connectors.basic;

import io.millrace.connectors.api.Positions;
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
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** A table of made-up rows: reader {@code i} of {@code n} makes rows {@code i}, {@code i + n} and so on. */
final class DatagenSource implements Source {
    private final Schema schema;
    private final List<DatagenField> fields;
    private final long rows;
    private final double rowsPerSecond;
    private final long baseMicros;
    private final Clock clock;

    /**
     * @param rows {@link Long#MAX_VALUE} for no end
     * @param baseMicros time of row 0, or {@link Long#MIN_VALUE} for the clock's
     */
    DatagenSource(
            Schema schema, List<DatagenField> fields, long rows, double rowsPerSecond, long baseMicros, Clock clock) {
        this.schema = schema;
        this.fields = List.copyOf(fields);
        this.rows = rows;
        this.rowsPerSecond = rowsPerSecond;
        this.baseMicros = baseMicros;
        this.clock = clock;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public boolean isBounded() {
        return rows != Long.MAX_VALUE;
    }

    @Override
    public OptionalLong estimatedRows() {
        return isBounded() ? OptionalLong.of(rows) : OptionalLong.empty();
    }

    @Override
    public String describe() {
        return "datagen rows=" + (isBounded() ? rows : "unbounded") + " rowsPerSecond=" + rowsPerSecond;
    }

    @Override
    public SourceRun start(ScanRequest request) {
        return new Run(request);
    }

    private final class Run implements SourceRun {
        private final ScanRequest request;
        private final long startNanos = clock.nanoTime();
        private final Positions[] shares;
        private final long firstDue;
        private final AtomicLong rowsRead = new AtomicLong();
        private volatile boolean draining;

        Run(ScanRequest request) {
            this.request = request;
            this.shares = new Positions[request.readerCount()];
            long first = Long.MAX_VALUE;
            for (int i = 0; i < shares.length; i++) {
                shares[i] = Positions.of(0, 1, i, shares.length, request.restored());
                first = Math.min(first, shares[i].next());
            }
            this.firstDue = first;
        }

        @Override
        public SourceReader open(int readerIndex, ReaderContext context) {
            return new Reader(this, readerIndex, context);
        }

        @Override
        public SourceProgress progress() {
            return new SourceProgress(rowsRead.get(), isBounded() ? rows : -1, 0, -1, !isBounded());
        }

        @Override
        public void drain() {
            draining = true;
        }

        @Override
        public void close() {}
    }

    private final class Reader implements SourceReader {
        private final Run run;
        private final int split;
        private final int batchRows;
        private final BatchBuilder builder;
        private final Positions positions;
        private boolean opened;
        private boolean paused;
        private boolean ended;

        Reader(Run run, int split, ReaderContext context) {
            this.run = run;
            this.split = split;
            this.batchRows = Math.max(1, context.batchRows());
            this.builder = new BatchBuilder(context.allocator(), schema.project(run.request.projection()), batchRows);
            this.positions = run.shares[split];
        }

        @Override
        public Poll poll(SourceOutput output) {
            if (!opened) {
                opened = true;
                output.openSplit(split, Long.MIN_VALUE);
                output.declared(split);
            }
            if (ended || positions.next() >= rows || run.draining) {
                if (!ended) {
                    ended = true;
                    output.closeSplit(split);
                }
                return Poll.FINISHED;
            }
            if (paused || output.isFull()) {
                return Poll.IDLE;
            }
            double passedSeconds = (clock.nanoTime() - run.startNanos) * 1e-9;
            long due = Math.min(rows, run.firstDue + (long) (passedSeconds * rowsPerSecond) + 1);
            if (positions.next() >= due) {
                output.nothingToRead(split);
                return Poll.IDLE;
            }
            output.emit(split, make(due));
            return Poll.ACTIVE;
        }

        private Batch make(long due) {
            int[] projection = run.request.projection();
            long now = clock.epochMicros();
            int made = 0;
            long next = positions.next();
            for (; next < due && made < batchRows; made++) {
                long time = baseMicros == Long.MIN_VALUE ? now : baseMicros + (long) (next * 1e6 / rowsPerSecond);
                for (int i = 0; i < projection.length; i++) {
                    fields.get(projection[i]).append(builder.column(i), next, time);
                }
                if (projection.length == 0) {
                    builder.addEmptyRow();
                }
                positions.madeUpTo(next + 1);
                next = positions.next();
            }
            run.rowsRead.addAndGet(made);
            return builder.build();
        }

        @Override
        public void pauseSplit(int which) {
            paused = true;
        }

        @Override
        public void resumeSplit(int which) {
            paused = false;
        }

        @Override
        public byte[] snapshot() {
            return positions.snapshot();
        }

        @Override
        public void close() {
            builder.close();
        }
    }
}
