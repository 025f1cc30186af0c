package io.millrace.operators.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.aggregate.AggregateCall;
import io.millrace.operators.aggregate.AggregateFunction;
import io.millrace.operators.contract.OperatorHarness;
import io.millrace.operators.window.WindowAggregateSpec.Boundary;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Window aggregation against a plain computation: every row once in each window that was open when it came. */
final class WindowAggregateOperatorTest {
    private static final Schema INPUT =
            Schema.of("t", DataType.TIMESTAMP, "k", DataType.BIGINT, "v", DataType.BIGINT.notNull());
    private static final Schema OUTPUT =
            Schema.of(
                    "k", DataType.BIGINT,
                    "n", DataType.BIGINT.notNull(),
                    "m", DataType.BIGINT,
                    "d", DataType.BIGINT.notNull(),
                    "window_start", DataType.TIMESTAMP.notNull(),
                    "window_end", DataType.TIMESTAMP.notNull());
    private static final List<AggregateCall> CALLS =
            List.of(
                    new AggregateCall(AggregateFunction.COUNT, false, -1, -1, DataType.BIGINT.notNull()),
                    new AggregateCall(AggregateFunction.MAX, false, 2, -1, DataType.BIGINT),
                    new AggregateCall(AggregateFunction.COUNT, true, 2, -1, DataType.BIGINT.notNull()));

    private record Event(long time, Long key, long value) {}

    private static WindowAggregateSpec spec(WindowShape shape, boolean early) {
        return new WindowAggregateSpec(
                INPUT,
                shape,
                0,
                List.of(1),
                CALLS,
                List.of(Boundary.WINDOW_START, Boundary.WINDOW_END),
                OUTPUT,
                ChangelogKind.APPEND,
                early,
                "t");
    }

    private static LocalDateTime time(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000), (int) Math.floorMod(micros, 1_000_000) * 1000, ZoneOffset.UTC);
    }

    /** The windows of each event that were open when the watermark was {@code watermark}. */
    private static void addTo(Map<List<Object>, List<Long>> groups, WindowShape shape, Event event, long watermark) {
        long slide = shape.slideMicros();
        long last = event.time - Math.floorMod(event.time - shape.offsetMicros(), slide);
        for (long start = last; start + shape.sizeMicros() > event.time; start -= slide) {
            if (start + shape.sizeMicros() > watermark) {
                List<Object> group = new ArrayList<>();
                group.add(event.key);
                group.add(start);
                groups.computeIfAbsent(group, unused -> new ArrayList<>()).add(event.value);
            }
        }
    }

    private static Map<List<Object>, Long> results(Map<List<Object>, List<Long>> groups, WindowShape shape) {
        Map<List<Object>, Long> results = new HashMap<>();
        groups.forEach((group, values) -> {
            List<Object> row = new ArrayList<>();
            row.add(group.get(0));
            row.add((long) values.size());
            row.add(values.stream().mapToLong(Long::longValue).max().orElseThrow());
            row.add(values.stream().distinct().count());
            row.add(time((Long) group.get(1)));
            row.add(time((Long) group.get(1) + shape.sizeMicros()));
            results.put(row, 1L);
        });
        return results;
    }

    private static final List<WindowShape> SHAPES =
            List.of(
                    WindowShape.tumbling(10),
                    new WindowShape(10, 10, 3),
                    new WindowShape(10, 5, 0),
                    new WindowShape(10, 4, 1),
                    new WindowShape(15, 10, 0));

    private static void check(boolean early, boolean bounded, long seed) {
        Random random = new Random(seed);
        for (WindowShape shape : SHAPES) {
            for (int round = 0; round < 20; round++) {
                Map<List<Object>, List<Long>> groups = new HashMap<>();
                long late = 0;
                long watermark = Long.MIN_VALUE;
                long now = -50;
                try (OperatorHarness harness = new OperatorHarness(spec(shape, early), bounded, round % 2 == 0, 6);
                        BatchBuilder builder = new BatchBuilder(harness.root(), INPUT, 16)) {
                    for (int step = 0; step < 40; step++) {
                        for (int i = random.nextInt(20); i > 0; i--) {
                            long micros = now + random.nextInt(30) - 15;
                            Event event =
                                    new Event(
                                            micros,
                                            random.nextInt(9) == 0 ? null : (long) random.nextInt(4),
                                            random.nextInt(5));
                            builder.column(0).appendLong(event.time);
                            builder.column(1).appendObject(event.key);
                            builder.column(2).appendLong(event.value);
                            long lastEnd =
                                    micros
                                            - Math.floorMod(micros - shape.offsetMicros(), shape.slideMicros())
                                            + shape.sizeMicros();
                            if (lastEnd <= watermark) {
                                late++;
                            }
                            addTo(groups, shape, event, watermark);
                        }
                        harness.process(builder.build());
                        harness.epoch(random.nextInt(3) > 0);
                        now += random.nextInt(12);
                        if (now - 12 > watermark && random.nextInt(3) > 0) {
                            watermark = now - 12;
                            harness.watermark(watermark);
                        }
                    }
                    harness.end();
                    assertThat(harness.folded())
                            .as("shape=%s round=%s seed=%s", shape, round, seed)
                            .isEqualTo(results(groups, shape));
                    assertThat(harness.lateRows()).hasSize((int) late);
                }
            }
        }
    }

    private static long seed() {
        long seed = Long.getLong("millrace.test.seed", 7);
        System.out.println("seed=" + seed + " (-Dmillrace.test.seed)");
        return seed;
    }

    @Test
    void countsEveryRowOnceInEachOpenWindow() {
        check(false, true, seed());
        check(false, false, seed());
    }

    @Test
    void foldsEarlyResultsToTheFinalOnes() {
        check(true, false, seed());
    }

    @Test
    void emitsFinalRowsAloneWithoutEarlyResultsAndOneRowAWindow() {
        try (OperatorHarness harness = new OperatorHarness(spec(WindowShape.tumbling(10), false), false, false, 6);
                BatchBuilder builder = new BatchBuilder(harness.root(), INPUT, 16)) {
            builder.append(time(3), 1L, 5L).append(time(4), 1L, 6L).append(time(12), 1L, 7L);
            harness.process(builder.build());
            harness.epoch(true);
            assertThat(harness.rows()).isEmpty();
            harness.watermark(10);
            assertThat(harness.rows())
                    .containsExactly(new OperatorHarness.Row(1, List.of(1L, 2L, 6L, 2L, time(0), time(10))));
            harness.end();
            assertThat(harness.rows()).hasSize(2);
        }
    }

    @Test
    void holdsEarlyResultsBackUntilTheSourcesAreLive() {
        try (OperatorHarness harness = new OperatorHarness(spec(WindowShape.tumbling(10), true), false, false, 6);
                BatchBuilder builder = new BatchBuilder(harness.root(), INPUT, 16)) {
            builder.append(time(3), 1L, 5L).append(time(12), 1L, 7L);
            harness.process(builder.build());
            harness.epoch(false);
            assertThat(harness.rows()).isEmpty();
            harness.watermark(10);
            assertThat(harness.rows()).as("a closed window's rows are final").hasSize(1);
            harness.epoch(true);
            assertThat(harness.rows()).hasSize(2);
        }
    }

    @Test
    void rowsThatComeTooLateGoToTheSideTable() {
        try (OperatorHarness harness = new OperatorHarness(spec(WindowShape.tumbling(10), false), false, false, 6);
                BatchBuilder builder = new BatchBuilder(harness.root(), INPUT, 16)) {
            harness.watermark(10);
            builder.append(time(9), 1L, 5L).append(time(10), 2L, 6L);
            harness.process(builder.build());
            assertThat(harness.lateRows()).containsExactly(List.of(time(9), 1L, 5L));
            harness.end();
            assertThat(harness.rows()).hasSize(1);
        }
    }

    @Test
    void windowsWhoseRowsWereAllTakenAwayAgainDoNotComeOut() {
        for (boolean early : new boolean[] {false, true}) {
            for (WindowShape shape : SHAPES) {
                WindowAggregateSpec spec =
                        new WindowAggregateSpec(
                                INPUT,
                                shape,
                                0,
                                List.of(),
                                List.of(CALLS.getFirst()),
                                List.of(Boundary.WINDOW_START),
                                Schema.of("n", DataType.BIGINT.notNull(), "window_start", DataType.TIMESTAMP.notNull()),
                                ChangelogKind.RETRACT,
                                early,
                                "t");
                try (OperatorHarness harness = new OperatorHarness(spec, false, false, 6);
                        BatchBuilder builder = new BatchBuilder(harness.root(), INPUT, 16, true)) {
                    builder.appendWeighted(1, time(12), 1L, 1L);
                    builder.appendWeighted(1, time(103), 1L, 1L);
                    harness.process(builder.build());
                    harness.epoch(true);
                    builder.appendWeighted(-1, time(12), 1L, 1L);
                    harness.process(builder.build());
                    harness.epoch(true);
                    harness.end();
                    assertThat(harness.folded().keySet()).isNotEmpty().allMatch(row -> row.getFirst().equals(1L));
                }
            }
        }
    }
}
