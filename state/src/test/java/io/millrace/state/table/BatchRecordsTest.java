package io.millrace.state.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import org.junit.jupiter.api.Test;

final class BatchRecordsTest {
    @Test
    void aBatchOfFewRowsAndManyColumnsTakesLittleMoreThanItsBytes() {
        Object[] columns = new Object[120];
        Object[] row = new Object[60];
        for (int i = 0; i < 60; i++) {
            columns[2 * i] = "c" + i;
            columns[2 * i + 1] = DataType.VARCHAR;
            row[i] = i % 7 == 0 ? null : i % 5 == 0 ? "short" : "some text of a column " + i;
        }
        Schema schema = Schema.of(columns);
        try (Allocator allocator = Allocator.root(64L << 20);
                StateOutput output = new StateOutput(allocator, 64);
                BatchBuilder builder = new BatchBuilder(allocator, schema, 40)) {
            for (int i = 0; i < 40; i++) {
                builder.append(row);
            }
            try (Batch batch = builder.build()) {
                BatchRecords.writeFlat(batch, output);
                StateInput input = new StateInput().wrap(output.address(), output.sizeBytes());
                try (Batch read = BatchRecords.read(allocator, schema, input)) {
                    assertThat(read.toRows()).isEqualTo(batch.toRows());
                    assertThat(read.heldBytes()).isLessThan(4 * output.sizeBytes());
                }
            }
        }
    }
}
