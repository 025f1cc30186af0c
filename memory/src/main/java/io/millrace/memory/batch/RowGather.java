package io.millrace.memory.batch;

import io.millrace.memory.column.Column;
import java.util.Arrays;

/**
 * Rows of several batches of one schema, noted one by one and then copied column by column, which costs less than row
 * by row. Batches are the caller's and stay open until their rows are copied. One thread.
 */
public final class RowGather {
    private final Batch[] batches;
    private final int[] rows;
    private final Column[] columns;
    private int count;

    /** Of at most so many rows at a time. */
    public RowGather(int capacityRows) {
        this.batches = new Batch[capacityRows];
        this.rows = new int[capacityRows];
        this.columns = new Column[capacityRows];
    }

    /** Notes a row, by its index in the columns. */
    public void add(Batch batch, int row) {
        batches[count] = batch;
        rows[count++] = row;
    }

    /** Rows noted. */
    public int rowCount() {
        return count;
    }

    /** Rows that can be noted at a time. */
    public int capacityRows() {
        return rows.length;
    }

    /** Appends what was noted, in that order and without weights, and forgets it. */
    public void appendTo(BatchBuilder builder) {
        int columnCount = builder.schema().size();
        for (int i = 0; i < columnCount; i++) {
            for (int k = 0; k < count; k++) {
                columns[k] = batches[k].column(i);
            }
            builder.column(i).gather(columns, rows, count);
        }
        for (int k = 0; columnCount == 0 && k < count; k++) {
            builder.addEmptyRow();
        }
        clear();
    }

    /** Forgets what was noted. */
    public void clear() {
        Arrays.fill(batches, 0, count, null);
        Arrays.fill(columns, 0, count, null);
        count = 0;
    }
}
