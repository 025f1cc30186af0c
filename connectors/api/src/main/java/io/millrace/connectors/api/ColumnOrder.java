package io.millrace.connectors.api;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.Schema;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A projection may name a column twice, a decoder fills each column once: what is decoded, and where it goes.
 *
 * @param decoded the distinct columns of the projection, in the order in which they first occur
 * @param places for each column of the projection, which of those it is
 */
public record ColumnOrder(int[] decoded, int[] places) {
    /** The order of this projection. */
    public static ColumnOrder of(int[] projection) {
        int[] decoded = Arrays.stream(projection).distinct().toArray();
        int[] places =
                Arrays.stream(projection)
                        .map(column ->
                                IntStream.range(0, decoded.length)
                                        .filter(i -> decoded[i] == column)
                                        .findFirst()
                                        .orElseThrow())
                        .toArray();
        return new ColumnOrder(decoded, places);
    }

    /**
     * The batch's columns in the order of the projection, columns behind the decoded ones at the end; takes the batch.
     * A column that is named twice is shared, not copied.
     */
    public Batch arrange(Batch batch, Schema schema) {
        if (places.length == decoded.length) {
            return batch;
        }
        int added = batch.columnCount() - decoded.length;
        Column[] columns = new Column[places.length + added];
        for (int i = 0; i < columns.length; i++) {
            int from = i < places.length ? places[i] : decoded.length + i - places.length;
            columns[i] = batch.column(from).retain();
        }
        Batch arranged = new Batch(schema, columns, batch.rowCount());
        batch.close();
        return arranged;
    }
}
