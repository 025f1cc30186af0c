package io.millrace.engine.side;

import io.millrace.connectors.api.BadRecord;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.util.List;

/** {@code <table>$bad}: what is kept at the moment the reading begins. */
record BadSource(SideTableStore store, String table) implements Source {
    private static final Schema SCHEMA =
            Schema.of(
                    "origin", DataType.VARCHAR,
                    "position", DataType.BIGINT,
                    "reason", DataType.VARCHAR,
                    "raw", DataType.BINARY);

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public boolean isBounded() {
        return true;
    }

    @Override
    public String describe() {
        return "bad records";
    }

    @Override
    public SourceRun start(ScanRequest request) {
        return new Run(store.keptBad(table), request.projection());
    }

    private record Run(List<BadRecord> records, int[] projection) implements SourceRun {
        @Override
        public SourceReader open(int readerIndex, ReaderContext context) {
            return new Reader(readerIndex == 0 ? records : List.of(), projection, context);
        }

        @Override
        public SourceProgress progress() {
            return new SourceProgress(records.size(), records.size(), 0, -1, false);
        }

        @Override
        public void close() {}
    }

    private static final class Reader implements SourceReader {
        private final List<BadRecord> records;
        private final int[] projection;
        private final ReaderContext context;
        private int next;
        private boolean opened;

        Reader(List<BadRecord> records, int[] projection, ReaderContext context) {
            this.records = records;
            this.projection = projection;
            this.context = context;
        }

        @Override
        public Poll poll(SourceOutput output) {
            if (!opened) {
                opened = true;
                output.openSplit(0, Long.MIN_VALUE);
            }
            if (next < records.size()) {
                if (!output.isFull()) {
                    emit(output);
                }
                return Poll.ACTIVE;
            }
            output.closeSplit(0);
            return Poll.FINISHED;
        }

        private void emit(SourceOutput output) {
            int end = Math.min(records.size(), next + context.batchRows());
            try (BatchBuilder builder = new BatchBuilder(context.allocator(), SCHEMA.project(projection), end - next)) {
                for (; next < end; next++) {
                    BadRecord bad = records.get(next);
                    if (projection.length == 0) {
                        builder.addEmptyRow();
                    }
                    for (int i = 0; i < projection.length; i++) {
                        builder.column(i).appendObject(value(bad, projection[i]));
                    }
                }
                output.emit(0, builder.build());
            }
        }

        private static Object value(BadRecord bad, int column) {
            return switch (column) {
                case 0 -> bad.origin();
                case 1 -> bad.position();
                case 2 -> bad.reason();
                default -> bad.rawBytes();
            };
        }

        @Override
        public void close() {}
    }
}
