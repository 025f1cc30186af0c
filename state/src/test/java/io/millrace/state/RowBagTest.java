package io.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.checkpoint.TaskEntry;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Bags of batches of every type, kept and restored. */
class RowBagTest {
    private static final Schema SCHEMA =
            Schema.of(
                    "i", DataType.BIGINT,
                    "n", DataType.SMALLINT,
                    "s", DataType.VARCHAR,
                    "d", DataType.DOUBLE,
                    "p", DataType.decimal(30, 2),
                    "b", DataType.BOOLEAN,
                    "a", DataType.array(DataType.VARCHAR),
                    "m", DataType.map(DataType.VARCHAR.notNull(), DataType.INT),
                    "r",
                            DataType.row(
                                    List.of(
                                            new Field("x", DataType.INT),
                                            new Field("y", DataType.array(DataType.BIGINT)))));

    private static Batch batch(Allocator allocator, int from, int rows, boolean weighted) {
        try (BatchBuilder builder = new BatchBuilder(allocator, SCHEMA, rows, weighted)) {
            for (int i = from; i < from + rows; i++) {
                Object[] row = {
                    (long) i,
                    (short) i,
                    "text of some length " + i,
                    i / 3.0,
                    BigDecimal.valueOf(i * 1000L, 2),
                    i % 2 == 0,
                    Arrays.asList("a", null, "element " + i),
                    Map.of("k" + i, i, "a key that is long", 2),
                    Arrays.asList(i, i % 4 == 0 ? null : List.of(1L, (long) i))
                };
                if (i % 5 == 0) {
                    row[i / 5 % row.length] = null;
                }
                builder.appendWeighted(weighted ? i - 3 : 1, row);
            }
            return builder.build();
        }
    }

    private static List<Object> contents(RowBag bag) {
        List<Object> contents = new ArrayList<>();
        for (Batch batch : bag.batches()) {
            List<List<Object>> rows = batch.toRows();
            for (int i = 0; i < rows.size(); i++) {
                contents.add(List.of(batch.weight(batch.row(i)), rows.get(i)));
            }
        }
        return contents;
    }

    private static TaskState state(
            Allocator allocator, MemoryStateFiles files, int task, int tasks, List<StateEntry> entries) {
        List<TaskEntry> restored = entries == null ? List.of() : List.of(new TaskEntry(0, false, entries, List.of()));
        return TaskState.kept(
                new StateSetting("test", allocator, files, Runnable::run, 128, task, tasks, null, restored));
    }

    private static List<StateEntry> copied(TaskState state, CompletableFuture<List<StateEntry>> result) {
        while (state.isCopying()) {
            state.copy(100);
        }
        return result.join();
    }

    @Test
    void comesBackWithEveryTypeWeightsAndTheSelectedRowsOnly() {
        try (Allocator root = Allocator.root(64L << 20)) {
            MemoryStateFiles files = new MemoryStateFiles();
            List<StateEntry> entries;
            List<Object> expected;
            try (TaskState state = state(root, files, 0, 1, null);
                    RowBag bag = state.rows("rows", SCHEMA)) {
                bag.add(batch(root, 0, 50, false));
                bag.add(batch(root, 50, 7, true));
                Batch selected = batch(root, 100, 60, false);
                selected.select(Selection.of(root, 3, 4, 5, 59));
                bag.add(selected);
                bag.add(batch(root, 200, 0, false));
                expected = contents(bag);
                entries = copied(state, state.begin(1));
            }
            assertThat(expected).hasSize(61);
            for (int tasks = 1; tasks <= 3; tasks++) {
                for (int task = 0; task < tasks; task++) {
                    try (TaskState state = state(root, files, task, tasks, entries);
                            RowBag bag = state.rows("rows", SCHEMA)) {
                        assertThat(contents(bag)).isEqualTo(task == 0 ? expected : List.of());
                    }
                }
            }
        }
    }

    @Test
    void writesABatchOnceAndDropsWhatWasReplaced() {
        try (Allocator root = Allocator.root(64L << 20)) {
            MemoryStateFiles files = new MemoryStateFiles();
            try (TaskState state = state(root, files, 0, 1, null);
                    RowBag bag = state.rows("rows", SCHEMA)) {
                bag.add(batch(root, 0, 1_000, false));
                copied(state, state.begin(1));
                long first = files.writtenBytes();
                bag.add(batch(root, 1_000, 10, false));
                List<Object> atBarrier = contents(bag);
                CompletableFuture<List<StateEntry>> result = state.begin(2);
                bag.replace(List.of(batch(root, 5_000, 3, false)));
                List<StateEntry> entries = copied(state, result);
                assertThat(files.writtenBytes() - first).isBetween(100L, first / 10);
                List<StateEntry> later = copied(state, state.begin(3));
                assertThat(later.getFirst().files()).hasSize(1);
                try (TaskState again = state(root, files, 0, 1, entries);
                        RowBag restored = again.rows("rows", SCHEMA)) {
                    assertThat(contents(restored)).isEqualTo(atBarrier);
                    long before = files.writtenBytes();
                    copied(again, again.begin(4));
                    assertThat(files.writtenBytes()).isEqualTo(before);
                }
            }
        }
    }
}
