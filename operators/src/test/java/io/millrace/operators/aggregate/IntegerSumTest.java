package io.millrace.operators.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.OperatorHarness;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums of integers may leave the range of a BIGINT on the way, whatever the order, when they come back to it. */
final class IntegerSumTest {
    private static final long[] EXTREMES = {Long.MAX_VALUE, Long.MIN_VALUE, 1, -1, 0, 1L << 62, -(1L << 62) - 1};

    private static Object sum(List<Long> values, DataType result, boolean keyed, boolean weighted, int batchRows) {
        ChangelogKind kind = weighted ? ChangelogKind.RETRACT : ChangelogKind.APPEND;
        DataType argument = DataType.BIGINT.notNull();
        Schema input = Schema.of("k", DataType.BIGINT, "v", argument);
        List<AggregateCall> calls = List.of(new AggregateCall(AggregateFunction.SUM, false, 1, -1, result));
        Schema output = keyed ? Schema.of("k", DataType.BIGINT, "s", result) : Schema.of("s", result);
        AggregateSpec spec =
                new AggregateSpec(input, keyed ? List.of(0) : List.of(), calls, output, kind, ChangelogKind.APPEND);
        try (OperatorHarness harness = new OperatorHarness(spec, true, false, 7);
                BatchBuilder builder = new BatchBuilder(harness.root(), input, 8, weighted)) {
            for (int i = 0; i < values.size(); i++) {
                builder.column(0).appendLong(1);
                builder.column(1).appendLong(values.get(i));
                if (weighted) {
                    builder.weights().appendLong(i % 3 + 1);
                }
                if (builder.rowCount() == batchRows) {
                    harness.process(builder.build());
                }
            }
            harness.process(builder.build());
            harness.end();
            return harness.rows().getFirst().values().getLast();
        }
    }

    private static BigInteger reference(List<Long> values, boolean weighted) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < values.size(); i++) {
            sum = sum.add(BigInteger.valueOf(values.get(i)).multiply(BigInteger.valueOf(weighted ? i % 3 + 1 : 1)));
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void dependOnTheWholeAloneAndNotOnTheOrder(int batchRows) {
        long seed = Long.getLong("millrace.test.seed", 5);
        System.out.println("seed=" + seed + " (-Dmillrace.test.seed)");
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            List<Long> values = new ArrayList<>();
            for (int i = random.nextInt(12) + 1; i > 0; i--) {
                values.add(random.nextInt(3) > 0 ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextLong());
            }
            boolean keyed = random.nextBoolean();
            boolean weighted = random.nextBoolean();
            BigInteger expected = reference(values, weighted);
            Object wide = sum(values, DataType.decimal(38, 0), keyed, weighted, batchRows);
            assertThat(wide).isEqualTo(new BigDecimal(expected));
            DataType bigint = random.nextBoolean() ? DataType.BIGINT : DataType.BIGINT.notNull();
            if (expected.bitLength() < 64) {
                assertThat(sum(values, bigint, keyed, weighted, batchRows)).isEqualTo(expected.longValueExact());
            } else {
                assertThatThrownBy(() -> sum(values, bigint, keyed, weighted, batchRows))
                        .isInstanceOf(MillraceException.class)
                        .hasMessageContaining("out of the range of BIGINT");
            }
        }
    }

    @Test
    void areInRangeAgainAfterTheyWereNot() {
        assertThat(sum(List.of(Long.MAX_VALUE, 1L, -5L), DataType.BIGINT, false, false, 1))
                .isEqualTo(Long.MAX_VALUE - 4);
    }
}
