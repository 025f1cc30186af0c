package io.millrace.operators.sort;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the values, the order is one, and its prefixes say the same as far as they say anything. */
final class RowComparatorTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 17);
    private static final int ROWS = 120;

    @Test
    void prefixesNeverContradictTheOrderWhichIsTotal() {
        System.out.println("-Dmillrace.test.seed=" + SEED);
        Random random = new Random(SEED);
        RandomValues values = new RandomValues(random);
        for (DataType type : RandomValues.TYPES) {
            Schema schema = Schema.of("other", DataType.BIGINT, "key", type);
            try (Allocator allocator = Allocator.root(64L << 20);
                    BatchBuilder builder = new BatchBuilder(allocator, schema, ROWS)) {
                for (int i = 0; i < ROWS; i++) {
                    builder.append((long) random.nextInt(3), values.next(type));
                }
                try (Batch batch = builder.build()) {
                    for (int order = 0; order < 4; order++) {
                        SortKey key = new SortKey(1, (order & 1) != 0, (order & 2) != 0);
                        check(new RowComparator(schema, List.of(key)), batch, type + " " + key);
                    }
                    check(new RowComparator(schema, List.of()), batch, type + " by all columns");
                }
            }
        }
    }

    private static void check(RowComparator order, Batch batch, String what) {
        for (int a = 0; a < ROWS; a++) {
            for (int b = 0; b < ROWS; b++) {
                int compared = order.compare(batch, a, batch, b);
                assertThat(Integer.signum(order.compare(batch, b, batch, a)))
                        .as("%s: rows %s, %s", what, b, a)
                        .isEqualTo(-Integer.signum(compared));
                if (order.prefix(batch, a) < order.prefix(batch, b)) {
                    assertThat(compared).as("%s: rows %s, %s of %s", what, a, b, batch.toRows()).isNegative();
                }
                for (int c = 0; compared <= 0 && c < ROWS; c += 7) {
                    if (order.compare(batch, b, batch, c) <= 0) {
                        assertThat(order.compare(batch, a, batch, c) <= 0)
                                .as("%s: rows %s, %s, %s", what, a, b, c)
                                .isTrue();
                    }
                }
            }
        }
    }
}
