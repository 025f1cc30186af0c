package io.millrace.state.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.state.MemoryStateFiles;
import io.millrace.state.table.KeyClip;
import io.millrace.state.table.RowList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tier holds what a map holds, whatever is given, read, rewritten, folded, kept and restored in between. */
final class TableTierTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 11);
    private static final int KEY_GROUPS = 128;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private final Queue<Runnable> io = new ArrayDeque<>();
    private final MemoryStateFiles files = new MemoryStateFiles();

    private void runIo(int atMost) {
        for (int i = 0; i < atMost && !io.isEmpty(); i++) {
            io.remove().run();
        }
    }

    private void runIo() {
        runIo(Integer.MAX_VALUE);
    }

    /** A tier and the table above it, beside a map that holds the same. */
    private final class Under implements AutoCloseable {
        final Allocator allocator = Allocator.root(256L << 20);
        final TaskTiers task;
        final TableTier tier;
        final Map<String, Long> expected = new HashMap<>();
        CountingTable memory = new CountingTable(allocator);

        Under(StateTier of) {
            task = new TaskTiers(of, allocator, io::add);
            tier = task.table("t", () -> new CountingTable(allocator), true);
        }

        void add(String key, long count) {
            memory.add(key, count);
            expected.merge(key, count, Long::sum);
        }

        void set(String key, long count) {
            memory.set(key, count);
            expected.put(key, count);
        }

        void giveAway() {
            tier.take(memory, false);
            memory = new CountingTable(allocator);
        }

        /** All counts but those of nothing. */
        Map<String, Long> scan(boolean rewrite, Random random) {
            giveAway();
            Map<String, Long> found = new HashMap<>();
            try (TierScan scan = rewrite ? tier.rewrite() : tier.scan()) {
                while (!scan.isDone()) {
                    CountingTable piece = (CountingTable) scan.poll();
                    if (piece == null) {
                        runIo(1 + random.nextInt(3));
                        continue;
                    }
                    piece.counts().forEach((key, count) -> assertThat(found.put(key, count)).as(key).isNull());
                    scan.giveBack(piece);
                }
            }
            found.values().removeIf(count -> count == 0);
            return found;
        }

        void checkLookups(List<String> keys) {
            try (RowList rows = new RowList(allocator, keys.size());
                    CountingTable asked = new CountingTable(allocator)) {
                keys.forEach(asked::row);
                asked.table().scan(0, Integer.MAX_VALUE, rows);
                giveAway();
                try (TierLookup lookup = tier.lookup(asked, rows.address(), rows.size())) {
                    runIo();
                    assertThat(lookup.isDone()).isTrue();
                    lookup.addTo(asked, rows.address());
                    Map<String, Long> found = asked.counts();
                    assertThat(found.keySet()).hasSameElementsAs(keys);
                    for (String key : keys) {
                        assertThat(found.get(key)).as(key).isEqualTo(expected.getOrDefault(key, 0L));
                    }
                }
                runIo();
            }
        }

        Map<String, Long> expected() {
            Map<String, Long> without = new HashMap<>(expected);
            without.values().removeIf(count -> count == 0);
            return without;
        }

        List<RestoredRun> kept() {
            giveAway();
            List<TierRun> runs = tier.retainedRuns();
            var copied = task.copy(runs, files);
            runIo();
            copied.join();
            return runs.stream()
                    .map(run ->
                            new RestoredRun(run.number(), run.bits(), run.rows(), run.isChanged(), false, run.file()))
                    .toList();
        }

        @Override
        public void close() {
            memory.close();
            task.close();
            io.clear();
            allocator.close();
        }
    }

    private StateTier open(String name) {
        return new StateTier(directory.resolve(name), new MemoryBudget(64L << 20), 0);
    }

    private static String key(Random random, int keys) {
        int key = random.nextInt(keys);
        return "k".repeat(key % 7) + key;
    }

    private void disturb(Under under, Random random, int keys) {
        switch (random.nextInt(10)) {
            case 0 -> {
                boolean rewrite = random.nextBoolean();
                assertThat(under.scan(rewrite, random)).isEqualTo(under.expected());
            }
            case 1 -> {
                TreeSet<String> asked = new TreeSet<>();
                for (int i = 0; i < 20; i++) {
                    asked.add(key(random, 2 * keys));
                }
                under.checkLookups(List.copyOf(asked));
            }
            case 2, 3, 4 -> under.giveAway();
            case 5 -> runIo(random.nextInt(4));
            default -> {
                for (int i = random.nextInt(300); i > 0; i--) {
                    if (random.nextInt(8) == 0) {
                        under.set(key(random, keys), random.nextInt(3));
                    } else {
                        under.add(key(random, keys), random.nextInt(5) - 1);
                    }
                }
            }
        }
    }

    @Test
    void holdsWhatAMapHolds() {
        for (int round = 0; round < 12; round++) {
            long seed = SEED + round;
            Random random = new Random(seed);
            int keys = 1 << random.nextInt(1, 11);
            try (StateTier tier = open("map-" + round);
                    Under under = new Under(tier)) {
                for (int step = 0; step < 150; step++) {
                    disturb(under, random, keys);
                }
                assertThat(under.scan(false, random)).as("-Dmillrace.test.seed=%s", seed).isEqualTo(under.expected());
            }
        }
    }

    @Test
    void foldsRunsThatAreManyOrLarge() {
        Random random = new Random(SEED);
        try (StateTier tier = open("folds");
                Under under = new Under(tier)) {
            for (int run = 0; run < 60; run++) {
                for (int i = 0; i < 200; i++) {
                    under.add(key(random, 300), 1);
                }
                under.giveAway();
                runIo();
                assertThat(under.tier.runs()).hasSizeLessThanOrEqualTo(24);
            }
            assertThat(tier.statistics().folds()).isPositive();
            assertThat(under.scan(false, random)).isEqualTo(under.expected());
        }
    }

    @Test
    void goesOnFromRunsThatACheckpointKept() {
        Random random = new Random(SEED);
        try (StateTier first = open("first");
                StateTier second = open("second");
                Under before = new Under(first);
                Under after = new Under(second)) {
            for (int step = 0; step < 80; step++) {
                disturb(before, random, 500);
            }
            List<RestoredRun> kept = before.kept();
            Map<String, Long> then = before.expected();
            for (int step = 0; step < 40; step++) {
                disturb(before, random, 500);
            }
            after.tier.restore(kept, files);
            after.expected.putAll(then);
            assertThat(after.scan(false, random)).isEqualTo(then);
            for (int step = 0; step < 80; step++) {
                disturb(after, random, 500);
            }
            assertThat(after.scan(true, random)).isEqualTo(after.expected());
        }
    }

    @Test
    void tasksShareTheRunsOfOthers() {
        Random random = new Random(SEED);
        try (StateTier first = open("one");
                StateTier second = open("three");
                Under before = new Under(first)) {
            for (int step = 0; step < 80; step++) {
                disturb(before, random, 500);
            }
            List<RestoredRun> kept = before.kept();
            Map<String, Long> found = new HashMap<>();
            for (int task = 0; task < 3; task++) {
                try (Under after = new Under(second)) {
                    KeyClip clip = new KeyClip(after.allocator, List.of(DataType.VARCHAR), KEY_GROUPS, task, 3);
                    after.tier.restore(List.of(kept), files, clip, null);
                    after.scan(false, random)
                            .forEach((key, count) -> assertThat(found.put(key, count)).as(key).isNull());
                }
            }
            assertThat(found).isEqualTo(before.expected());
        }
    }

    @Test
    void aBitFlippedAnywhereInARunIsFoundBeforeItIsRead() {
        Random random = new Random(SEED);
        try (StateTier first = open("whole");
                Under before = new Under(first)) {
            for (int i = 0; i < 100; i++) {
                before.add(key(random, 100), 1);
            }
            List<RestoredRun> kept = before.kept();
            byte[] bytes = files.bytes(kept.getFirst().file());
            byte[] whole = bytes.clone();
            for (int i = 0; i < bytes.length; i += 1 + random.nextInt(40)) {
                bytes[i] ^= (byte) (1 << random.nextInt(8));
                try (StateTier second = open("damaged");
                        Under after = new Under(second)) {
                    MillraceException found =
                            catchThrowableOfType(MillraceException.class, () -> after.tier.restore(kept, files));
                    assertThat(found).as("byte %s", i).isNotNull();
                    assertThat(found.code()).isEqualTo(ErrorCode.CORRUPT_DATA);
                }
                bytes[i] = whole[i];
            }
        }
    }

    @Test
    void leavesNothingBehind() throws Exception {
        Random random = new Random(SEED);
        List<String> left = new ArrayList<>();
        try (StateTier tier = open("left")) {
            try (Under under = new Under(tier)) {
                for (int step = 0; step < 60; step++) {
                    disturb(under, random, 100);
                }
                under.giveAway();
                under.tier.drop();
                runIo();
                try (var runs = Files.list(directory.resolve("left/runs"))) {
                    runs.forEach(run -> left.add(run.toString()));
                }
            }
            assertThat(left).isEmpty();
        }
        assertThat(directory.resolve("left")).doesNotExist();
    }
}
