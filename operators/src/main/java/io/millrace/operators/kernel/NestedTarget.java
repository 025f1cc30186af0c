package io.millrace.operators.kernel;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import java.util.ArrayList;
import java.util.List;

/** As {@link Target} for ROW, ARRAY and MAP: notes for each row which column has its value, and gathers at the end. */
public final class NestedTarget implements AutoCloseable {
    private final Allocator allocator;
    private final DataType type;
    private final int[] sourceOfRow;
    private final List<Column> sources = new ArrayList<>();

    public NestedTarget(Allocator allocator, DataType type, int rowCount) {
        this.allocator = allocator;
        this.type = type;
        this.sourceOfRow = new int[rowCount];
    }

    /** Takes one hold of the column; these rows are copied from it. */
    public void take(Column from, Rows rows) {
        sources.add(from);
        for (int i = 0; i < rows.count(); i++) {
            sourceOfRow[rows.row(i)] = sources.size();
        }
    }

    /** The column, which the caller owns; rows not taken are NULL. */
    public Column build() {
        try (ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.BATCH, type, sourceOfRow.length)) {
            for (int row = 0; row < sourceOfRow.length; row++) {
                if (sourceOfRow[row] == 0) {
                    builder.appendNull();
                } else {
                    builder.append(sources.get(sourceOfRow[row] - 1), row);
                }
            }
            return builder.build();
        }
    }

    @Override
    public void close() {
        sources.forEach(Column::release);
        sources.clear();
    }
}
