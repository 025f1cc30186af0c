package io.millrace.engine;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;

/** Rows that are at hand: answers of SHOW, DESCRIBE and their like. */
final class FixedRows implements RowStream {
    static final FixedRows NONE = new FixedRows(null);

    private Batch batch;
    private boolean given;

    /** Takes the batch, which may be null. */
    private FixedRows(Batch batch) {
        this.batch = batch;
    }

    /** Columns of text. */
    static Schema textColumns(String... names) {
        List<Field> fields = new ArrayList<>();
        for (String name : names) {
            fields.add(new Field(name, DataType.VARCHAR));
        }
        return new Schema(fields);
    }

    static FixedRows of(Allocator allocator, Schema schema, List<? extends List<?>> rows) {
        try (BatchBuilder builder = new BatchBuilder(allocator, schema, Math.max(1, rows.size()))) {
            rows.forEach(row -> builder.append(row.toArray()));
            return new FixedRows(builder.build());
        }
    }

    @Override
    public Batch next() {
        if (given) {
            return null;
        }
        given = true;
        return batch;
    }

    @Override
    public void close() {
        if (batch != null) {
            batch.close();
            batch = null;
        }
    }
}
