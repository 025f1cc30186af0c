package io.millrace.benchmarks.state;

import io.millrace.benchmarks.keyed.KeyedEvents;
import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import java.util.List;

/** The sink of {@link KeyedRows}: keeps nothing, and adds up counts and sums by weight. */
final class AddingSink implements Sink {
    private final KeyedRows rows;

    AddingSink(KeyedRows rows) {
        this.rows = rows;
    }

    @Override
    public ChangelogKind accepts() {
        return ChangelogKind.RETRACT;
    }

    @Override
    public SinkRun start(SinkRequest request) {
        return new Run();
    }

    private final class Run implements SinkRun {
        @Override
        public SinkWriter open(int writerIndex, ReaderContext context) {
            return new Writer();
        }

        @Override
        public void commit(long checkpoint, List<Prepared> prepared) {}

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }

    private final class Writer implements SinkWriter {
        private boolean hasRows;

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public void write(Batch batch) {
            try (batch) {
                Column names = batch.column(0);
                Column counts = batch.column(1);
                Column sums = batch.column(2);
                Column weights = batch.weights();
                int active = batch.activeCount();
                long keys = 0;
                long count = 0;
                long sum = 0;
                long checksum = 0;
                long away = 0;
                for (int position = 0; position < active; position++) {
                    int row = batch.row(position);
                    long weight = weights == null ? 1 : weights.getLong(row);
                    keys += weight;
                    away += Math.max(0, -weight);
                    long rowCount = counts.getLong(row);
                    long rowSum = sums.getLong(row);
                    count += weight * rowCount;
                    sum += weight * rowSum;
                    long key = names.getBytesAddress(row);
                    checksum += weight * KeyedEvents.mix(Mem.getLong(key), Mem.getLong(key + 8), rowCount, rowSum);
                }
                hasRows |= active > 0;
                rows.took(keys, count, sum, checksum, away);
            }
        }

        @Override
        public void endEpoch(long epoch) {
            if (hasRows) {
                rows.epochWithRowsEnded();
            }
        }

        @Override
        public IoTask<Prepared> prepare(long checkpoint) {
            return IoTask.completed(Prepared.NOTHING);
        }

        @Override
        public void close() {}
    }
}
