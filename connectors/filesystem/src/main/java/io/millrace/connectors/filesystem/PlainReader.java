package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.RowFilter;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceReader;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Reads parts one after the other, in the order of the files, and fetches what comes next meanwhile. Its one split has
 * the reader's number.
 */
final class PlainReader implements SourceReader {
    private static final int STRIPE_BYTES = 4 << 20;
    private static final long MAX_AHEAD_BYTES = 32L << 20;

    private final FileRun run;
    private final int split;
    private final Allocator allocator;
    private final IoThreads io;
    private final int batchRows;
    private final long aheadBytes;
    private final List<RowFilter> filters;
    private final ArrayDeque<OpenPart> open = new ArrayDeque<>();
    private final FileProgress progress = new FileProgress();
    private boolean opened;
    private boolean exhausted;
    private boolean ended;
    private boolean paused;
    private String origin;
    private boolean filtersClosed;

    /**
     * A part that is being read.
     *
     * @param skipTo rows before this were emitted before
     */
    private record OpenPart(PartStream stream, int number, long skipTo) {}

    PlainReader(FileRun run, int readerIndex, ReaderContext context) {
        this.run = run;
        this.split = readerIndex;
        this.allocator = context.allocator();
        this.io = context.io();
        this.batchRows = Math.max(1, context.batchRows());
        this.filters = context.openFilters();
        this.aheadBytes = Math.min(MAX_AHEAD_BYTES, allocator.budget().limitBytes() / 8 / run.readerCount());
    }

    @Override
    public Poll poll(SourceOutput output) {
        if (ended) {
            return Poll.FINISHED;
        }
        if (!opened) {
            output.openSplit(split, Long.MIN_VALUE);
            opened = true;
        }
        fetchAhead();
        if (open.isEmpty()) {
            ended = true;
            output.closeSplit(split);
            return Poll.FINISHED;
        }
        if (paused || output.isFull()) {
            return Poll.IDLE;
        }
        OpenPart firstPart = open.peekFirst();
        PartStream first = firstPart.stream;
        run.fetched(first.fetch().collect());
        long skipped = firstPart.skipTo - first.position();
        int wanted = skipped > 0 ? (int) Math.min(batchRows, skipped) : batchRows;
        if (!first.ready(wanted)) {
            return Poll.IDLE;
        }
        if (skipped > 0) {
            first.read(wanted, alreadyTold -> {}).close();
            endPart(firstPart);
            return Poll.ACTIVE;
        }
        long before = first.rowsDecoded();
        Batch batch = first.read(batchRows, output::bad);
        run.emitted(first.rowsDecoded() - before);
        origin = first.fetch().origin();
        endPart(firstPart);
        if (batch.rowCount() == 0) {
            batch.close();
        } else {
            output.emit(split, batch);
        }
        return Poll.ACTIVE;
    }

    private void endPart(OpenPart first) {
        if (first.stream.isFinished()) {
            progress.finish(first.number);
            open.removeFirst();
            first.stream.close();
        }
    }

    /** Begins fetches until enough is under way, or arrived and not read. */
    private void fetchAhead() {
        long held = 0;
        for (OpenPart part : open) {
            held += part.stream.fetch().heldBytes();
        }
        while (true) {
            OpenPart lastPart = open.peekLast();
            PartStream last = lastPart == null ? null : lastPart.stream;
            if (last == null || last.fetch().isAllSubmitted()) {
                // Two at most: what one reader has taken, no other can.
                if (exhausted || open.size() == 2 || last != null && run.isShort(allocator) || !openNext()) {
                    return;
                }
                continue;
            }
            long next = last.fetch().nextBytes();
            if ((held + next > aheadBytes || run.isShort(allocator))
                    && !(open.size() == 1 && last.isStarving(batchRows))) {
                return;
            }
            last.fetch().submitNext();
            held += next;
        }
    }

    private boolean openNext() {
        Part part = run.take();
        if (part == null) {
            exhausted = true;
            return false;
        }
        PartStream stream = part.open(run.storage(), STRIPE_BYTES, filters, allocator, io);
        open.addLast(new OpenPart(stream, part.number(), run.restored().position(part.number())));
        return true;
    }

    @Override
    public byte[] snapshot() {
        for (OpenPart part : open) {
            progress.readTo(part.number, Math.max(part.stream.position(), part.skipTo));
        }
        return run.snapshot(split, progress);
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
        open.forEach(part -> part.stream.close());
        open.clear();
        ended = true;
        if (!filtersClosed) {
            filtersClosed = true;
            filters.forEach(RowFilter::close);
        }
    }
}
