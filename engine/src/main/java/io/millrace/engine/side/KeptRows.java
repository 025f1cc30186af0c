package io.millrace.engine.side;

import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.batch.Batch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/** Reads batches that are at hand: the first reader emits all of them, the others nothing. */
final class KeptRows implements SourceRun {
    private final Deque<Batch> batches;
    private final BiFunction<Batch, ReaderContext, Batch> projection;
    private final AtomicLong rowsRead = new AtomicLong();

    /**
     * Takes the batches.
     *
     * @param projection takes a batch and gives what is emitted for it
     */
    KeptRows(List<Batch> batches, BiFunction<Batch, ReaderContext, Batch> projection) {
        this.batches = new ArrayDeque<>(batches);
        this.projection = projection;
    }

    @Override
    public SourceReader open(int readerIndex, ReaderContext context) {
        return new Reader(readerIndex == 0, context);
    }

    private synchronized Batch next() {
        return batches.pollFirst();
    }

    @Override
    public SourceProgress progress() {
        return new SourceProgress(rowsRead.get(), -1, 0, -1, false);
    }

    @Override
    public synchronized void close() {
        batches.forEach(Batch::close);
        batches.clear();
    }

    private final class Reader implements SourceReader {
        private final boolean emits;
        private final ReaderContext context;
        private boolean opened;

        Reader(boolean emits, ReaderContext context) {
            this.emits = emits;
            this.context = context;
        }

        @Override
        public Poll poll(SourceOutput output) {
            if (!opened) {
                opened = true;
                output.openSplit(0, Long.MIN_VALUE);
            }
            if (emits) {
                while (!output.isFull()) {
                    Batch batch = next();
                    if (batch == null) {
                        output.closeSplit(0);
                        return Poll.FINISHED;
                    }
                    rowsRead.addAndGet(batch.activeCount());
                    output.emit(0, projection.apply(batch, context));
                }
                return Poll.ACTIVE;
            }
            output.closeSplit(0);
            return Poll.FINISHED;
        }

        @Override
        public void close() {}
    }
}
