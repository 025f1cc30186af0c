package io.millrace.memory.column;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ColumnBuilderNullsTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 11);

    static List<DataType> types() {
        return List.of(
                DataType.BIGINT,
                DataType.BOOLEAN,
                DataType.VARCHAR,
                DataType.decimal(30, 2),
                DataType.array(DataType.INT),
                DataType.row(List.of(new Field("a", DataType.BIGINT), new Field("b", DataType.VARCHAR))));
    }

    @ParameterizedTest
    @MethodSource("types")
    void nullsAtOnceEqualNullsOneByOne(DataType type) {
        Random random = new Random(SEED);
        try (Allocator allocator = Allocator.root(16 << 20);
                ColumnBuilder atOnce = new ColumnBuilder(allocator, MemoryTag.BATCH, type, 4);
                ColumnBuilder oneByOne = new ColumnBuilder(allocator, MemoryTag.BATCH, type, 4)) {
            for (int round = 0; round < 200; round++) {
                int nulls = random.nextInt(40);
                atOnce.appendNulls(nulls);
                for (int i = 0; i < nulls; i++) {
                    oneByOne.appendNull();
                }
                Object value = sample(type);
                atOnce.appendObject(value);
                oneByOne.appendObject(value);
            }
            Column a = atOnce.build();
            Column b = oneByOne.build();
            assertThat(a.nullCount()).isEqualTo(b.nullCount());
            List<Object> left = new ArrayList<>();
            List<Object> right = new ArrayList<>();
            for (int row = 0; row < b.rowCount(); row++) {
                left.add(a.getObject(row));
                right.add(b.getObject(row));
            }
            assertThat(left).describedAs("seed %d", SEED).isEqualTo(right);
            a.release();
            b.release();
        }
    }

    private static Object sample(DataType type) {
        return switch (type.kind()) {
            case BOOLEAN -> true;
            case VARCHAR -> "longer than twelve bytes";
            case DECIMAL -> new java.math.BigDecimal("12.34");
            case ARRAY -> List.of(1, 2);
            case ROW -> List.of(5L, "x");
            default -> 7L;
        };
    }
}
