package io.millrace.connectors.filesystem;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.storage.SpillDirectory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * An external sort by event time: for tables of which more parts overlap than can be held open. Each reader takes parts
 * and writes runs, files of rows in the order of event time; when all have ended their row groups are the parts that
 * are read. Shared by the readers of an execution; thread-safe.
 *
 * <pre>
 *   run    a Parquet file with a checksum in every page, its rows ascending in event time, those without one first;
 *          a row group has 16,384 of them, so that one overlaps few of another run;
 *          behind the table's columns the number of the row's part and, in the low 31 bits, its own number in it
 * </pre>
 */
final class TimeSort implements AutoCloseable {
    private static final String ORIGIN = "$origin";

    /** A part has fewer rows than two to this. */
    private static final int ROW_BITS = 31;

    private final List<TimedPart> parts;
    private final TimeBounds time;
    private final Schema schema;
    private final Schema runSchema;
    private final SpillDirectory spill;
    private final List<TimedPart> sorted = new ArrayList<>();
    private int next;
    private int readersLeft;
    private int runs;

    TimeSort(List<TimedPart> parts, TimeBounds time, Schema schema, int readerCount, SpillDirectory spill) {
        this.parts = parts;
        this.time = time;
        this.schema = schema;
        List<Field> fields = new ArrayList<>(schema.fields());
        fields.add(new Field(ORIGIN, DataType.BIGINT.notNull()));
        this.runSchema = new Schema(fields);
        this.readersLeft = readerCount;
        this.spill = spill;
    }

    TimeBounds time() {
        return time;
    }

    Schema schema() {
        return schema;
    }

    /** Of the runs: behind the table's columns, where a row comes from. */
    Schema runSchema() {
        return runSchema;
    }

    /** Where a row comes from: the number of its part, and its own in that. */
    static long origin(int part, long row) {
        return (long) part << ROW_BITS | row;
    }

    /** Notes the rows of a batch of a run as emitted, and gives the batch without their origin; takes it. */
    Batch emitted(Batch batch, FileProgress progress) {
        int last = batch.columnCount() - 1;
        Column origins = batch.column(last);
        int part = -1;
        BitSet rows = null;
        for (int i = 0; i < batch.rowCount(); i++) {
            long origin = origins.getLong(i);
            if (rows == null || part != (int) (origin >>> ROW_BITS)) {
                part = (int) (origin >>> ROW_BITS);
                rows = progress.sortedRows(part);
            }
            rows.set((int) (origin & (1L << ROW_BITS) - 1));
        }
        Column[] kept = new Column[last];
        for (int i = 0; i < last; i++) {
            kept[i] = batch.column(i).retain();
        }
        return batch.replaceColumns(schema, kept);
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
