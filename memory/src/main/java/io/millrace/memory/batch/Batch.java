package io.millrace.memory.batch;

import io.millrace.memory.column.Column;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows together, as columns: what travels between operators. A batch has one owner, who closes it or gives it away; its
 * columns are counted, so {@link #share} makes a second batch of the same rows for a second owner.
 *
 * <p>{@link #rowCount()} rows lie in the columns; of these only the selected ones count. A batch with {@link
 * #weights()} is a piece of a changelog: its BIGINT weight says how often a row is added (positive) or taken away
 * (negative). One without weights only adds, each row once.
 */
public final class Batch implements AutoCloseable {
    private final Schema schema;
    private final Column[] columns;
    private final int rowCount;
    private Selection selection;
    private Column weights;
    private boolean closed;

    /** Takes the columns; every row counts, once. */
    public Batch(Schema schema, Column[] columns, int rowCount) {
        this(schema, columns, rowCount, null, null);
    }

    /** Takes the columns, the selection and the weights; the last two may be null. */
    public Batch(Schema schema, Column[] columns, int rowCount, Selection selection, Column weights) {
        assert schema.size() == columns.length : "schema " + schema + " over " + columns.length + " columns";
        this.schema = schema;
        this.columns = columns;
        this.rowCount = rowCount;
        this.selection = selection;
        this.weights = weights;
        for (Column column : columns) {
            assert column.rowCount() == rowCount : column + " in a batch of " + rowCount;
        }
    }

    public Schema schema() {
        return schema;
    }

    /** Rows that lie in the columns, selected or not. */
    public int rowCount() {
        return rowCount;
    }

    /** Rows that count. */
    public int activeCount() {
        return selection == null ? rowCount : selection.count();
    }

    /** Which rows count, a view; null when all do. */
    public Selection selection() {
        return selection;
    }

    /** Address of the i32 indices of the rows that count; 0 when all do. */
    public long selectionAddress() {
        return selection == null ? 0 : selection.address();
    }

    /** The index in the columns of the {@code position}-th row that counts. */
    public int row(int position) {
        return selection == null ? position : selection.row(position);
    }

    /** A view of the column, which dies with the batch. */
    public Column column(int index) {
        return columns[index];
    }

    public int columnCount() {
        return columns.length;
    }

    /** BIGINT, never null, one a row; null for rows that are only added, each once. */
    public Column weights() {
        return weights;
    }

    /** The weight of a row, by its index in the columns. */
    public long weight(int row) {
        return weights == null ? 1 : weights.getLong(row);
    }

    /** A second batch of the same rows, with an owner of its own. */
    public Batch share() {
        Column[] shared = columns.clone();
        for (Column column : shared) {
            column.retain();
        }
        return new Batch(
                schema,
                shared,
                rowCount,
                selection == null ? null : selection.retain(),
                weights == null ? null : weights.retain());
    }

    /** Narrows this batch to the selection, which it takes; indices are into the columns. */
    public void select(Selection narrowed) {
        if (selection != null) {
            selection.release();
        }
        selection = narrowed;
    }

    /**
     * A batch of these columns, which it takes, with this one's selection and weights; this one is closed. How a
     * projection replaces columns.
     */
    public Batch replaceColumns(Schema newSchema, Column[] newColumns) {
        Batch replaced = new Batch(newSchema, newColumns, rowCount, selection, weights);
        selection = null;
        weights = null;
        close();
        return replaced;
    }

    /** Takes away the weights: the caller owns them, and may be given null. */
    public Column takeWeights() {
        Column taken = weights;
        weights = null;
        return taken;
    }

    /** Bytes held by the columns; shared ones count in each batch. */
    public long heldBytes() {
        long bytes = 0;
        for (Column column : columns) {
            bytes += column.heldBytes();
        }
        return bytes;
    }

    /** The rows that count, as objects; for edges and tests. A weight, if any, is not among them. */
    public List<List<Object>> toRows() {
        List<List<Object>> rows = new ArrayList<>(activeCount());
        for (int position = 0; position < activeCount(); position++) {
            List<Object> values = new ArrayList<>(columns.length);
            for (Column column : columns) {
                values.add(column.getObject(row(position)));
            }
            rows.add(values);
        }
        return rows;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Column column : columns) {
            column.release();
        }
        if (selection != null) {
            selection.release();
        }
        if (weights != null) {
            weights.release();
        }
    }

    /** Fails when the batch was closed or given away by way of {@link #replaceColumns}. */
    public void checkOpen() {
        if (closed) {
            throw MillraceException.internal("use of a closed batch of " + schema);
        }
    }

    @Override
    public String toString() {
        return "Batch"
                + schema
                + " rowCount="
                + rowCount
                + " activeCount="
                + activeCount()
                + (weights == null ? "" : " weighted");
    }
}
