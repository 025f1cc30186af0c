package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceReader;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads parts in the order of event time, overlapping ones side by side: whichever can hold the watermark back furthest
 * goes on. A part is first scanned for its event times, so that its bound rises while it is read. The bound of its one
 * split, which has the reader's number, is the least of those it has open and of those nobody has taken.
 */
final class OrderedReader implements SourceReader {
    private static final int STRIPE_BYTES = 2 << 20;
    private static final int SCANNED_BATCHES_A_POLL = 8;

    /** What an open part is reckoned to hold: stripes, decompressed pages and dictionaries. */
    private static final long PART_BYTES = 16L << 20;

    private static final int MAX_OPEN = 64;

    private final FileRun run;
    private final TimeOrder order;
    private final int split;
    private final Allocator allocator;
    private final IoThreads io;
    private final ReaderContext context;
    private final int batchRows;
    private final int maxOpen;
    private final List<OpenPart> open = new ArrayList<>();
    private long bound = Long.MIN_VALUE;
    private boolean opened;
    private boolean ended;
    private boolean paused;
    private String origin;
    private TimeSort sort;
    private RunSorter sorter;
    private boolean sortEnded;
    private final FileProgress progress = new FileProgress();

    private static final class OpenPart {
        final int number;
        final long skipTo;
        final PartStream reader;
        TimeSteps times;
        TimeScan scan;

        OpenPart(int number, long skipTo, PartStream reader, TimeSteps times, TimeScan scan) {
            this.number = number;
            this.skipTo = skipTo;
            this.reader = reader;
            this.times = times;
            this.scan = scan;
        }

        long bound() {
            return times.from(reader.rowsRead());
        }

        void close() {
            reader.close();
            if (scan != null) {
                scan.close();
            }
        }
    }

    OrderedReader(FileRun run, TimeOrder order, int readerIndex, ReaderContext context) {
        this.run = run;
        this.order = order;
        this.split = readerIndex;
        this.allocator = context.allocator();
        this.io = context.io();
        this.context = context;
        this.batchRows = Math.max(1, context.batchRows());
        long share = allocator.budget().limitBytes() / 4 / run.readerCount();
        this.maxOpen = (int) Math.clamp(share / PART_BYTES, 2, MAX_OPEN);
    }

    @Override
    public Poll poll(SourceOutput output) {
        if (ended) {
            return Poll.FINISHED;
        }
        if (!opened) {
            bound = order.nextMin();
            output.openSplit(split, bound);
            opened = true;
            sort = order.sortFirst(maxOpen, run.schema());
            sorter = sort == null ? null : new RunSorter(run, sort, context);
        }
        if (sort != null && !sortEnded) {
            Poll sorting = sort(output);
            if (sorting != null) {
                return sorting;
            }
        }
        takeWhatIsDue();
        if (open.isEmpty()) {
            if (!order.isExhausted()) {
                return Poll.ACTIVE;
            }
            ended = true;
            output.closeSplit(split);
            return Poll.FINISHED;
        }
        if (paused || output.isFull()) {
            return Poll.IDLE;
        }
        open.forEach(this::fetch);
        // Only the one furthest behind: whatever ran ahead of it would be state downstream.
        OpenPart behind = open.getFirst();
        for (OpenPart part : open) {
            behind = part.bound() < behind.bound() ? part : behind;
        }
        if (behind.scan != null ? !scan(behind) : !emit(behind, output)) {
            return Poll.IDLE;
        }
        raise(output);
        return Poll.ACTIVE;
    }

    /** What a poll came to while the sort goes on, or null when it has ended. */
    private Poll sort(SourceOutput output) {
        if (sorter != null) {
            if (!sorter.isDone()) {
                return sorter.poll(output);
            }
            sorter.close();
            sorter = null;
        }
        // Others write; nothing wakes this reader when they end.
        if (!order.takeSorted()) {
            return Poll.ACTIVE;
        }
        progress.setSorted();
        sortEnded = true;
        return null;
    }

    private void takeWhatIsDue() {
        while (open.size() < maxOpen) {
            boolean due = open.isEmpty() || order.nextMin() <= leastBound();
            // The next one early, so that its bytes are there when its time comes.
            boolean soon = open.size() == 1 && open.getFirst().reader.fetch().isAllSubmitted();
            if (!due && !soon || !open.isEmpty() && run.isShort(allocator)) {
                return;
            }
            TimedPart taken = order.take(open.size());
            if (taken == null) {
                return;
            }
            open(taken);
        }
    }

    private void open(TimedPart taken) {
        TimeScan scan = null;
        PartStream reader = null;
        boolean done = false;
        try {
            if (!taken.scanned() && taken.times().min() != TimeSteps.NO_TIME) {
                scan = new TimeScan(taken.part(), order.time(), order.storage(), allocator, io);
            }
            reader = taken.part().open(order.storage(), STRIPE_BYTES, List.of(), allocator, io);
            OpenPart part =
                    new OpenPart(
                            taken.part().number(),
                            run.restored().position(taken.part().number()),
                            reader,
                            taken.times(),
                            scan);
            open.add(part);
            done = true;
            fetch(part);
        } finally {
            if (!done) {
                order.done();
                if (scan != null) {
                    scan.close();
                }
                if (reader != null) {
                    reader.close();
                }
            }
        }
    }

    private long leastBound() {
        long least = TimeSteps.NO_TIME;
        for (OpenPart part : open) {
            least = Math.min(least, part.bound());
        }
        return least;
    }

    private void fetch(OpenPart part) {
        if (part.scan != null) {
            run.fetched(part.scan.fetch());
        }
        StripeFetch fetch = part.reader.fetch();
        run.fetched(fetch.collect());
        while (!fetch.isAllSubmitted()
                && (fetch.heldBytes() + fetch.nextBytes() <= 2L * STRIPE_BYTES || part.reader.isStarving(batchRows))) {
            fetch.submitNext();
        }
    }

    private boolean scan(OpenPart part) {
        boolean advanced = false;
        for (int i = 0; i < SCANNED_BATCHES_A_POLL && !part.scan.isFinished() && part.scan.advance(); i++) {
            advanced = true;
        }
        if (part.scan.isFinished()) {
            part.times = part.scan.result();
            part.scan.close();
            part.scan = null;
            return true;
        }
        return advanced;
    }

    private boolean emit(OpenPart part, SourceOutput output) {
        long skipped = part.skipTo - part.reader.position();
        int wanted = skipped > 0 ? (int) Math.min(batchRows, skipped) : batchRows;
        if (!part.reader.ready(wanted)) {
            return false;
        }
        Batch batch = skipped > 0 ? skip(part, wanted) : part.reader.read(wanted, output::bad);
        if (part.number < 0) {
            batch = sort.emitted(batch, progress);
        }
        run.emitted(batch.rowCount());
        origin = part.reader.fetch().origin();
        if (part.reader.isFinished()) {
            if (part.number >= 0) {
                progress.finish(part.number);
            }
            open.remove(part);
            order.done();
            part.close();
        }
        if (batch.rowCount() == 0) {
            batch.close();
        } else {
            output.emit(split, batch);
        }
        return true;
    }

    /** Rows that were emitted before; the batch that is given has none. */
    private Batch skip(OpenPart part, int rows) {
        part.reader.read(rows, alreadyTold -> {}).close();
        return new Batch(Schema.EMPTY, new Column[0], 0);
    }

    @Override
    public byte[] snapshot() {
        for (OpenPart part : open) {
            if (part.number >= 0) {
                progress.readTo(part.number, Math.max(part.reader.position(), part.skipTo));
            }
        }
        return run.snapshot(split, progress);
    }

    private void raise(SourceOutput output) {
        long now = Math.min(leastBound(), order.nextMin());
        if (now > bound && now != TimeSteps.NO_TIME) {
            bound = now;
            output.bound(split, now);
        }
    }

    @Override
    public String originOf(int emitted) {
        return origin;
    }

    @Override
    public void pauseSplit(int pausedSplit) {
        paused = true;
    }

    @Override
    public void resumeSplit(int resumedSplit) {
        paused = false;
    }

    @Override
    public void close() {
        for (OpenPart part : open) {
            order.done();
            part.close();
        }
        open.clear();
        if (sorter != null) {
            sorter.close();
            sorter = null;
        }
        ended = true;
    }
}
