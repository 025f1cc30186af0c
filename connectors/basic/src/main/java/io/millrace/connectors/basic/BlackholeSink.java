package io.millrace.connectors.basic;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.hash.Hashing;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Reads every value of what it is given, and keeps a count and a checksum. */
public final class BlackholeSink implements Sink {
    @Override
    public ChangelogKind accepts() {
        return ChangelogKind.RETRACT;
    }

    @Override
    public String describe() {
        return "blackhole";
    }

    @Override
    public Run start(SinkRequest request) {
        return new Run();
    }

    /** One execution. The totals may be read at any time by any thread; they take in whole batches. */
    public static final class Run implements SinkRun {
        private final AtomicLong rows = new AtomicLong();
        private final AtomicLong checksum = new AtomicLong();

        /** Rows written; a row that is taken away counts as well. */
        public long rows() {
            return rows.get();
        }

        /** The sum over all rows of weight times hash: the same for the same rows in any order and any batches. */
        public long checksum() {
            return checksum.get();
        }

        @Override
        public SinkWriter open(int writerIndex, ReaderContext context) {
            return new Writer(this, context.allocator());
        }

        @Override
        public void commit(long checkpoint, List<Prepared> prepared) {}

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }

    private static final class Writer implements SinkWriter {
        private final Run run;
        private final Allocator allocator;
        private Buffer hashes;

        Writer(Run run, Allocator allocator) {
            this.run = run;
            this.allocator = allocator;
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public void write(Batch batch) {
            try (batch) {
                int count = batch.activeCount();
                if (hashes == null || hashes.capacityBytes() < 8L * count) {
                    close();
                    hashes = allocator.allocate(MemoryTag.WRITE, 8L * count);
                }
                long at = hashes.address();
                for (int i = 0; i < batch.columnCount(); i++) {
                    Hashing.hashColumn(batch.column(i), batch.selectionAddress(), count, at, i == 0, allocator);
                }
                long sum = batch.columnCount() == 0 ? 0 : sum(at, count, batch);
                run.rows.addAndGet(count);
                run.checksum.addAndGet(sum);
            }
        }

        private static long sum(long hashes, int count, Batch batch) {
            Column weights = batch.weights();
            long sum = 0;
            for (int i = 0; i < count; i++) {
                long hash = Mem.getLong(hashes + 8L * i);
                sum += weights == null ? hash : hash * weights.getLong(batch.row(i));
            }
            return sum;
        }

        @Override
        public IoTask<Prepared> prepare(long checkpoint) {
            return IoTask.completed(Prepared.NOTHING);
        }

        @Override
        public void close() {
            if (hashes != null) {
                hashes.release();
                hashes = null;
            }
        }
    }
}
