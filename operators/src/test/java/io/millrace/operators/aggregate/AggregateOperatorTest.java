package io.millrace.operators.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.OperatorHarness;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Hash aggregation against a plain computation over lists. */
final class AggregateOperatorTest {
    private static final Schema INPUT =
            Schema.of(
                    "a", DataType.BIGINT,
                    "s", DataType.VARCHAR,
                    "i", DataType.INT,
                    "d", DataType.DOUBLE,
                    "m", DataType.decimal(20, 2),
                    "f", DataType.BOOLEAN);

    private static final List<AggregateCall> CALLS =
            List.of(
                    new AggregateCall(AggregateFunction.COUNT, false, -1, -1, DataType.BIGINT.notNull()),
                    new AggregateCall(AggregateFunction.COUNT, false, 1, 5, DataType.BIGINT.notNull()),
                    new AggregateCall(AggregateFunction.SUM, false, 0, -1, DataType.BIGINT),
                    new AggregateCall(AggregateFunction.SUM, false, 3, -1, DataType.DOUBLE),
                    new AggregateCall(AggregateFunction.SUM, false, 4, 5, DataType.decimal(38, 2)),
                    new AggregateCall(AggregateFunction.AVG, false, 2, -1, DataType.INT),
                    new AggregateCall(AggregateFunction.AVG, false, 3, -1, DataType.DOUBLE),
                    new AggregateCall(AggregateFunction.MIN, false, 0, -1, DataType.BIGINT),
                    new AggregateCall(AggregateFunction.MAX, false, 1, -1, DataType.VARCHAR),
                    new AggregateCall(AggregateFunction.MAX, false, 3, -1, DataType.DOUBLE),
                    new AggregateCall(AggregateFunction.MIN, false, 4, -1, DataType.decimal(20, 2)),
                    new AggregateCall(AggregateFunction.COUNT, true, 2, -1, DataType.BIGINT.notNull()),
                    new AggregateCall(AggregateFunction.SUM, true, 2, 5, DataType.INT));

    private static AggregateSpec spec(List<Integer> keys, ChangelogKind in, ChangelogKind out) {
        List<Field> fields = new ArrayList<>();
        keys.forEach(key -> fields.add(INPUT.field(key)));
        for (int i = 0; i < CALLS.size(); i++) {
            fields.add(new Field("r" + i, CALLS.get(i).type()));
        }
        return new AggregateSpec(INPUT, keys, CALLS, new Schema(fields), in, out);
    }

    private static List<Object> randomRow(Random random) {
        List<Object> row = new ArrayList<>();
        row.add(random.nextInt(10) == 0 ? null : (long) random.nextInt(20) - 5);
        row.add(random.nextInt(10) == 0 ? null : "x".repeat(random.nextInt(18)) + random.nextInt(4));
        row.add(random.nextInt(10) == 0 ? null : random.nextInt(9) - 4);
        row.add(random.nextInt(10) == 0 ? null : (random.nextInt(2000) - 1000) * Math.pow(10, random.nextInt(40) - 20));
        row.add(random.nextInt(10) == 0 ? null : BigDecimal.valueOf(random.nextInt(100_000), 2));
        row.add(random.nextInt(10) == 0 ? null : random.nextBoolean());
        return row;
    }

    private static Object reference(AggregateCall call, List<List<Object>> rows) {
        List<Object> values = new ArrayList<>();
        for (List<Object> row : rows) {
            boolean passes = call.filter() < 0 || Boolean.TRUE.equals(row.get(call.filter()));
            Object value = call.argument() < 0 ? Boolean.TRUE : row.get(call.argument());
            if (passes && value != null && !(call.distinct() && values.contains(value))) {
                values.add(value);
            }
        }
        if (call.function() == AggregateFunction.COUNT) {
            return (long) values.size();
        }
        if (values.isEmpty()) {
            return null;
        }
        @SuppressWarnings("unchecked")
        Comparator<Object> natural = (x, y) -> ((Comparable<Object>) x).compareTo(y);
        BigDecimal sum = BigDecimal.ZERO;
        if (values.getFirst() instanceof Number) {
            for (Object value : values) {
                sum = sum.add(value instanceof Double d ? new BigDecimal(d) : new BigDecimal(value.toString()));
            }
        }
        return switch (call.function()) {
            case MIN -> values.stream().min(natural).orElseThrow();
            case MAX -> values.stream().max(natural).orElseThrow();
            case SUM -> convert(sum, call.type());
            case AVG ->
                    call.type().kind() == io.millrace.memory.types.TypeKind.INT
                            ? convert(sum.divideToIntegralValue(BigDecimal.valueOf(values.size())), call.type())
                            : sum.divide(BigDecimal.valueOf(values.size()), 800, RoundingMode.HALF_EVEN).doubleValue();
            case COUNT -> throw new AssertionError();
        };
    }

    private static Object convert(BigDecimal value, DataType type) {
        return switch (type.kind()) {
            case INT -> value.intValueExact();
            case BIGINT -> value.longValueExact();
            case DOUBLE -> value.doubleValue();
            default -> value.setScale(type.scale());
        };
    }

    private static Map<List<Object>, Long> reference(List<Integer> keys, List<List<Object>> rows) {
        Map<List<Object>, List<List<Object>>> groups = new HashMap<>();
        if (keys.isEmpty()) {
            groups.put(List.of(), rows);
        } else {
            for (List<Object> row : rows) {
                List<Object> key = new ArrayList<>();
                keys.forEach(k -> key.add(row.get(k)));
                groups.computeIfAbsent(key, unused -> new ArrayList<>()).add(row);
            }
        }
        Map<List<Object>, Long> results = new HashMap<>();
        groups.forEach((key, members) -> {
            List<Object> result = new ArrayList<>(key);
            CALLS.forEach(call -> result.add(reference(call, members)));
            results.put(result, 1L);
        });
        return results;
    }

    private static Batch batch(OperatorHarness harness, List<List<Object>> rows, List<Long> weights, Random random) {
        // Every other row is one that the selection leaves out.
        boolean selected = random.nextBoolean();
        try (BatchBuilder builder = new BatchBuilder(harness.root(), INPUT, 8, weights != null)) {
            int[] indices = new int[rows.size()];
            for (int i = 0; i < rows.size(); i++) {
                if (selected) {
                    append(builder, 7, randomRow(random));
                }
                indices[i] = builder.rowCount();
                append(builder, weights == null ? 1 : weights.get(i), rows.get(i));
            }
            Batch batch = builder.build();
            if (selected) {
                batch.select(Selection.of(harness.root(), indices));
            }
            return batch;
        }
    }

    private static void append(BatchBuilder builder, long weight, List<Object> row) {
        if (builder.isWeighted()) {
            builder.appendWeighted(weight, row.toArray());
        } else {
            builder.append(row.toArray());
        }
    }

    private static final List<List<Integer>> KEYS =
            List.of(List.of(), List.of(0), List.of(1), List.of(2), List.of(0, 1), List.of(3, 5));

    private static long seed() {
        long seed = Long.getLong("millrace.test.seed", 42);
        System.out.println("seed=" + seed + " (-Dmillrace.test.seed)");
        return seed;
    }

    @Test
    void aggregatesBoundedInputAsAPlainFoldDoes() {
        Random random = new Random(seed());
        for (List<Integer> keys : KEYS) {
            for (int rowCount : new int[] {0, 1, 1000}) {
                AggregateSpec spec = spec(keys, ChangelogKind.APPEND, ChangelogKind.APPEND);
                try (OperatorHarness harness = new OperatorHarness(spec, true, rowCount == 1000, 7)) {
                    List<List<Object>> all = new ArrayList<>();
                    while (all.size() < rowCount) {
                        List<List<Object>> rows = new ArrayList<>();
                        for (int i = random.nextInt(50) + 1; i > 0 && all.size() + rows.size() < rowCount; i--) {
                            rows.add(randomRow(random));
                        }
                        all.addAll(rows);
                        harness.process(batch(harness, rows, null, random));
                    }
                    harness.end();
                    assertThat(harness.folded()).isEqualTo(reference(keys, all));
                }
            }
        }
    }

    @Test
    void foldsAChangelogToTheSameAnswerAtEveryEpochWhateverItsOrderWithinOne() {
        Random random = new Random(seed());
        for (List<Integer> keys : KEYS) {
            AggregateSpec spec = spec(keys, ChangelogKind.RETRACT, ChangelogKind.RETRACT);
            try (OperatorHarness harness = new OperatorHarness(spec, false, true, 5)) {
                List<List<Object>> alive = new ArrayList<>();
                for (int epoch = 0; epoch < 30; epoch++) {
                    List<List<Object>> rows = new ArrayList<>();
                    List<Long> weights = new ArrayList<>();
                    for (int i = random.nextInt(40); i > 0; i--) {
                        boolean takesAway = !alive.isEmpty() && random.nextInt(100) < 55;
                        List<Object> row = takesAway ? alive.remove(random.nextInt(alive.size())) : randomRow(random);
                        if (!takesAway) {
                            alive.add(row);
                        }
                        // Order within an epoch means nothing: what is taken away may come first.
                        int at = random.nextInt(rows.size() + 1);
                        rows.add(at, row);
                        weights.add(at, takesAway ? -1L : 1L);
                    }
                    harness.process(batch(harness, rows, weights, random));
                    harness.epoch(true);
                    if (!keys.isEmpty() || harness.folded().size() > 0) {
                        assertThat(harness.folded())
                                .as("keys %s epoch %s", keys, epoch)
                                .isEqualTo(reference(keys, alive));
                    }
                }
                harness.end();
                assertThat(harness.folded()).isEqualTo(reference(keys, alive));
            }
        }
    }

    @Test
    void holdsChangesBackUntilTheSourcesAreLive() {
        AggregateSpec spec = spec(List.of(0), ChangelogKind.APPEND, ChangelogKind.RETRACT);
        Random random = new Random(1);
        try (OperatorHarness harness = new OperatorHarness(spec, false, false, 5)) {
            harness.process(batch(harness, List.of(randomRow(random)), null, random));
            harness.epoch(false);
            assertThat(harness.rows()).isEmpty();
            harness.epoch(true);
            assertThat(harness.rows()).hasSize(1);
            harness.epoch(true);
            assertThat(harness.rows()).hasSize(1);
        }
    }

    @Test
    void saysSoWhenMoreIsTakenAwayThanWasAdded() {
        AggregateSpec spec = spec(List.of(0), ChangelogKind.RETRACT, ChangelogKind.RETRACT);
        Random random = new Random(1);
        try (OperatorHarness harness = new OperatorHarness(spec, false, false, 5)) {
            harness.process(batch(harness, List.of(randomRow(random)), List.of(-1L), random));
            assertThatThrownBy(() -> harness.epoch(true))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("-1 rows");
        }
    }

    @Test
    void doubleSumsDependOnNoOrderAndAreTakenBackExactly() {
        Random random = new Random(seed());
        Schema schema = Schema.of("d", DataType.DOUBLE);
        List<AggregateCall> calls = List.of(new AggregateCall(AggregateFunction.SUM, false, 0, -1, DataType.DOUBLE));
        for (int round = 0; round < 200; round++) {
            List<Double> values = new ArrayList<>();
            BigDecimal exact = BigDecimal.ZERO;
            for (int i = 0; i < 20; i++) {
                double value = Double.longBitsToDouble(random.nextLong());
                if (Double.isFinite(value)) {
                    values.add(value);
                    exact = exact.add(new BigDecimal(value));
                }
            }
            AggregateSpec spec =
                    new AggregateSpec(schema, List.of(), calls, schema, ChangelogKind.RETRACT, ChangelogKind.RETRACT);
            try (OperatorHarness harness = new OperatorHarness(spec, false, false, 5);
                    BatchBuilder builder = new BatchBuilder(harness.root(), schema, 8, true)) {
                for (double special :
                        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300}) {
                    builder.appendWeighted(1, special);
                }
                values.forEach(value -> builder.appendWeighted(1, value));
                for (double special :
                        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300}) {
                    builder.appendWeighted(-1, special);
                }
                harness.process(builder.build());
                harness.end();
                Double expected = values.isEmpty() ? null : (Double) exact.doubleValue();
                if (exact.signum() == 0 && expected != null) {
                    expected = 0.0;
                }
                assertThat(harness.rows().getLast().values().getFirst()).isEqualTo(expected);
            }
        }
    }

    @Test
    void growsPastItsFirstSizeWithoutLosingAGroup() {
        Schema schema = Schema.of("k", DataType.BIGINT, "n", DataType.BIGINT.notNull());
        AggregateSpec spec =
                new AggregateSpec(
                        schema,
                        List.of(0),
                        List.of(
                                new AggregateCall(AggregateFunction.COUNT, false, -1, -1, DataType.BIGINT.notNull()),
                                new AggregateCall(AggregateFunction.SUM, false, 1, -1, DataType.BIGINT.notNull())),
                        Schema.of("k", DataType.BIGINT, "c", DataType.BIGINT, "s", DataType.BIGINT),
                        ChangelogKind.APPEND,
                        ChangelogKind.APPEND);
        int groups = 50_000;
        try (OperatorHarness harness = new OperatorHarness(spec, true, false, 4096);
                BatchBuilder builder = new BatchBuilder(harness.root(), schema, 4096)) {
            for (int pass = 0; pass < 2; pass++) {
                for (long k = 0; k < groups; k++) {
                    builder.column(0).appendLong(k - 10);
                    builder.column(1).appendLong(k);
                    if (builder.rowCount() == 4096) {
                        harness.process(builder.build());
                    }
                }
                builder.column(0).appendNull();
                builder.column(1).appendLong(5);
                harness.process(builder.build());
            }
            harness.end();
            assertThat(harness.rows()).hasSize(groups + 1);
            for (OperatorHarness.Row row : harness.rows()) {
                Long key = (Long) row.values().get(0);
                long expected = key == null ? 10 : 2 * (key + 10);
                assertThat(row.values().subList(1, 3)).isEqualTo(List.of(2L, expected));
            }
            assertThat(harness.rows().stream().map(r -> r.values().getFirst()).filter(Objects::isNull).count()).isOne();
        }
    }
}
