package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.filesystem.ParquetRun.Part;
import io.millrace.formats.parquet.ChunkBytes;
import io.millrace.formats.parquet.RowGroupReader;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryBudget;
import java.util.ArrayDeque;

/**
 * Reads row groups one after the other, and fetches those that come next meanwhile. Its one split has the reader's
 * number.
 */
final class ParquetReader implements SourceReader {
    private static final int STRIPE_BYTES = 4 << 20;
    private static final long MAX_AHEAD_BYTES = 32L << 20;

    private final ParquetRun run;
    private final int split;
    private final Allocator allocator;
    private final IoThreads io;
    private final int batchRows;
    private final long aheadBytes;
    private final ArrayDeque<OpenPart> open = new ArrayDeque<>();
    private boolean opened;
    private boolean exhausted;
    private boolean ended;
    private boolean paused;

    private record OpenPart(StripeFetch fetch, RowGroupReader reader) {
        void close() {
            fetch.close();
            reader.close();
        }
    }

    ParquetReader(ParquetRun run, int readerIndex, ReaderContext context) {
        this.run = run;
        this.split = readerIndex;
        this.allocator = context.allocator();
        this.io = context.io();
        this.batchRows = Math.max(1, context.batchRows());
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
        OpenPart first = open.peekFirst();
        run.fetched(first.fetch.collect());
        if (!first.reader.ready(batchRows)) {
            return Poll.IDLE;
        }
        Batch batch = first.reader.read(batchRows);
        run.emitted(batch.rowCount());
        if (first.reader.isFinished()) {
            open.removeFirst().close();
        }
        output.emit(split, batch);
        return Poll.ACTIVE;
    }

    /** Begins fetches until enough is under way, or arrived and not read. */
    private void fetchAhead() {
        long held = 0;
        for (OpenPart part : open) {
            held += part.fetch.heldBytes();
        }
        while (true) {
            OpenPart last = open.peekLast();
            if (last == null || last.fetch.isAllSubmitted()) {
                // Two at most: what one reader has taken, no other can.
                if (exhausted || open.size() == 2 || last != null && isMemoryShort() || !openNext()) {
                    return;
                }
                continue;
            }
            long next = last.fetch.nextBytes();
            if ((held + next > aheadBytes || isMemoryShort()) && !stalled()) {
                return;
            }
            last.fetch.submitNext(allocator, io);
            held += next;
        }
    }

    /** Whether the row group being decoded can go on only with a stripe that was not asked for yet. */
    private boolean stalled() {
        OpenPart first = open.peekFirst();
        return open.size() == 1 && !first.fetch.isUnderWay() && !first.reader.ready(batchRows);
    }

    private boolean isMemoryShort() {
        MemoryBudget budget = allocator.budget();
        return budget.usedBytes() > budget.limitBytes() / 4 * 3;
    }

    private boolean openNext() {
        Part part = run.take();
        if (part == null) {
            exhausted = true;
            return false;
        }
        StripeFetch fetch =
                new StripeFetch(run.storage(), part.file(), part.projection().chunks(part.group()), STRIPE_BYTES);
        try {
            open.addLast(
                    new OpenPart(fetch, new RowGroupReader(part.projection(), part.group(), fetch.bytes(), allocator)));
        } catch (RuntimeException failure) {
            fetch.bytes().forEach(ChunkBytes::close);
            throw failure;
        }
        return true;
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
        open.forEach(OpenPart::close);
        open.clear();
        ended = true;
    }
}
