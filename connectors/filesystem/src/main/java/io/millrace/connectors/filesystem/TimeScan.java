package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.EventTime.Bounds;
import io.millrace.connectors.api.IoThreads;
import io.millrace.formats.parquet.reader.ValueRange;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Layout;
import io.millrace.storage.Storage;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the columns that event time is made of, ahead of the others, through one whole part: to know how far event time
 * may advance while the part is read, whatever the order of its rows, and to hold its statistics to their word.
 * Advanced in steps by one worker.
 */
final class TimeScan implements AutoCloseable {
    private static final int STRIPE_BYTES = 4 << 20;
    private static final int BATCH_ROWS = 4096;

    private final Part part;
    private final TimeBounds time;
    private final PartStream reader;

    /** Per step and input column, least and greatest; of the event time itself when it must be evaluated. */
    private final List<long[]> steps = new ArrayList<>();

    private final List<Long> firstRows = new ArrayList<>();
    private final ValueRange[] stated;

    private final Allocator allocator;
    private long latest;

    TimeScan(Part part, TimeBounds time, Storage storage, Allocator allocator, IoThreads io) {
        this.allocator = allocator;
        this.part = part;
        this.time = time;
        this.reader = part.forTimes(time).open(storage, STRIPE_BYTES, List.of(), allocator, io);
        this.stated = new ValueRange[time.inputs().length];
        for (int i = 0; i < stated.length; i++) {
            stated[i] = part.stated(time.inputs()[i]);
        }
    }

    /** Bytes that came in since the last call; begins what fetches are needed. */
    long fetch() {
        StripeFetch fetch = reader.fetch();
        while (!fetch.isAllSubmitted() && fetch.heldBytes() < 2L * STRIPE_BYTES) {
            fetch.submitNext();
        }
        long arrived = fetch.collect();
        if (reader.isStarving(BATCH_ROWS)) {
            fetch.submitNext();
        }
        return arrived;
    }

    /** Looks at the next batch; false when its bytes have not arrived. */
    boolean advance() {
        if (!reader.ready(BATCH_ROWS)) {
            return false;
        }
        long firstRow = reader.rowsRead();
        firstRows.add(firstRow);
        // Bad records are told of when the part is read.
        try (Batch batch = reader.read(BATCH_ROWS, bad -> {})) {
            if (time.computable()) {
                long[] step = new long[2 * batch.columnCount()];
                for (int i = 0; i < batch.columnCount(); i++) {
                    leastAndGreatest(batch.column(i), step, 2 * i);
                    hold(i, step, batch, firstRow);
                }
                steps.add(step);
            } else {
                long[] step = new long[2];
                Column times = time.eventTime().evaluate(batch, allocator);
                try {
                    leastAndGreatest(times, step, 0);
                } finally {
                    times.release();
                }
                steps.add(step);
            }
        }
        return true;
    }

    boolean isFinished() {
        return reader.isFinished();
    }

    /** Holds the footer to its word: it has ordered the row groups, and the watermark may have passed already. */
    private void hold(int input, long[] step, Batch batch, long firstRow) {
        long least = step[2 * input];
        long greatest = step[2 * input + 1];
        Column column = batch.column(input);
        String name = batch.schema().name(input);
        ValueRange range = stated[input];
        if (range == null
                || !range.isLong()
                || least > greatest
                || least >= range.minLong() && greatest <= range.maxLong()) {
            return;
        }
        for (int row = 0; row < column.rowCount(); row++) {
            long value = column.isNull(row) ? range.minLong() : column.getLong(row);
            if (value < range.minLong() || value > range.maxLong()) {
                throw new MillraceException(
                                ErrorCode.CONTRACT_BROKEN,
                                part
                                        + " column="
                                        + name
                                        + " row="
                                        + (firstRow + row)
                                        + ": the value "
                                        + column.getObject(row)
                                        + " lies outside of what the file's statistics say, "
                                        + shown(column, range))
                        .withHelp("The statistics of the file are wrong; write it again.");
            }
        }
    }

    private static String shown(Column column, ValueRange range) {
        return range.minLong() + " to " + range.maxLong() + (column.type().kind().isTimestamp() ? " microseconds" : "");
    }

    private static void leastAndGreatest(Column column, long[] to, int at) {
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        int rows = column.rowCount();
        boolean plain = column.encoding() == Encoding.FLAT && !column.hasNulls();
        if (plain && column.type().layout() == Layout.I64) {
            long values = column.valuesAddress();
            for (int i = 0; i < rows; i++) {
                long value = Mem.getLong(values + 8L * i);
                least = Math.min(least, value);
                greatest = Math.max(greatest, value);
            }
        } else {
            for (int i = 0; i < rows; i++) {
                if (!column.isNull(i)) {
                    long value = column.getLong(i);
                    least = Math.min(least, value);
                    greatest = Math.max(greatest, value);
                }
            }
        }
        to[at] = least;
        to[at + 1] = greatest;
    }

    /** What was found, once finished. */
    TimeSteps result() {
        int count = steps.size();
        long[] lowest = new long[Math.max(1, count)];
        lowest[0] = TimeSteps.NO_TIME;
        int columns = count == 0 ? 0 : steps.getFirst().length / 2;
        long[] rest = new long[2 * columns];
        for (int i = 0; i < columns; i++) {
            rest[2 * i] = Long.MAX_VALUE;
            rest[2 * i + 1] = Long.MIN_VALUE;
        }
        for (int s = count - 1; s >= 0; s--) {
            long[] step = steps.get(s);
            for (int i = 0; i < columns; i++) {
                rest[2 * i] = Math.min(rest[2 * i], step[2 * i]);
                rest[2 * i + 1] = Math.max(rest[2 * i + 1], step[2 * i + 1]);
            }
            Bounds bounds = bounds(rest);
            lowest[s] = bounds == null ? TimeSteps.NO_TIME : bounds.min();
        }
        Bounds all = bounds(rest);
        latest = all == null ? Long.MIN_VALUE : all.max();
        return new TimeSteps(firstRows.stream().mapToLong(Long::longValue).toArray(), lowest);
    }

    /** The latest event time that was found, once {@link #result} was asked for; the least there is for none. */
    long latest() {
        return latest;
    }

    /** Bounds of event time where the columns lie in these; null when there is none. */
    private Bounds bounds(long[] columns) {
        for (int i = 0; i < columns.length; i += 2) {
            if (columns[i] > columns[i + 1]) {
                // All NULL. Of several inputs one may do without the other: then nothing is known but what others
                // bound.
                return time.computable() && time.inputs().length > 1
                        ? new Bounds(Long.MIN_VALUE, Long.MAX_VALUE)
                        : null;
            }
        }
        if (!time.computable()) {
            return new Bounds(columns[0], columns[1]);
        }
        Bounds found =
                time.bounds(column -> {
                    for (int i = 0; i < time.inputs().length; i++) {
                        if (time.inputs()[i] == column) {
                            return new Bounds(columns[2 * i], columns[2 * i + 1]);
                        }
                    }
                    return null;
                });
        return found == null ? new Bounds(Long.MIN_VALUE, Long.MAX_VALUE) : found;
    }

    @Override
    public void close() {
        reader.close();
    }
}
