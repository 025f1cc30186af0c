package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * One execution: hands out parts to whichever reader asks next, in the order of the files or, where event time is asked
 * for, in that of event time. Thread-safe.
 */
final class FileRun implements SourceRun {
    private final Storage storage;
    private final FileProgress restored;
    private final int readerCount;
    private final List<? extends Part> parts;
    private final TimeOrder order;
    private final long rowsTotal;
    private final Schema projected;
    private final AtomicInteger next = new AtomicInteger();
    private final LongAdder rowsRead = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();

    /**
     * @param files those that the parts are of, all of them
     * @param restored what was read before
     */
    FileRun(
            Storage storage,
            List<StoredFile> files,
            List<? extends Part> all,
            Schema projected,
            ScanRequest request,
            FileProgress restored) {
        this.storage = storage;
        this.restored = restored;
        restored.pin(files);
        this.projected = projected;
        this.readerCount = request.readerCount();
        this.parts = all.stream().filter(part -> !restored.isDone(part.number())).toList();
        boolean known = all.stream().allMatch(p -> p.rowCount() >= 0);
        this.rowsTotal = known ? all.stream().mapToLong(Part::rowCount).sum() : -1;
        this.order =
                request.eventTime() == null
                        ? null
                        : new TimeOrder(
                                TimeBounds.of(request.eventTime(), projected),
                                parts,
                                readerCount,
                                storage,
                                restored.hasSortedRows());
        if (order == null && restored.hasSortedRows()) {
            throw new MillraceException(
                            ErrorCode.UNSUPPORTED,
                            "expected a query that reads in the order of event time, as before the checkpoint")
                    .withHelp("Keep the table's WATERMARK, or start without the checkpoint.");
        }
        for (Part part : all) {
            rowsRead.add(
                    restored.isDone(part.number()) ? Math.max(0, part.rowCount()) : restored.position(part.number()));
        }
        rowsRead.add(restored.sortedRowCount());
    }

    @Override
    public SourceReader open(int readerIndex, ReaderContext context) {
        return order == null
                ? new PlainReader(this, readerIndex, context)
                : new OrderedReader(this, order, readerIndex, context);
    }

    /** The next part in the order of the files, or null when all were handed out. */
    Part take() {
        int index = next.getAndIncrement();
        return index < parts.size() ? parts.get(index) : null;
    }

    /** What was read before this execution, and of which files. Not changed any more. */
    FileProgress restored() {
        return restored;
    }

    /** What a reader states: what it read itself; the first one also what was read before it began. */
    byte[] snapshot(int reader, FileProgress own) {
        if (reader > 0) {
            return own.toBytes(false);
        }
        FileProgress all = new FileProgress();
        all.add(restored);
        all.add(own);
        if (own.isSorted()) {
            all.setSorted();
        }
        return all.toBytes(true);
    }

    Storage storage() {
        return storage;
    }

    int readerCount() {
        return readerCount;
    }

    /** Whether so much of the budget is used that nothing shall be fetched ahead. */
    boolean isShort(Allocator allocator) {
        MemoryBudget budget = allocator.budget();
        return budget.usedBytes() > budget.limitBytes() / 4 * 3;
    }

    void fetched(long bytes) {
        bytesRead.add(bytes);
    }

    void emitted(long rows) {
        rowsRead.add(rows);
    }

    @Override
    public SourceProgress progress() {
        return new SourceProgress(rowsRead.sum(), rowsTotal, bytesRead.sum(), -1, false);
    }

    /** The columns that are read. */
    Schema schema() {
        return projected;
    }

    @Override
    public void close() {
        if (order != null) {
            order.close();
        }
    }
}
