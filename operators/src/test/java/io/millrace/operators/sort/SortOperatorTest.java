package io.millrace.operators.sort;

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
import java.util.ArrayList;
import java.util.Arrays;
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

    private static Batch added(OperatorHarness harness, int from, int rows, int capacity) {
        try (BatchBuilder builder = new BatchBuilder(harness.root(), SCHEMA, capacity)) {
            for (int i = 0; i < rows; i++) {
                builder.append(row(from + i).toArray());
            }
            return builder.build();
        }
    }

    @Test
    void batchesOfFewRowsPinNoMoreThanTheirRows() {
        SortSpec spec = new SortSpec(SCHEMA, ChangelogKind.APPEND, BY_A, 0, -1);
        try (OperatorHarness harness = new OperatorHarness(spec, true, false, 4096)) {
            for (int i = 0; i < 2_000; i++) {
                harness.process(added(harness, i, 1, 4096));
            }
            assertThat(harness.root().heldBytes()).isLessThan(4L << 20);
            harness.end();
            assertThat(emitted(harness)).hasSize(2_000).isSortedAccordingTo(byNumberThenText());
        }
    }

    @Test
    void selectedRowsPinNotTheirWholeBatchWhetherLimitedOrNot() {
        for (long limit : new long[] {-1, 3}) {
            SortSpec spec = new SortSpec(SCHEMA, ChangelogKind.APPEND, BY_A, 0, limit);
            try (OperatorHarness harness = new OperatorHarness(spec, true, false, 256)) {
                for (int i = 0; i < 200; i++) {
                    Batch batch = added(harness, i * 2048, 2048, 2048);
                    batch.select(Selection.of(harness.root(), 17, 1999));
                    harness.process(batch);
                }
                assertThat(harness.root().heldBytes()).isLessThan(1L << 20);
                harness.end();
                assertThat(emitted(harness)).hasSize(limit < 0 ? 400 : 3).isSortedAccordingTo(byNumberThenText());
            }
        }
    }

    @Test
    void aLimitIsPrunedByBytesNotOnlyByRows() {
        SortSpec spec = new SortSpec(SCHEMA, ChangelogKind.APPEND, BY_A, 0, 3);
        String padding = "-".repeat(10_000);
        try (OperatorHarness harness = new OperatorHarness(spec, true, false, 128);
                BatchBuilder builder = new BatchBuilder(harness.root(), SCHEMA, 128)) {
            for (int i = 0; i < 8_000; i++) {
                builder.append(8_000L - i, padding + i);
                if (builder.rowCount() == 100) {
                    harness.process(builder.build());
                }
            }
            assertThat(harness.root().heldBytes()).isLessThan(40L << 20);
            harness.end();
            assertThat(emitted(harness)).extracting(List::getFirst).containsExactly(1L, 2L, 3L);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 9223372036854775807",
        "0, 9223372036854775807",
        "0, 2305843009213693953",
        "9223372036854775807, 1",
        "9223372036854775807, 9223372036854775807",
        "0, 4611686018427387904"
    })
    void limitsAndOffsetsAsLargeAsTheyComeLoseNoRow(long offset, long limit) {
        for (ChangelogKind kind : List.of(ChangelogKind.APPEND, ChangelogKind.RETRACT)) {
            SortSpec spec = new SortSpec(SCHEMA, kind, BY_A, offset, limit);
            int rows = 70_000;
            try (OperatorHarness harness = new OperatorHarness(spec, true, false, 4096)) {
                for (int i = 0; i < rows; i += 7_000) {
                    harness.process(added(harness, i, 7_000, 7_000));
                }
                harness.end();
                assertThat(harness.rows()).hasSize((int) Math.max(0, rows - offset));
            }
        }
    }

    @Test
    void ordersMoreRowsThanOneStepTakes() {
        SortSpec spec = new SortSpec(SCHEMA, ChangelogKind.APPEND, BY_A, 0, -1);
        for (int rows : new int[] {0, 1, 8, 9, 16, 17, 1_000, 100_001}) {
            Random random = new Random(rows);
            try (OperatorHarness harness = new OperatorHarness(spec, true, true, 500)) {
                for (int i = 0; i < rows; ) {
                    int some = Math.min(rows - i, random.nextInt(900) + 1);
                    harness.process(added(harness, random.nextInt(1_000_000), some, some));
                    i += some;
                }
                harness.end();
                assertThat(emitted(harness)).hasSize(rows).isSortedAccordingTo(byNumberThenText());
            }
        }
    }

    @Test
    void rowsThatTieAreOrderedByTheirArraysRowsAndMaps() {
        DataType array = DataType.array(DataType.BIGINT);
        DataType record = DataType.row(List.of(new Field("p", DataType.BIGINT), new Field("q", DataType.VARCHAR)));
        Schema schema = Schema.of("a", DataType.BIGINT, "l", array, "r", record);
        SortSpec spec = new SortSpec(schema, ChangelogKind.APPEND, BY_A, 0, -1);
        List<List<Object>> ordered =
                List.of(
                        Arrays.asList(1L, List.of(), List.of(1L, "x")),
                        Arrays.asList(1L, List.of(1L), List.of(1L, "x")),
                        Arrays.asList(1L, List.of(1L, 2L), List.of(1L, "x")),
                        Arrays.asList(1L, List.of(1L, 2L), List.of(1L, "y")),
                        Arrays.asList(1L, List.of(1L, 2L), List.of(2L, "a")),
                        Arrays.asList(1L, List.of(1L, 2L), Arrays.asList(null, "a")),
                        Arrays.asList(1L, Arrays.asList(1L, null), List.of(1L, "x")),
                        Arrays.asList(1L, null, List.of(1L, "x")));
        try (OperatorHarness harness = new OperatorHarness(spec, true, false, 100);
                BatchBuilder builder = new BatchBuilder(harness.root(), schema, 8)) {
            ordered.reversed().forEach(row -> builder.append(row.toArray()));
            harness.process(builder.build());
            harness.end();
            assertThat(emitted(harness)).isEqualTo(ordered);
        }
    }

    private static Comparator<List<Object>> byNumberThenText() {
        return Comparator.comparing((List<Object> row) -> (Long) row.get(0)).thenComparing(row -> (String) row.get(1));
    }
}
