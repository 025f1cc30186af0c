package io.millrace.operators.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.OperatorHarness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SortOperatorTest {
    private static final Schema SCHEMA = Schema.of("a", DataType.BIGINT.notNull(), "s", DataType.VARCHAR.notNull());
    private static final List<SortKey> BY_A = List.of(new SortKey(0, false, true));

    private static List<Object> row(int a) {
        return List.of((long) a % 100, "s" + a);
    }

    private static Batch changes(OperatorHarness harness, List<List<Object>> rows, long weight) {
        try (BatchBuilder builder = new BatchBuilder(harness.root(), SCHEMA, 16, true)) {
            rows.forEach(row -> builder.appendWeighted(weight, row.toArray()));
            return builder.build();
        }
    }

    private static List<List<Object>> emitted(OperatorHarness harness) {
        return harness.rows().stream().map(OperatorHarness.Row::values).toList();
    }

    @ParameterizedTest
    @CsvSource({"0, -1, false", "0, -1, true", "3, 50, true", "0, 1000, false", "190, 50, true"})
    void ordersAndLimitsRowsAsTheyAreInTheEnd(long offset, long limit, boolean keyed) {
        long seed = Long.getLong("millrace.test.seed", 7);
        System.out.println("seed=" + seed + " (-Dmillrace.test.seed)");
        Random random = new Random(seed);
        SortSpec spec = new SortSpec(SCHEMA, ChangelogKind.RETRACT, keyed ? BY_A : List.of(), offset, limit);
        List<List<Object>> present = new ArrayList<>();
        try (OperatorHarness harness = new OperatorHarness(spec, true, true, 7)) {
            for (int i = 0; i < 2_000; i++) {
                List<List<Object>> added = List.of(row(random.nextInt(500)), row(random.nextInt(500)));
                present.addAll(added);
                harness.process(changes(harness, added, 1));
                while (present.size() > 200) {
                    List<Object> gone = present.remove(random.nextInt(present.size()));
                    harness.process(changes(harness, List.of(gone), -1));
                }
            }
            harness.end();
            present.sort(
                    Comparator.comparing((List<Object> row) -> (Long) row.get(0))
                            .thenComparing(row -> (String) row.get(1)));
            int from = (int) Math.min(present.size(), offset);
            int to = limit < 0 ? present.size() : (int) Math.min(present.size(), offset + limit);
            assertThat(emitted(harness)).isEqualTo(present.subList(from, to));
        }
    }

    @Test
    void addsWeightsUpWhenManyChangesAreHeld() {
        SortSpec spec = new SortSpec(SCHEMA, ChangelogKind.RETRACT, BY_A, 0, -1);
        try (OperatorHarness harness = new OperatorHarness(spec, true, false, 1000)) {
            List<List<Object>> rows = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                rows.add(row(i));
            }
            for (int i = 0; i < 4; i++) {
                harness.process(changes(harness, rows, -1));
                harness.process(changes(harness, rows, 1));
            }
            harness.process(changes(harness, rows.subList(10, 20), 2));
            harness.end();
            assertThat(emitted(harness)).hasSize(20);
        }
    }

    @Test
    void refusesRowsThatWereTakenAwayMoreOftenThanAdded() {
        SortSpec spec = new SortSpec(SCHEMA, ChangelogKind.RETRACT, BY_A, 0, -1);
        try (OperatorHarness harness = new OperatorHarness(spec, true, false, 1000)) {
            harness.process(changes(harness, List.of(row(1)), -1));
            assertThatThrownBy(harness::end).isInstanceOf(MillraceException.class).hasMessageContaining("1 times");
        }
    }
}
