package io.millrace.engine.side;

import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;

/** {@code <table>$late}: what is kept at the moment the reading begins. */
final class LateSource implements Source {
    private final SideTableStore store;
    private final String table;
    private final Schema schema;

    LateSource(SideTableStore store, String table, Schema columns) {
        this.store = store;
        this.table = table;
        this.schema =
                new Schema(
                        columns.fields().stream()
                                .map(field -> new Field(field.name(), field.type().withNullable(true)))
                                .toList());
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public boolean isBounded() {
        return true;
    }

    @Override
    public String describe() {
        return "late rows";
    }

    @Override
    public SourceRun start(ScanRequest request) {
        Schema projected = schema.project(request.projection());
        return new KeptRows(store.shareLate(table), (batch, context) -> project(batch, projected, context));
    }

    private static Batch project(Batch batch, Schema projected, ReaderContext context) {
        Column[] columns = new Column[projected.size()];
        try {
            for (int i = 0; i < columns.length; i++) {
                int from = batch.schema().indexOf(projected.name(i));
                boolean same = from >= 0 && batch.schema().type(from).sameValues(projected.type(i));
                columns[i] = same ? batch.column(from).retain() : nulls(projected, i, batch.rowCount(), context);
            }
        } catch (RuntimeException failure) {
            for (Column column : columns) {
                if (column != null) {
                    column.release();
                }
            }
            batch.close();
            throw failure;
        }
        return batch.replaceColumns(projected, columns);
    }

    private static Column nulls(Schema schema, int column, int rowCount, ReaderContext context) {
        try (ColumnBuilder builder = new ColumnBuilder(context.allocator(), MemoryTag.BATCH, schema.type(column), 1)) {
            builder.appendNull();
            return Column.constant(builder.build(), rowCount);
        }
    }
}
