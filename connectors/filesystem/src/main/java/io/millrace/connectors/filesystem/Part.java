package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.EventTime.Bounds;
import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.RowFilter;
import io.millrace.formats.parquet.reader.ValueRange;
import io.millrace.memory.buffer.Allocator;
import io.millrace.storage.Storage;
import java.util.List;

/** A piece of a table that one reader reads at a time: a row group, or a file of records. Immutable. */
sealed interface Part permits ParquetPart, TextPart, PartitionedPart {
    /**
     * Opens it for reading; the caller closes what it gets. Nothing is fetched yet.
     *
     * @param filters of which those rows may be left out that do not satisfy one; they stay the caller's
     */
    PartStream open(Storage storage, int stripeBytes, List<RowFilter> filters, Allocator allocator, IoThreads io);

    /** Which part of the pinned files it is; -1 for one of a sort's runs. */
    int number();

    /** -1 when it is not known without reading. */
    long rowCount();

    /**
     * Its earliest event time by what its file says of it, {@link TimeSteps#NO_TIME} when no row has one, or null when
     * the file does not say.
     */
    default Long statedEarliest(TimeBounds time) {
        Bounds bounds = statedBounds(time);
        return bounds == null ? null : bounds.min();
    }

    /** Its latest event time by what its file says of it, or null when the file does not say. */
    default Long statedLatest(TimeBounds time) {
        Bounds bounds = statedBounds(time);
        return bounds == null ? null : bounds.max();
    }

    private Bounds statedBounds(TimeBounds time) {
        return time.bounds(column -> {
            ValueRange range = stated(column);
            return range == null || !range.isLong() ? null : new Bounds(range.minLong(), range.maxLong());
        });
    }

    /** Between which values a projected column lies by what the file says of it, or null when it does not say. */
    ValueRange stated(int column);

    /** The part with those columns only that event time is made of, or itself when every row must be evaluated. */
    default Part forTimes(TimeBounds time) {
        return time.computable() ? project(time.inputs()) : this;
    }

    /** The part with some of its columns only, in this order. */
    Part project(int[] columns);
}
