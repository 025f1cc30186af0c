package io.millrace.connectors.nexmark;

import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.Positions;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceReader;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;

/** Every so-manieth block of positions, as one split whose number is the reader's. */
final class NexmarkReader implements SourceReader {
    /** Event times further from the bound than this are not assumed; keeps interval arithmetic from overflowing. */
    private static final long BOUND_WIDTH_MICROS = 1L << 52;

    private enum Phase {
        /** The split was not opened yet. */
        NEW,
        /** Generating. */
        OPEN,
        /** All was generated, and the split stays open. */
        WAITING,
        /** The split was closed. */
        ENDED
    }

    private final NexmarkSource.Run run;
    private final int split;
    private final Allocator allocator;
    private final int batchRows;
    private final int dateTimeColumn;
    private BatchBuilder builder;
    private NexmarkBids bids;
    private NexmarkEvents events;
    private Phase phase = Phase.NEW;
    private boolean paused;
    private boolean bounded = true;
    private final Positions positions;

    NexmarkReader(NexmarkSource.Run run, int readerIndex, ReaderContext context) {
        this.run = run;
        this.split = readerIndex;
        this.allocator = context.allocator();
        this.batchRows = Math.max(1, context.batchRows());
        this.dateTimeColumn = run.dateTimeColumn();
        this.positions = run.shareOf(readerIndex);
    }

    @Override
    public Poll poll(SourceOutput output) {
        if (phase == Phase.NEW) {
            open(output);
        }
        if (phase == Phase.ENDED) {
            return Poll.FINISHED;
        }
        long position = positions.next();
        long stopAt = run.stopAt();
        if (position >= stopAt) {
            return end(output);
        }
        if (paused || output.isFull()) {
            return Poll.IDLE;
        }
        long wanted = run.isWide() ? batchRows : NexmarkBids.positionsFor(run.config(), batchRows);
        long to = run.dueBefore(position, Math.min(Math.min(positions.blockEnd(), stopAt), position + wanted));
        if (to == position) {
            output.nothingToRead(split);
            return Poll.IDLE;
        }
        emit(output, to);
        return Poll.ACTIVE;
    }

    private void open(SourceOutput output) {
        builder = new BatchBuilder(allocator, run.projectedSchema(), batchRows + 64);
        if (run.isWide()) {
            events = new NexmarkEvents(run.config(), allocator);
        } else {
            bids = new NexmarkBids(run.config(), allocator);
        }
        phase = Phase.OPEN;
        long bound = bound();
        output.openSplit(split, bound);
        if (!bounded) {
            output.declared(split);
        }
    }

    /** No row still to come is earlier; unknown when event time is computed from columns whose bounds say nothing. */
    private long bound() {
        EventTime eventTime = run.request().eventTime();
        if (eventTime == null || dateTimeColumn < 0) {
            bounded = false;
            return Long.MIN_VALUE;
        }
        long least = run.config().boundMicros(positions.next());
        EventTime.Bounds bounds =
                eventTime.bounds(
                        c -> c == dateTimeColumn ? new EventTime.Bounds(least, least + BOUND_WIDTH_MICROS) : null);
        bounded = bounds != null;
        return bounded ? bounds.min() : Long.MIN_VALUE;
    }

    private void emit(SourceOutput output, long to) {
        long position = positions.next();
        int rows =
                run.isWide()
                        ? events.fill(builder, run.projected(), position, to)
                        : bids.fill(builder, run.projected(), position, to);
        positions.madeUpTo(to);
        run.moved(split, positions.furthest(), rows);
        if (rows > 0) {
            output.emit(split, builder.build());
        }
        if (bounded) {
            output.bound(split, bound());
        }
    }

    private Poll end(SourceOutput output) {
        if (run.keepsAlive()) {
            phase = Phase.WAITING;
            output.nothingToRead(split);
            return Poll.IDLE;
        }
        phase = Phase.ENDED;
        output.closeSplit(split);
        return Poll.FINISHED;
    }

    @Override
    public void pauseSplit(int paused) {
        this.paused = true;
    }

    @Override
    public void resumeSplit(int resumed) {
        this.paused = false;
    }

    @Override
    public byte[] snapshot() {
        return positions.snapshot();
    }

    @Override
    public void close() {
        if (builder != null) {
            builder.close();
        }
        if (bids != null) {
            bids.close();
            bids = null;
        }
        if (events != null) {
            events.close();
            events = null;
        }
    }
}
