package io.millrace.engine.view;

import io.millrace.connectors.api.ColumnChange;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of a view as it was before its query was edited, as rows of what it is. A column that is new is NULL, or 0 where
 * it cannot be. Immutable.
 */
final class ColumnConversion {
    private final Schema after;
    private final Schema before;
    private final List<Integer> from;

    ColumnConversion(Schema after, ColumnChange change) {
        this.after = after;
        this.from = change.columns();
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < change.before().size(); i++) {
            fields.add(new Field("column" + i, change.before().get(i)));
        }
        this.before = new Schema(fields);
        if (from.size() != after.size()) {
            throw MillraceException.internal("expected " + after.size() + " columns of a view, found " + from.size());
        }
    }

    Schema before() {
        return before;
    }

    /** The same rows; the batch stays the caller's. */
    Batch convert(Allocator allocator, Batch batch) {
        int rows = batch.rowCount();
        boolean weighted = batch.weights() != null;
        try (BatchBuilder builder = new BatchBuilder(allocator, MemoryTag.VIEW, after, Math.max(1, rows), weighted)) {
            for (int i = 0; i < after.size(); i++) {
                ColumnBuilder to = builder.column(i);
                if (from.get(i) < 0) {
                    begin(to, after.type(i), rows);
                } else {
                    convert(batch.column(from.get(i)), after.type(i), to, rows);
                }
            }
            for (int row = 0; weighted && row < rows; row++) {
                builder.weights().appendLong(batch.weight(row));
            }
            return builder.build();
        }
    }

    private static void begin(ColumnBuilder to, DataType type, int rows) {
        for (int row = 0; row < rows; row++) {
            if (type.nullable()) {
                to.appendNull();
            } else {
                to.appendLong(0);
            }
        }
    }

    private static void convert(Column column, DataType type, ColumnBuilder to, int rows) {
        boolean same = column.type().layout() == type.layout();
        for (int row = 0; row < rows; row++) {
            if (same) {
                to.append(column, row);
            } else if (column.isNull(row)) {
                to.appendNull();
            } else {
                switch (type.kind()) {
                    case DOUBLE -> to.appendDouble(column.getDouble(row));
                    case DECIMAL -> to.appendObject(column.getObject(row));
                    default -> to.appendLong(column.getLong(row));
                }
            }
        }
    }
}
