package io.millrace.operators.aggregate;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.StatefulContract;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;

/** Each aggregate function, kept and restored, for rows that are only added and rows that come and go. */
final class AggregateStateTest {
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
                    new AggregateCall(AggregateFunction.SUM, false, 0, -1, DataType.BIGINT),
                    new AggregateCall(AggregateFunction.SUM, false, 3, -1, DataType.DOUBLE),
                    new AggregateCall(AggregateFunction.SUM, false, 4, 5, DataType.decimal(38, 2)),
                    new AggregateCall(AggregateFunction.AVG, false, 2, -1, DataType.INT),
                    new AggregateCall(AggregateFunction.MIN, false, 0, -1, DataType.BIGINT),
                    new AggregateCall(AggregateFunction.MAX, false, 1, -1, DataType.VARCHAR),
                    new AggregateCall(AggregateFunction.MIN, false, 4, -1, DataType.decimal(20, 2)),
                    new AggregateCall(AggregateFunction.COUNT, true, 1, -1, DataType.BIGINT.notNull()),
                    new AggregateCall(AggregateFunction.SUM, true, 2, 5, DataType.INT));

    private static final List<AggregateCall> PLAIN_CALLS = List.of(CALLS.get(0), CALLS.get(1), CALLS.get(5));

    private static AggregateSpec by(
            List<Integer> keys, List<AggregateCall> calls, ChangelogKind in, ChangelogKind out) {
        List<Field> fields = new ArrayList<>();
        keys.forEach(key -> fields.add(INPUT.field(key)));
        for (int i = 0; i < calls.size(); i++) {
            fields.add(new Field("r" + i, calls.get(i).type()));
        }
        return new AggregateSpec(INPUT, keys, calls, new Schema(fields), in, out);
    }

    private static List<Object> randomRow(Random random) {
        List<Object> row = new ArrayList<>();
        row.add(random.nextInt(10) == 0 ? null : (long) random.nextInt(12) - 2);
        row.add(random.nextInt(10) == 0 ? null : "x".repeat(random.nextInt(18)) + random.nextInt(4));
        row.add(random.nextInt(10) == 0 ? null : random.nextInt(9) - 4);
        row.add(random.nextInt(10) == 0 ? null : (random.nextInt(2000) - 1000) * Math.pow(10, random.nextInt(9)));
        row.add(random.nextInt(10) == 0 ? null : BigDecimal.valueOf(random.nextInt(100_000), 2));
        row.add(random.nextInt(10) == 0 ? null : random.nextBoolean());
        return row;
    }

    /** An aggregate by some keys. */
    abstract static class Kept extends StatefulContract {
        private final AggregateSpec spec;
        private final boolean bounded;
        private final List<List<Object>> rows = new ArrayList<>();
        private final List<Long> weights = new ArrayList<>();

        Kept(AggregateSpec spec, boolean bounded) {
            this.spec = spec;
            this.bounded = bounded;
            Random random = new Random(5);
            List<List<Object>> present = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                boolean takes = spec.inputKind() != ChangelogKind.APPEND && random.nextInt(100) < 45;
                if (takes && !present.isEmpty()) {
                    rows.add(present.remove(random.nextInt(present.size())));
                    weights.add(-1L);
                } else {
                    List<Object> row = randomRow(random);
                    rows.add(row);
                    present.add(row);
                    weights.add(1L);
                }
            }
        }

        @Override
        protected OperatorSpec spec() {
            return spec;
        }

        @Override
        protected List<Integer> keyColumns() {
            return spec.groupKeys();
        }

        @Override
        protected boolean isBounded() {
            return bounded;
        }

        @Override
        protected List<List<Object>> inputRows(int input) {
            return rows;
        }

        @Override
        protected List<Long> inputWeights(int input) {
            return spec.inputKind() == ChangelogKind.APPEND ? null : weights;
        }

        @Override
        protected List<Schema> inputSchemas() {
            return List.of(INPUT);
        }
    }

    @Nested
    final class FinalResultsByOneInteger extends Kept {
        FinalResultsByOneInteger() {
            super(by(List.of(0), PLAIN_CALLS, ChangelogKind.APPEND, ChangelogKind.APPEND), true);
        }
    }

    @Nested
    final class FinalResultsByTwoKeys extends Kept {
        FinalResultsByTwoKeys() {
            super(by(List.of(1, 5), CALLS, ChangelogKind.APPEND, ChangelogKind.APPEND), true);
        }
    }

    @Nested
    final class ChangesByOneInteger extends Kept {
        ChangesByOneInteger() {
            super(by(List.of(0), CALLS, ChangelogKind.APPEND, ChangelogKind.RETRACT), false);
        }
    }

    @Nested
    final class ChangesOfRowsThatComeAndGo extends Kept {
        ChangesOfRowsThatComeAndGo() {
            super(by(List.of(2, 5), CALLS, ChangelogKind.RETRACT, ChangelogKind.RETRACT), false);
        }
    }

    @Nested
    final class ChangesOfTheOneGroup extends Kept {
        ChangesOfTheOneGroup() {
            super(by(List.of(), CALLS, ChangelogKind.RETRACT, ChangelogKind.RETRACT), false);
        }
    }

    @Nested
    final class TheOneGroup extends Kept {
        TheOneGroup() {
            super(by(List.of(), PLAIN_CALLS, ChangelogKind.APPEND, ChangelogKind.APPEND), true);
        }
    }
}
