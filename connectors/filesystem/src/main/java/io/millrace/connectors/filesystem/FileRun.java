package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.types.Schema;
import io.millrace.storage.Storage;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * One execution: hands out parts to whichever reader asks next, in the order of the files or, where event time is asked
 * for, in that of event time. Thread-safe.
 */
final class FileRun implements SourceRun {
    private final Storage storage;
    private final int readerCount;
    private final List<? extends Part> parts;
    private final TimeOrder order;
    private final long rowsTotal;
    private final Schema projected;
    private final AtomicInteger next = new AtomicInteger();
    private final LongAdder rowsRead = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();

    FileRun(Storage storage, List<? extends Part> parts, Schema projected, ScanRequest request) {
        this.storage = storage;
        this.projected = projected;
        this.readerCount = request.readerCount();
        this.parts = parts;
        boolean known = parts.stream().allMatch(p -> p.rowCount() >= 0);
        this.rowsTotal = known ? parts.stream().mapToLong(Part::rowCount).sum() : -1;
        this.order =
                request.eventTime() == null
                        ? null
                        : new TimeOrder(TimeBounds.of(request.eventTime(), projected), parts, readerCount, storage);
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
