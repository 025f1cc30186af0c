package io.millrace.operators.sort;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.KernelMode;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.Output;
import io.millrace.operators.contract.RunContext;
import io.millrace.operators.contract.TestContext;
import io.millrace.operators.contract.TestOutput;
import io.millrace.state.TaskState;
import io.millrace.state.tier.InSharedMemory;
import io.millrace.state.tier.StateTier;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of which some or all leave memory before they are put in order. */
final class SpilledSortTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 23);
    private static final int BATCH_ROWS = 64;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    /** One task of ORDER BY under a budget, driven as a scheduler would. */
    private final class Sorting implements AutoCloseable {
        final Allocator root;
        final StateTier tier;
        final Queue<Runnable> io = new ArrayDeque<>();
        final Output output;
        final Allocator own;
        final TaskState state;
        final TestContext context;
        final OperatorRun run;
        final Operator operator;

        Sorting(SortSpec spec, int batchRows, MemoryBudget budget, StateTier tier, Output output) {
            root = Allocator.root(budget);
            this.tier = tier;
            this.output = output;
            own = root.child("task");
            state = TaskState.unkept(own, tier, io::add);
            context = new TestContext(own, batchRows, KernelMode.INTERPRETED).state(state);
            run = spec.start(new RunContext("test", spec.name(), true, 1, 0));
            operator = run.open(context);
        }

        void process(Batch batch, int ioSteps) {
            operator.process(0, batch, output);
            runIo(ioSteps);
            drain();
        }

        void runIo(int atMost) {
            for (int i = 0; i < atMost && !io.isEmpty(); i++) {
                io.remove().run();
            }
        }

        private void drain() {
            for (int idle = 0; operator.hasPending(); ) {
                boolean progressed = operator.resume(output);
                idle = progressed || !io.isEmpty() ? 0 : idle + 1;
                assertThat(idle).as("the operator waits for nothing").isLessThan(100);
                runIo(1);
            }
        }

        void end() {
            operator.advance(Operator.END_OF_INPUT, output);
            drain();
        }

        @Override
        public void close() {
            operator.close();
            run.close();
            state.close();
            own.close();
            tier.close();
            root.close();
            assertThat(directory.resolve("tier")).doesNotExist();
        }
    }

    /** What the same rows make that never leave memory, by the same comparator that {@link RowComparatorTest} tests. */
    private static List<String> ordered(
            Schema schema, List<SortKey> keys, List<List<Object>> rows, List<Long> weights, long offset, long limit) {
        List<String> expected = new ArrayList<>();
        try (Allocator allocator = Allocator.root(256L << 20);
                BatchBuilder builder = new BatchBuilder(allocator, schema, rows.size())) {
            rows.forEach(row -> builder.append(row.toArray()));
            try (Batch all = builder.build()) {
                RowComparator order = new RowComparator(schema, keys);
                List<Integer> sorted = new ArrayList<>();
                for (int i = 0; i < rows.size(); i++) {
                    sorted.add(i);
                }
                sorted.sort((a, b) -> order.compare(all, a, all, b));
                for (int from = 0, to; from < sorted.size(); from = to) {
                    long count = 0;
                    for (to = from; to < sorted.size(); to++) {
                        if (order.compare(all, sorted.get(from), all, sorted.get(to)) != 0) {
                            break;
                        }
                        count += weights.get(sorted.get(to));
                    }
                    for (long i = 0; i < count; i++) {
                        expected.add(text(rows.get(sorted.get(from))));
                    }
                }
            }
        }
        int first = (int) Math.min(expected.size(), offset);
        return expected.subList(first, limit < 0 ? expected.size() : (int) Math.min(expected.size(), first + limit));
    }

    /** Rows that are equal are the same text: zeros without a sign, and NaN as one. */
    private static String text(Object value) {
        return switch (value) {
            case null -> "null";
            case byte[] bytes -> java.util.HexFormat.of().formatHex(bytes);
            case Double number -> Double.toString(number == 0 ? 0.0 : number);
            case Float number -> Float.toString(number == 0 ? 0.0f : number);
            case List<?> list -> list.stream().map(SpilledSortTest::text).toList().toString();
            case java.util.Map<?, ?> map -> {
                List<String> entries = new ArrayList<>();
                map.forEach((key, entry) -> entries.add(text(key) + "=" + text(entry)));
                yield entries.toString();
            }
            default -> value.toString();
        };
    }

    @Test
    void rowsThatLeaveMemoryComeInTheOrderOfThoseThatDoNot() {
        System.out.println("-Dmillrace.test.seed=" + SEED);
        Random random = new Random(SEED);
        RandomValues values = new RandomValues(random);
        for (int round = 0; round < 60; round++) {
            List<DataType> types = new ArrayList<>();
            types.add(RandomValues.TYPES.get(round % RandomValues.TYPES.size()));
            for (int i = random.nextInt(3); i > 0; i--) {
                types.add(RandomValues.TYPES.get(random.nextInt(RandomValues.TYPES.size())));
            }

            Object[] columns = new Object[2 * types.size()];
            for (int i = 0; i < types.size(); i++) {
                columns[2 * i] = "c" + i;
                columns[2 * i + 1] = types.get(i);
            }
            Schema schema = Schema.of(columns);
            List<SortKey> keys = new ArrayList<>();
            for (int i = random.nextInt(types.size()); i >= 0; i--) {
                keys.add(new SortKey(i, random.nextBoolean(), random.nextBoolean()));
            }
            boolean changes = random.nextBoolean();
            long offset = random.nextInt(3) == 0 ? random.nextInt(400) : 0;
            long limit = random.nextInt(3) == 0 ? random.nextInt(300) : -1;
            ChangelogKind kind = changes ? ChangelogKind.RETRACT : ChangelogKind.APPEND;
            SortSpec spec = new SortSpec(schema, kind, keys, offset, limit);
            check(spec, types, values, random, "round " + round + ": " + types + " " + spec);
        }
    }

    private void check(SortSpec spec, List<DataType> types, RandomValues values, Random random, String what) {
        boolean changes = spec.inputKind() != ChangelogKind.APPEND;
        List<List<Object>> rows = new ArrayList<>();
        List<Long> weights = new ArrayList<>();
        MemoryBudget budget = new MemoryBudget(256L << 20);
        TestOutput output = new TestOutput(true);
        StateTier tier = new StateTier(directory.resolve("tier"), budget, 0);
        try (Sorting sorting = new Sorting(spec, BATCH_ROWS, budget, tier, output)) {
            for (int i = 3 + random.nextInt(12); i > 0; i--) {
                int count = 1 + random.nextInt(2 * BATCH_ROWS);
                try (BatchBuilder builder = new BatchBuilder(sorting.root, spec.outputSchema(), count, changes)) {
                    for (int k = 0; k < count; k++) {
                        boolean taken = changes && !rows.isEmpty() && random.nextInt(3) == 0;
                        int again = taken ? random.nextInt(rows.size()) : 0;
                        boolean gone = taken && weights.get(again) == 1L && rows.get(again) != null;
                        List<Object> row = gone ? rows.get(again) : values.row(types);
                        long weight = gone ? -1 : changes ? 1 + random.nextInt(2) : 1;
                        if (gone) {
                            weights.set(again, 0L);
                        } else {
                            rows.add(row);
                            weights.add(weight);
                        }
                        builder.appendWeighted(weight, row.toArray());
                    }
                    sorting.process(builder.build(), random.nextInt(3));
                }
            }
            sorting.end();
            List<String> found = output.rows().stream().map(SpilledSortTest::text).toList();
            assertThat(found)
                    .as(what)
                    .isEqualTo(ordered(spec.outputSchema(), spec.keys(), rows, weights, spec.offset(), spec.limit()));
        }
    }

    /** With values that lie beside the rows, and lists that are empty. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailedAllocationAnywhereLeaksNothing(boolean changes) {
        System.out.println("-Dmillrace.test.seed=" + SEED);
        Schema schema =
                Schema.of(
                        "n",
                        DataType.BIGINT,
                        "s",
                        DataType.VARCHAR,
                        "a",
                        DataType.array(DataType.VARCHAR),
                        "m",
                        DataType.map(DataType.VARCHAR.notNull(), DataType.timestamp(9)));
        ChangelogKind kind = changes ? ChangelogKind.RETRACT : ChangelogKind.APPEND;
        SortSpec spec = new SortSpec(schema, kind, List.of(new SortKey(1, true, false)), 3, 200);
        List<DataType> types = schema.fields().stream().map(Field::type).toList();
        int failures = 0;
        for (int failing = 1; ; failing += 1 + failing / 40) {
            int at = failing;
            int[] calls = {0};
            Random random = new Random(SEED);
            RandomValues values = new RandomValues(random);
            MemoryBudget budget = new MemoryBudget(256L << 20);
            StateTier tier = new StateTier(directory.resolve("tier"), budget, 0);
            try (Sorting sorting = new Sorting(spec, 16, budget, tier, new TestOutput(true))) {
                sorting.own.injectFault((owner, bytes) -> ++calls[0] == at);
                for (int batch = 0; batch < 8; batch++) {
                    try (BatchBuilder builder = new BatchBuilder(sorting.root, schema, 16, changes)) {
                        for (int i = 0; i < 4 + 4 * batch; i++) {
                            builder.appendWeighted(changes ? random.nextInt(3) - 1 : 1, values.row(types).toArray());
                        }
                        sorting.process(builder.build(), random.nextInt(3));
                    }
                }
                sorting.end();
            } catch (MillraceException failure) {
                assertThat(failure.getSuppressed()).as("allocation %s", at).isEmpty();
                if (failure.code() == ErrorCode.OUT_OF_MEMORY) {
                    failures++;
                } else {
                    assertThat(failure.code()).isEqualTo(ErrorCode.CONTRACT_BROKEN);
                }
            }
            if (calls[0] < failing) {
                assertThat(failures).isGreaterThan(20);
                return;
            }
        }
    }

    /** Counts rows and checks that their first column, which is an integer, does not fall. */
    private static final class Counted implements Output {
        long rows;
        long last = Long.MIN_VALUE;

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public void emit(Batch batch) {
            try (batch) {
                for (int i = 0; i < batch.activeCount(); i++) {
                    long next = batch.column(0).getLong(batch.row(i));
                    if (next < last) {
                        throw new AssertionError(next + " after " + last);
                    }
                    last = next;
                }
                rows += batch.activeCount();
            }
        }

        @Override
        public void watermark(long watermarkMicros) {}
    }

    /** Rows that are much more, or less, than a batch is thought to take; of each as many as the budget twice over. */
    @ParameterizedTest
    @CsvSource({
        "16, 5000000, 0, 4096, false, -1",
        "16, 600, 50000, 1, false, -1",
        "16, 600, 50000, 1, true, -1",
        "64, 1700, 20000, 64, false, -1",
        "64, 100000, 1000, 4096, true, -1",
        "64, 100000, 1000, 4096, false, 40000",
        "64, 100000, 1000, 4096, true, 40000"
    })
    void rowsOfAnySizeAreOrderedWithinTheBudget(
            int budgetMib, int rows, int textBytes, int rowsABatch, boolean changes, long limit) {
        List<Object> columns = new ArrayList<>(List.of("n", DataType.INT));
        if (textBytes > 0) {
            columns.addAll(List.of("s", DataType.VARCHAR));
        }
        Schema schema = Schema.of(columns.toArray());
        ChangelogKind kind = changes ? ChangelogKind.RETRACT : ChangelogKind.APPEND;
        SortSpec spec = new SortSpec(schema, kind, List.of(new SortKey(0, false, false)), 0, limit);
        MemoryBudget budget = new MemoryBudget((long) budgetMib << 20);
        Counted output = new Counted();
        byte[] text = new byte[textBytes];
        Random random = new Random(SEED);
        StateTier tier = new StateTier(directory.resolve("tier"), budget);
        try (Sorting sorting = new Sorting(spec, 4096, budget, tier, output)) {
            for (int given = 0; given < rows; ) {
                int count = Math.min(rows - given, rowsABatch);
                try (BatchBuilder builder = new BatchBuilder(sorting.root, schema, count, changes)) {
                    for (int i = 0; i < count; i++) {
                        builder.column(0).appendLong(random.nextInt());
                        if (textBytes > 0) {
                            builder.column(1).appendBytes(text);
                        }
                        if (changes) {
                            builder.weights().appendLong(1);
                        }
                    }
                    sorting.process(builder.build(), 1);
                }
                given += count;
            }
            sorting.end();
        }
        assertThat(output.rows).isEqualTo(limit < 0 ? rows : limit);
    }
}
