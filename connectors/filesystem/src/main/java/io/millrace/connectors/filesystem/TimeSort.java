package io.millrace.connectors.filesystem;

import io.millrace.memory.types.Schema;
import io.millrace.storage.SpillDirectory;
import java.util.ArrayList;
import java.util.List;

/**
 * An external sort by event time: for tables of which more parts overlap than can be held open. Each reader takes parts
 * and writes runs, files of rows in the order of event time; when all have ended their row groups are the parts that
 * are read. Shared by the readers of an execution; thread-safe.
 *
 * <pre>
 *   run    a Parquet file with a checksum in every page, its rows ascending in event time, those without one first;
 *          a row group has 16,384 of them, so that one overlaps few of another run
 * </pre>
 */
final class TimeSort implements AutoCloseable {
    private final List<TimedPart> parts;
    private final TimeBounds time;
    private final Schema schema;
    private final SpillDirectory spill;
    private final List<TimedPart> sorted = new ArrayList<>();
    private int next;
    private int readersLeft;
    private int runs;

    TimeSort(List<TimedPart> parts, TimeBounds time, Schema schema, int readerCount, SpillDirectory spill) {
        this.parts = parts;
        this.time = time;
        this.schema = schema;
        this.readersLeft = readerCount;
        this.spill = spill;
    }

    TimeBounds time() {
        return time;
    }

    Schema schema() {
        return schema;
    }

    SpillDirectory spill() {
        return spill;
    }

    /** The next part to be sorted, or null when all were taken. */
    synchronized Part take() {
        return next < parts.size() ? parts.get(next++).part() : null;
    }

    /** The location of a new run. */
    synchronized String nameRun() {
        return spill.resolve("run-" + runs++ + ".parquet");
    }

    synchronized void add(List<TimedPart> run) {
        sorted.addAll(run);
    }

    /** A reader has written all its runs. */
    synchronized void readerDone() {
        readersLeft--;
    }

    synchronized boolean isDone() {
        return readersLeft == 0;
    }

    /** All row groups of all runs, once done. */
    synchronized List<TimedPart> sorted() {
        return List.copyOf(sorted);
    }

    @Override
    public void close() {
        spill.close();
    }
}
