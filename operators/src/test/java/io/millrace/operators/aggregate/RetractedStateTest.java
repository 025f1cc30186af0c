package io.millrace.operators.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.OperatorHarness;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was taken away again is not held. */
final class RetractedStateTest {
    private static final Schema INPUT = Schema.of("k", DataType.VARCHAR, "v", DataType.VARCHAR);
    private static final List<AggregateCall> CALLS =
            List.of(
                    new AggregateCall(AggregateFunction.COUNT, true, 1, -1, DataType.BIGINT.notNull()),
                    new AggregateCall(AggregateFunction.MAX, false, 1, -1, DataType.VARCHAR));
    private static final AggregateSpec SPEC =
            new AggregateSpec(
                    INPUT,
                    List.of(0),
                    CALLS,
                    Schema.of("k", DataType.VARCHAR, "n", DataType.BIGINT.notNull(), "m", DataType.VARCHAR),
                    ChangelogKind.RETRACT,
                    ChangelogKind.RETRACT);

    private static void change(OperatorHarness harness, int round, long weight, boolean sameGroups) {
        try (BatchBuilder builder = new BatchBuilder(harness.root(), INPUT, 64, true)) {
            for (int i = 0; i < 50; i++) {
                String key = "group number " + (sameGroups ? i : round * 50 + i + 1_000_000);
                String value = "a value of many bytes " + "-".repeat(i) + (round + 1_000_000);
                builder.appendWeighted(weight, key, value);
                builder.appendWeighted(weight, key, value + "+");
            }
            harness.process(builder.build());
        }
        harness.epoch(true);
    }

    private static void checkBounded(boolean sameGroups) {
        try (OperatorHarness harness = new OperatorHarness(SPEC, false, false, 64)) {
            change(harness, 0, 1, true);
            Map<List<Object>, Long> first = harness.folded();
            long early = 0;
            for (int round = 1; round < 400; round++) {
                change(harness, round, 1, sameGroups);
                change(harness, round, -1, sameGroups);
                if (round == 20) {
                    early = harness.allocator().heldBytes();
                }
            }
            assertThat(harness.folded()).isEqualTo(first);
            assertThat(harness.allocator().heldBytes()).isLessThanOrEqualTo(early * 3 / 2);
            change(harness, 0, -1, true);
            assertThat(harness.folded()).isEmpty();
        }
    }

    @Test
    void valuesOfAGroupThatStays() {
        checkBounded(true);
    }

    @Test
    void groupsThatComeAndGo() {
        checkBounded(false);
    }

    @Test
    void aGroupThatTakesThePlaceOfAnotherBeginsEmpty() {
        try (OperatorHarness harness = new OperatorHarness(SPEC, false, false, 64)) {
            for (int round = 0; round < 50; round++) {
                try (BatchBuilder builder = new BatchBuilder(harness.root(), INPUT, 64, true)) {
                    builder.appendWeighted(1, "k" + round, "x");
                    builder.appendWeighted(1, "k" + round, "y");
                    if (round > 0) {
                        builder.appendWeighted(-1, "k" + (round - 1), "y");
                        builder.appendWeighted(-1, "k" + (round - 1), "x");
                    }
                    harness.process(builder.build());
                }
                harness.epoch(true);
                assertThat(harness.folded()).isEqualTo(Map.of(List.of("k" + round, 2L, "y"), 1L));
            }
        }
    }
}
