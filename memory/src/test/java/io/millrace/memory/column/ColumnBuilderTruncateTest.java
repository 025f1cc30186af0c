package io.millrace.memory.column;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnBuilderTruncateTest {
    private static final DataType ROW =
            DataType.row(List.of(new Field("a", DataType.BIGINT), new Field("b", DataType.array(DataType.VARCHAR))));

    @Test
    void takesAwayRowsNullsAndWhatWasBegun() {
        try (Allocator root = Allocator.root(1 << 20);
                ColumnBuilder builder = new ColumnBuilder(root, MemoryTag.BATCH, ROW, 2)) {
            List<Object> kept = Arrays.asList(1L, Arrays.asList("a long enough string", null));
            builder.appendObject(kept);
            builder.appendNull();
            builder.appendObject(Arrays.asList(null, List.of("x")));
            builder.child(0).appendLong(7);
            builder.child(1).child(0).appendBytes(new byte[40]);
            builder.truncate(1);
            builder.appendObject(Arrays.asList(2L, List.of()));
            Column column = builder.build();
            try {
                assertThat(column.rowCount()).isEqualTo(2);
                assertThat(column.nullCount()).isZero();
                assertThat(column.child(0).nullCount()).isZero();
                assertThat(column.getObject(0)).isEqualTo(kept);
                assertThat(column.getObject(1)).isEqualTo(Arrays.asList(2L, List.of()));
            } finally {
                column.release();
            }
        }
    }
}
