package io.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.hash.Hashing;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.checkpoint.TaskEntry;
import io.millrace.state.table.ByteHeap;
import io.millrace.state.table.KeyedTable;
import io.millrace.state.table.RowCodec;
import io.millrace.state.table.RowList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables under random use, checkpointed while they are used and restored, beside a map on the heap. */
class KeptTableTest {
    private static final int KEY_GROUPS = 128;
    private static final long SEED = Long.getLong("millrace.seed", System.nanoTime());

    /** A layout of tables. */
    enum Shape {
        /** One integer, rows in slots. */
        LONGS(false, false, DataType.BIGINT),
        SMALL_INTEGERS(false, false, DataType.SMALLINT),
        STRINGS(false, true, DataType.VARCHAR),
        TWO_KEYS(true, true, DataType.VARCHAR, DataType.DOUBLE),
        BOXED_LONGS(true, false, DataType.BIGINT),
        BOXED_STABLE(true, true, DataType.BIGINT);

        final boolean boxed;
        final boolean stable;
        final List<DataType> types;

        Shape(boolean boxed, boolean stable, DataType... types) {
            this.boxed = boxed;
            this.stable = stable;
            this.types = List.of(types);
        }

        List<Object> key(int k) {
            List<Object> key = new ArrayList<>();
            for (DataType type : types) {
                key.add(
                        k % 50 == 7
                                ? null
                                : switch (type.kind()) {
                                    case BIGINT -> (long) k * 3 - 30;
                                    case SMALLINT -> (short) (k - 100);
                                    case DOUBLE -> k / 4.0;
                                    default -> "key of some length " + k;
                                });
            }
            return key;
        }

        Schema schema() {
            Object[] columns = new Object[2 * types.size()];
            for (int i = 0; i < types.size(); i++) {
                columns[2 * i] = "k" + i;
                columns[2 * i + 1] = types.get(i);
            }
            return Schema.of(columns);
        }
    }

    /** One task: its state and its table. */
    private static final class Task implements AutoCloseable {
        final Shape shape;
        final Allocator allocator;
        final ByteHeap heap;
        final TaskState state;
        final KeyedTable table;
        final Map<List<Object>, Long> model = new HashMap<>();
        final Queue<Runnable> io = new ArrayDeque<>();

        Task(Shape shape, Allocator root, MemoryStateFiles files, int index, int count, List<TaskEntry> restored) {
            this.shape = shape;
            this.allocator = root.child("task");
            this.heap = new ByteHeap(allocator);
            Executor executor = io::add;
            this.state =
                    TaskState.kept(
                            new StateSetting(
                                    "test", allocator, files, executor, KEY_GROUPS, index, count, null, restored));
            RowCodec codec = shape.boxed ? new HeapRowCodec(heap) : RowCodec.flat("two longs", 16);
            KeyedTable opened;
            try {
                opened =
                        state.table(
                                new TableSpec(
                                        "rows",
                                        IntStream.range(0, shape.types.size()).boxed().toList(),
                                        shape.types,
                                        16,
                                        shape.stable,
                                        codec));
            } catch (RuntimeException failure) {
                heap.close();
                state.close();
                throw failure;
            }
            this.table = opened;
        }

        long value(long row) {
            return shape.boxed ? HeapRowCodec.get(row) : Mem.getLong(row) - Mem.getLong(row + 8);
        }

        void set(long row, long value) {
            if (shape.boxed) {
                HeapRowCodec.put(heap, row, value);
            } else {
                Mem.putLong(row, value + 5);
                Mem.putLong(row + 8, 5);
            }
        }

        /** Adds a random number to some keys; now and then takes some out, or writes to rows found long ago. */
        void use(Random random, int range) {
            List<List<Object>> keys = new ArrayList<>();
            for (int i = 1 + random.nextInt(20); i > 0; i--) {
                keys.add(shape.key(random.nextInt(range)));
            }
            find(
                    keys,
                    (i, row) -> {
                        long added = random.nextInt(1000);
                        set(row, value(row) + added);
                        model.merge(keys.get(i), added, Long::sum);
                    });
            if (shape.stable && random.nextInt(3) == 0) {
                List<Object> key = shape.key(random.nextInt(range));
                find(
                        List.of(key),
                        (i, row) -> {
                            table.touch(row);
                            if (shape.boxed) {
                                new HeapRowCodec(heap).free(row);
                            }
                            table.remove(row);
                        });
                model.remove(key);
            }
        }

        void find(List<List<Object>> keys, RowVisitor visitor) {
            try (BatchBuilder builder = new BatchBuilder(allocator, shape.schema(), keys.size())) {
                keys.forEach(key -> builder.append(key.toArray()));
                Buffer rows = allocator.allocate(MemoryTag.STATE, 8L * keys.size());
                try (Batch batch = builder.build()) {
                    table.findOrAdd(batch, 0, keys.size(), rows.address());
                    for (int i = 0; i < keys.size(); i++) {
                        visitor.visit(i, Mem.getLong(rows.address() + 8L * i));
                    }
                } finally {
                    rows.release();
                }
            }
        }

        Map<List<Object>, Long> contents() {
            Map<List<Object>, Long> contents = new HashMap<>();
            try (RowList rows = new RowList(allocator, 16);
                    BatchBuilder keys = new BatchBuilder(allocator, shape.schema(), 16)) {
                for (long cursor = 0; cursor >= 0; ) {
                    cursor = table.scan(cursor, 100, rows);
                }
                ColumnBuilder[] builders =
                        IntStream.range(0, shape.types.size()).mapToObj(keys::column).toArray(ColumnBuilder[]::new);
                table.appendKeys(rows.address(), rows.size(), builders);
                try (Batch batch = keys.build()) {
                    List<List<Object>> keyRows = batch.toRows();
                    for (int i = 0; i < rows.size(); i++) {
                        assertThat(contents.put(keyRows.get(i), value(rows.get(i)))).isNull();
                    }
                }
            }
            assertThat(table.size()).isEqualTo(contents.size());
            return contents;
        }

        void runIo() {
            while (!io.isEmpty()) {
                io.remove().run();
            }
        }

        List<StateEntry> snapshot() {
            CompletableFuture<List<StateEntry>> result = state.begin(1);
            while (state.isCopying()) {
                state.copy(1 << 20);
            }
            runIo();
            return result.join();
        }

        @Override
        public void close() {
            table.close();
            state.close();
            heap.close();
            runIo();
            allocator.close();
        }
    }

    /** Is given rows. */
    private interface RowVisitor {
        void visit(int index, long row);
    }

    private static TaskEntry entry(int index, List<StateEntry> states) {
        return new TaskEntry(index, false, states, List.of());
    }

    @ParameterizedTest
    @EnumSource
    void aSnapshotIsTheTableAsItWasAtTheBarrierHoweverItIsUsedMeanwhile(Shape shape) {
        for (int round = 0; round < 12; round++) {
            long seed = SEED + round;
            Random random = new Random(seed);
            try (Allocator root = Allocator.root(256L << 20)) {
                randomRun(shape, random, root);
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("-Dmillrace.seed=" + seed + " shape=" + shape, failure);
            }
        }
    }

    private static void randomRun(Shape shape, Random random, Allocator root) {
        MemoryStateFiles files = new MemoryStateFiles();
        int range = 10 + random.nextInt(600);
        Task task = new Task(shape, root, files, 0, 1, List.of());
        try {
            for (int checkpoint = 1; checkpoint < 30; checkpoint++) {
                for (int i = random.nextInt(10); i > 0; i--) {
                    task.use(random, range);
                }
                Map<List<Object>, Long> atBarrier = new HashMap<>(task.model);
                CompletableFuture<List<StateEntry>> result = task.state.begin(checkpoint);
                while (task.state.isCopying()) {
                    if (random.nextInt(4) != 0) {
                        task.use(random, range);
                    }
                    if (random.nextBoolean()) {
                        task.state.copy(1 + random.nextInt(2_000));
                    }
                    if (random.nextInt(5) == 0) {
                        task.runIo();
                    }
                }
                task.runIo();
                assertThat(task.contents()).isEqualTo(task.model);
                List<TaskEntry> restored = List.of(entry(0, result.join()));
                Task again = new Task(shape, root, files, 0, 1, restored);
                boolean goOn = random.nextInt(3) == 0;
                try {
                    assertThat(again.contents()).isEqualTo(atBarrier);
                    again.model.putAll(atBarrier);
                } finally {
                    (goOn ? task : again).close();
                }
                task = goOn ? again : task;
            }
        } finally {
            task.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void moreOrFewerTasksShareTheRowsByKeyGroup(Shape shape) {
        Random random = new Random(SEED);
        try (Allocator root = Allocator.root(256L << 20)) {
            MemoryStateFiles files = new MemoryStateFiles();
            List<TaskEntry> entries;
            Map<List<Object>, Long> model;
            try (Task one = new Task(shape, root, files, 0, 1, List.of())) {
                for (int i = 0; i < 100; i++) {
                    one.use(random, 500);
                }
                model = one.model;
                entries = List.of(entry(0, one.snapshot()));
            }
            for (int count : new int[] {3, 2, 5, 5, 1}) {
                List<TaskEntry> next = new ArrayList<>();
                Map<List<Object>, Long> all = new HashMap<>();
                for (int index = 0; index < count; index++) {
                    try (Task task = new Task(shape, root, files, index, count, entries)) {
                        Map<List<Object>, Long> contents = task.contents();
                        assertThat(contents.size()).isLessThan(model.size() + (count == 1 ? 1 : 0));
                        contents.keySet().forEach(key -> assertThat(all).doesNotContainKey(key));
                        all.putAll(contents);
                        int owner = index;
                        contents.keySet().forEach(key -> assertThat(owner(root, shape, key, count)).isEqualTo(owner));
                        next.add(entry(index, task.snapshot()));
                    }
                }
                assertThat(all).isEqualTo(model);
                entries = next;
            }
        }
    }

    private static int owner(Allocator allocator, Shape shape, List<Object> key, int tasks) {
        Buffer hash = allocator.allocate(MemoryTag.STATE, 8);
        try (BatchBuilder builder = new BatchBuilder(allocator, shape.schema(), 1);
                Batch batch = builder.append(key.toArray()).build()) {
            for (int i = 0; i < shape.types.size(); i++) {
                Hashing.hashColumn(batch.column(i), 0, 1, hash.address(), i == 0, allocator);
            }
            int group = Hashing.keyGroup(Mem.getLong(hash.address()), KEY_GROUPS);
            return Hashing.ownerOf(group, KEY_GROUPS, tasks);
        } finally {
            hash.release();
        }
    }

    @Test
    void writesOnlyWhatChangedUntilThatIsMoreThanAll() {
        Random random = new Random(SEED);
        try (Allocator root = Allocator.root(256L << 20)) {
            MemoryStateFiles files = new MemoryStateFiles();
            try (Task task = new Task(Shape.STRINGS, root, files, 0, 1, List.of())) {
                fill(task, 20_000);
                task.snapshot();
                long whole = files.writtenBytes();
                assertThat(whole).isGreaterThan(20_000 * 30L);
                task.use(random, 20_000);
                task.snapshot();
                assertThat(files.writtenBytes() - whole).isLessThan(4_000);
                long before = files.writtenBytes();
                task.snapshot();
                assertThat(files.writtenBytes()).isEqualTo(before);
                for (int i = 0; i < 12; i++) {
                    fill(task, 20_000);
                    List<StateEntry> entries = task.snapshot();
                    long kept =
                            entries.stream()
                                    .flatMap(entry -> SectionList.of(entry).sections().stream())
                                    .mapToLong(section -> section.lengthBytes)
                                    .sum();
                    assertThat(kept).isLessThan(4 * whole);
                }
            }
        }
    }

    private static void fill(Task task, int keys) {
        for (int from = 0; from < keys; from += 1000) {
            int first = from;
            List<List<Object>> batch = IntStream.range(first, first + 1000).mapToObj(task.shape::key).toList();
            task.find(
                    batch,
                    (i, row) -> {
                        task.set(row, task.value(row) + 1);
                        task.model.merge(batch.get(i), 1L, Long::sum);
                    });
        }
    }

    @Test
    void aDamagedSectionIsNamedByItsFile() {
        try (Allocator root = Allocator.root(256L << 20)) {
            MemoryStateFiles files = new MemoryStateFiles();
            List<StateEntry> entries;
            try (Task task = new Task(Shape.STRINGS, root, files, 0, 1, List.of())) {
                fill(task, 2_000);
                entries = task.snapshot();
            }
            StateEntry entry = entries.getFirst();
            byte[] bytes = files.bytes(entry.files().getFirst());
            for (int at = 3; at < bytes.length; at += 977) {
                bytes[at] ^= 0x10;
                assertThatThrownBy(() -> new Task(Shape.STRINGS, root, files, 0, 1, List.of(entry(0, entries))))
                        .isInstanceOfSatisfying(
                                MillraceException.class,
                                failure -> {
                                    assertThat(failure.code()).isEqualTo(ErrorCode.CORRUPT_DATA);
                                    assertThat(failure).hasMessageContaining(entry.files().getFirst().name());
                                });
                bytes[at] ^= 0x10;
            }
        }
    }

    @Test
    void aStateOfAnotherLayoutIsRefused() {
        try (Allocator root = Allocator.root(256L << 20)) {
            MemoryStateFiles files = new MemoryStateFiles();
            List<StateEntry> entries;
            try (Task task = new Task(Shape.LONGS, root, files, 0, 1, List.of())) {
                fill(task, 1_000);
                entries = task.snapshot();
            }
            assertThatThrownBy(() -> new Task(Shape.BOXED_LONGS, root, files, 0, 1, List.of(entry(0, entries))))
                    .hasMessageContaining("expected TABLE (i64) -> boxed")
                    .hasMessageContaining("found TABLE (i64) -> two longs");
        }
    }

    @Test
    void aFailedWriteFailsTheCheckpointAndTheNextIsWhole() {
        try (Allocator root = Allocator.root(256L << 20)) {
            MemoryStateFiles files = new MemoryStateFiles();
            try (Task task = new Task(Shape.LONGS, root, files, 0, 1, List.of())) {
                fill(task, 1_000);
                task.snapshot();
                fill(task, 1_000);
                files.failWrites(1);
                assertThatThrownBy(task::snapshot).hasRootCauseMessage("no room");
                task.use(new Random(SEED), 1_000);
                List<StateEntry> entries = task.snapshot();
                try (Task again = new Task(Shape.LONGS, root, files, 0, 1, List.of(entry(0, entries)))) {
                    assertThat(again.contents()).isEqualTo(task.model);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTableClosedWhileItIsCopiedIsStillInTheSnapshot(Shape shape) {
        try (Allocator root = Allocator.root(256L << 20)) {
            MemoryStateFiles files = new MemoryStateFiles();
            Task task = new Task(shape, root, files, 0, 1, List.of());
            fill(task, 2_000);
            CompletableFuture<List<StateEntry>> result = task.state.begin(1);
            task.state.copy(100);
            task.table.close();
            while (task.state.isCopying()) {
                task.state.copy(100);
            }
            task.runIo();
            CompletableFuture<List<StateEntry>> later = task.state.begin(2);
            task.runIo();
            assertThat(later.join()).isEmpty();
            Map<List<Object>, Long> model = task.model;
            task.close();
            try (Task again = new Task(shape, root, files, 0, 1, List.of(entry(0, result.join())))) {
                assertThat(again.contents()).isEqualTo(model);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsAtAnyTimeAndLeaksNothing(Shape shape) {
        for (boolean stateFirst : new boolean[] {false, true}) {
            try (Allocator root = Allocator.root(256L << 20)) {
                Task task = new Task(shape, root, new MemoryStateFiles(), 0, 1, List.of());
                fill(task, 2_000);
                CompletableFuture<List<StateEntry>> result = task.state.begin(1);
                task.state.copy(1000);
                fill(task, 1_000);
                if (stateFirst) {
                    task.state.close();
                }
                task.close();
                assertThat(result).isCompletedExceptionally();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailedAllocationLeaksNothing(Shape shape) {
        MemoryStateFiles files = new MemoryStateFiles();
        for (int failing = 1; failing < 2_000; failing++) {
            int at = failing;
            int[] calls = {0};
            boolean done = false;
            try (Allocator root = Allocator.root(256L << 20)) {
                try {
                    root.injectFault((owner, bytes) -> ++calls[0] == at);
                    Random random = new Random(1);
                    List<StateEntry> entries;
                    try (Task task = new Task(shape, root, files, 0, 1, List.of())) {
                        for (int i = 0; i < 20; i++) {
                            task.use(random, 200);
                        }
                        task.snapshot();
                        task.use(random, 200);
                        entries = task.snapshot();
                    }
                    for (int index = 0; index < 2; index++) {
                        new Task(shape, root, files, index, 2, List.of(entry(0, entries))).close();
                    }
                    done = true;
                } catch (MillraceException failure) {
                    assertThat(failure.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                }
            }
            if (done) {
                return;
            }
        }
    }
}
