package io.millrace.benchmarks.state;

import io.millrace.benchmarks.keyed.KeyedEvents;
import io.millrace.connectors.api.Positions;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.Schema;

/** The source of {@link KeyedRows}: readers take blocks of positions in turn, and wait at the limit until drained. */
final class KeyedSource implements Source {
    private static final int BLOCK_ROWS = KeyedEvents.BLOCK_ROWS;
    private static final int KEY_BYTES = KeyedEvents.KEY_BYTES;

    private final KeyedRows rows;
    private final Schema schema;

    KeyedSource(KeyedRows rows, Schema schema) {
        this.rows = rows;
        this.schema = schema;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public boolean isBounded() {
        return rows.isBounded();
    }

    @Override
    public SourceRun start(ScanRequest request) {
        return new Run(request);
    }

    private final class Run implements SourceRun {
        private final ScanRequest request;
        private volatile boolean draining;

        Run(ScanRequest request) {
            this.request = request;
        }

        @Override
        public SourceReader open(int readerIndex, ReaderContext context) {
            return new Reader(this, readerIndex, context);
        }

        @Override
        public SourceProgress progress() {
            return new SourceProgress(rows.madeRows(), -1, 0, -1, true);
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
        private final int[] projection;
        private final BatchBuilder builder;
        private final Positions positions;
        private boolean opened;
        private boolean ended;

        Reader(Run run, int split, ReaderContext context) {
            this.run = run;
            this.split = split;
            this.batchRows = context.batchRows();
            this.projection = run.request.projection();
            this.builder = new BatchBuilder(context.allocator(), schema.project(projection), batchRows);
            this.positions = Positions.of(0, BLOCK_ROWS, split, run.request.readerCount(), run.request.restored());
        }

        @Override
        public Poll poll(SourceOutput output) {
            if (!opened) {
                opened = true;
                output.openSplit(split, Long.MIN_VALUE);
                output.declared(split);
            }
            if (ended || run.draining) {
                if (!ended) {
                    ended = true;
                    rows.ended(split, positions.next());
                    output.closeSplit(split);
                }
                return Poll.FINISHED;
            }
            if (output.isFull()) {
                return Poll.IDLE;
            }
            long from = positions.next();
            long to = Math.min(Math.min(positions.blockEnd(), rows.limit()), from + batchRows);
            if (from >= to) {
                output.nothingToRead(split);
                return Poll.IDLE;
            }
            make(from, (int) (to - from));
            positions.madeUpTo(to);
            output.emit(split, builder.build());
            return Poll.ACTIVE;
        }

        private void make(long from, int count) {
            long sum = 0;
            for (int position = 0; position < count; position++) {
                sum += KeyedEvents.value(from + position);
            }
            for (int i = 0; i < projection.length; i++) {
                ColumnBuilder column = builder.column(i);
                if (projection[i] == 0) {
                    appendKeys(column, from, count);
                } else {
                    for (int position = 0; position < count; position++) {
                        column.appendLong(KeyedEvents.value(from + position));
                    }
                }
            }
            rows.made(count, sum);
        }

        private void appendKeys(ColumnBuilder column, long from, int count) {
            KeyedEvents events = rows.events();
            for (int position = 0; position < count; position++) {
                int key = events.key(from + position);
                long at = column.allocateData(KEY_BYTES);
                Mem.putLong(at, KeyedEvents.keyHead(key));
                Mem.putLong(at + 8, KeyedEvents.keyTail(key));
                column.appendReserved(at, KEY_BYTES);
            }
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
