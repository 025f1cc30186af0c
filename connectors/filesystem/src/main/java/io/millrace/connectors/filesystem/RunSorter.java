package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.formats.parquet.footer.Codec;
import io.millrace.formats.parquet.footer.ParquetFooter;
import io.millrace.formats.parquet.footer.RowGroup;
import io.millrace.formats.parquet.reader.ParquetProjection;
import io.millrace.formats.parquet.writer.ParquetWriteOptions;
import io.millrace.formats.parquet.writer.ParquetWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import io.millrace.storage.WritableFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One reader's part in a {@link TimeSort}: its worker reads parts into memory, and an I/O thread sorts what has come
 * together and writes it as a run. One worker; no method blocks.
 */
final class RunSorter implements AutoCloseable {
    private static final int STRIPE_BYTES = 2 << 20;
    private static final long MAX_RUN_BYTES = 64L << 20;
    private static final int RUN_GROUP_ROWS = 16_384;
    private static final int INDEX_BITS = 24;

    private final FileRun run;
    private final TimeSort sort;
    private final ReaderContext context;
    private final Allocator allocator;
    private final long runBytes;
    private PartStream part;
    private int partNumber;
    private List<Held> held = new ArrayList<>();
    private long heldBytes;
    private int heldRows;
    private Writing writing;
    private boolean done;

    /** Who closes the batches of a run: the task, once it has begun. */
    private enum Phase {
        WAITING,
        RUNNING,
        ABANDONED
    }

    /** A batch of a part, and which of its rows the first is. */
    private record Held(Batch batch, int part, long firstRow) {}

    private static final class Writing {
        final List<Held> batches;
        final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
        IoTask<List<TimedPart>> task;

        Writing(List<Held> batches) {
            this.batches = batches;
        }

        void closeBatches() {
            batches.forEach(held -> held.batch.close());
        }
    }

    RunSorter(FileRun run, TimeSort sort, ReaderContext context) {
        this.run = run;
        this.sort = sort;
        this.context = context;
        this.allocator = context.allocator();
        this.runBytes = Math.clamp(allocator.budget().limitBytes() / 16 / run.readerCount(), 1 << 20, MAX_RUN_BYTES);
    }

    /** Whether all runs of this reader are written. */
    boolean isDone() {
        return done;
    }

    /** Goes on; bad records are told of here, and are in no run. */
    Poll poll(SourceOutput output) {
        if (writing != null) {
            if (!writing.task.isDone()) {
                return Poll.IDLE;
            }
            sort.add(writing.task.result());
            writing = null;
            return Poll.ACTIVE;
        }
        if (part == null) {
            Part taken = sort.take();
            if (taken == null) {
                if (!held.isEmpty()) {
                    submit();
                } else if (!done) {
                    done = true;
                    sort.readerDone();
                }
                return Poll.ACTIVE;
            }
            partNumber = taken.number();
            part = taken.open(run.storage(), STRIPE_BYTES, List.of(), allocator, context.io());
        }
        return read(output) ? Poll.ACTIVE : Poll.IDLE;
    }

    private boolean read(SourceOutput output) {
        int batchRows = Math.max(1, context.batchRows());
        StripeFetch fetch = part.fetch();
        run.fetched(fetch.collect());
        while (!fetch.isAllSubmitted()
                && (fetch.heldBytes() + fetch.nextBytes() <= 2L * STRIPE_BYTES || part.isStarving(batchRows))) {
            fetch.submitNext();
        }
        long skipped = run.restored().position(partNumber) - part.position();
        int wanted = skipped > 0 ? (int) Math.min(batchRows, skipped) : batchRows;
        if (!part.ready(wanted)) {
            return false;
        }
        long firstRow = part.rowsRead();
        boolean toldBefore = skipped > 0 || run.restored().isSorted();
        Batch batch = part.read(wanted, toldBefore ? bad -> {} : output::bad);
        if (part.isFinished()) {
            part.close();
            part = null;
        }
        if (batch.rowCount() == 0 || skipped > 0) {
            batch.close();
            return true;
        }
        held.add(new Held(batch, partNumber, firstRow));
        heldBytes += batch.heldBytes();
        heldRows += batch.rowCount();
        if (heldBytes >= runBytes || heldRows >= (1 << INDEX_BITS) - batchRows) {
            submit();
        }
        return true;
    }

    private void submit() {
        Writing begun = new Writing(held);
        held = new ArrayList<>();
        heldBytes = 0;
        heldRows = 0;
        writing = begun;
        begun.task = context.io().submit("sorting by event time", () -> write(begun));
    }

    private List<TimedPart> write(Writing begun) {
        if (!begun.phase.compareAndSet(Phase.WAITING, Phase.RUNNING)) {
            return List.of();
        }
        try {
            return write(begun.batches);
        } finally {
            begun.closeBatches();
        }
    }

    private List<TimedPart> write(List<Held> batches) {
        int rows = batches.stream().mapToInt(held -> held.batch.rowCount()).sum();
        long[] times = times(batches, rows);
        int[] order = notEmitted(batches, order(times));
        if (order.length == 0) {
            return List.of();
        }
        Storage storage = sort.spill().storage();
        String location = sort.nameRun();
        ParquetWriteOptions options =
                ParquetWriteOptions.DEFAULT
                        .withCodec(Codec.LZ4_RAW)
                        .withDictionary(false)
                        .withRowGroupRows(RUN_GROUP_ROWS);
        try (WritableFile file = storage.create(location);
                ParquetWriter writer = new ParquetWriter(sort.runSchema(), options, file.stream(), allocator)) {
            writeRows(batches, order, writer);
            writer.finish(Map.of());
        }
        StoredFile stored = storage.look(location);
        sort.spill().reserve(stored.lengthBytes());
        ParquetFooter footer = FooterLoader.load(storage, stored);
        ParquetProjection projection = ParquetProjection.of(footer, sort.runSchema());
        List<TimedPart> parts = new ArrayList<>();
        int first = 0;
        for (RowGroup group : footer.rowGroups()) {
            int end = first + (int) group.rowCount();
            parts.add(timed(new ParquetPart(stored, projection, group, -1), times, order, first, end));
            first = end;
        }
        return parts;
    }

    /** The order is by times with some low bits left out: bounds are looked up, not taken from the ends. */
    private static TimedPart timed(Part part, long[] times, int[] order, int first, int end) {
        long earliest = TimeSteps.NO_TIME;
        long latest = Long.MIN_VALUE;
        for (int i = first; i < end; i++) {
            long time = times[order[i]];
            if (time != Long.MIN_VALUE) {
                earliest = Math.min(earliest, time);
                latest = Math.max(latest, time);
            }
        }
        return new TimedPart(part, TimeSteps.whole(earliest), latest, true);
    }

    /** The event time of each row; the least there is for none. */
    private long[] times(List<Held> batches, int rows) {
        long[] times = new long[rows];
        int at = 0;
        for (Held held : batches) {
            Batch batch = held.batch;
            Column column = sort.time().eventTime().evaluate(batch, allocator);
            try {
                for (int row = 0; row < batch.rowCount(); row++) {
                    times[at++] = column.isNull(row) ? Long.MIN_VALUE : column.getLong(row);
                }
            } finally {
                column.release();
            }
        }
        return times;
    }

    /**
     * Indices in the order of the times: a time above the least and an index share a word, low bits of the time give
     * way.
     */
    private static int[] order(long[] times) {
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (long time : times) {
            if (time != Long.MIN_VALUE) {
                least = Math.min(least, time);
                greatest = Math.max(greatest, time);
            }
        }
        long range = Math.max(0, greatest - least);
        int drop = Math.max(0, 64 - Long.numberOfLeadingZeros(range) - (63 - INDEX_BITS));
        long[] keys = new long[times.length];
        for (int i = 0; i < keys.length; i++) {
            long above = times[i] == Long.MIN_VALUE ? 0 : times[i] - least >>> drop;
            keys[i] = above << INDEX_BITS | i;
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) (keys[i] & (1 << INDEX_BITS) - 1);
        }
        return order;
    }

    private static int[] firstRows(List<Held> batches) {
        int[] firstRows = new int[batches.size() + 1];
        for (int i = 0; i < batches.size(); i++) {
            firstRows[i + 1] = firstRows[i] + batches.get(i).batch.rowCount();
        }
        return firstRows;
    }

    /** The order without the rows that an earlier execution has emitted. */
    private int[] notEmitted(List<Held> batches, int[] order) {
        if (!run.restored().hasSortedRows()) {
            return order;
        }
        int[] firstRows = firstRows(batches);
        int[] left = new int[order.length];
        int count = 0;
        for (int index : order) {
            int found = Arrays.binarySearch(firstRows, index);
            int at = found >= 0 ? found : -found - 2;
            Held from = batches.get(at);
            if (!run.restored().isEmitted(from.part, from.firstRow + index - firstRows[at])) {
                left[count++] = index;
            }
        }
        return Arrays.copyOf(left, count);
    }

    private void writeRows(List<Held> batches, int[] order, ParquetWriter writer) {
        int[] firstRows = firstRows(batches);
        try (BatchBuilder builder = new BatchBuilder(allocator, sort.runSchema(), RUN_GROUP_ROWS)) {
            for (int i = 0; i < order.length; i++) {
                int found = Arrays.binarySearch(firstRows, order[i]);
                int index = found >= 0 ? found : -found - 2;
                Held heldBatch = batches.get(index);
                Batch from = heldBatch.batch;
                int row = order[i] - firstRows[index];
                for (int column = 0; column < from.columnCount(); column++) {
                    builder.column(column).append(from.column(column), row);
                }
                builder.column(from.columnCount())
                        .appendLong(TimeSort.origin(heldBatch.part, heldBatch.firstRow + row));
                if (builder.rowCount() == RUN_GROUP_ROWS || i == order.length - 1) {
                    try (Batch sorted = builder.build()) {
                        writer.write(sorted);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        if (part != null) {
            part.close();
            part = null;
        }
        held.forEach(one -> one.batch.close());
        held.clear();
        if (writing != null && writing.phase.compareAndSet(Phase.WAITING, Phase.ABANDONED)) {
            writing.closeBatches();
        }
        writing = null;
    }
}
