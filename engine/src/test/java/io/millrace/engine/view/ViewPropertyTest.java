package io.millrace.engine.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.time.SimulatedClock;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Views against a map, over random changes in random order. {@code -Dseed=} repeats a run. */
class ViewPropertyTest {
    private static final Schema SCHEMA =
            Schema.of(
                    "k", DataType.BIGINT, "name", DataType.VARCHAR, "v", DataType.DOUBLE, "d", DataType.decimal(30, 2));

    /** What is declared and what comes. */
    enum Kind {
        APPENDED(ChangelogKind.APPEND, List.of()),
        COUNTED(ChangelogKind.RETRACT, List.of()),
        KEYED(ChangelogKind.RETRACT, List.of(0, 1)),
        UPSERTED(ChangelogKind.UPSERT, List.of(0, 1)),
        REPLACED(ChangelogKind.APPEND, List.of(0, 1));

        private final ChangelogKind changes;
        private final List<Integer> key;

        Kind(ChangelogKind changes, List<Integer> key) {
            this.changes = changes;
            this.key = key;
        }
    }

    /** An epoch that a reader keeps, and what it must show for as long as it does. */
    private record Kept(ViewPage page, Map<List<Object>, Long> expected) {}

    private final long seed = Long.getLong("seed", 20_260_101L);
    private final Random random = new Random(seed);

    private final Map<List<Object>, Long> counts = new HashMap<>();
    private final Map<List<Object>, List<Object>> byKey = new HashMap<>();

    @ParameterizedTest
    @EnumSource(Kind.class)
    void showsAtEachEpochWhatAMapWouldHold(Kind kind) {
        System.out.println("seed=" + seed);
        for (int round = 0; round < 6; round++) {
            int keys = List.of(3, 40, 1_000, 20_000).get(round % 4);
            int changesPerEpoch = 1 + random.nextInt(round % 2 == 0 ? 200 : 6_000);
            run(kind, 1 + random.nextInt(3), keys, changesPerEpoch, 40);
        }
    }

    private void run(Kind kind, int writerCount, int keys, int changesPerEpoch, int epochs) {
        counts.clear();
        byKey.clear();
        List<Kept> kept = new ArrayList<>();
        Allocator root = Allocator.root(1L << 30);
        try (ViewStore store = new ViewStore(root, new SimulatedClock(0))) {
            View view = store.add(store.newGroup("job"), new ViewDefinition("v", SCHEMA, kind.key));
            try (ViewWriters writers = new ViewWriters(view, kind.changes, writerCount, root)) {
                for (int epoch = 1; epoch <= epochs; epoch++) {
                    changes(kind, writers, keys, random.nextInt(changesPerEpoch + 1));
                    writers.endEpoch(epoch);
                    kept.add(new Kept(view.read(Long.MAX_VALUE, 0), expected(kind)));
                    assertThat(kept.getLast().page().epoch()).isEqualTo(epoch);
                    while (kept.size() > 5) {
                        check(kept.remove(random.nextInt(kept.size())));
                    }
                }
                writers.finish();
            }
            Collections.shuffle(kept, random);
            kept.forEach(ViewPropertyTest::check);
        }
        root.close();
    }

    private static void check(Kept kept) {
        try (ViewPage page = kept.page()) {
            Map<List<Object>, Long> found = new HashMap<>();
            ViewWriters.rows(page).forEach(row -> found.merge(row, 1L, Long::sum));
            assertThat(found).isEqualTo(kept.expected());
            assertThat(page.totalRows()).isEqualTo(kept.expected().values().stream().mapToLong(n -> n).sum());
        }
    }

    private Map<List<Object>, Long> expected(Kind kind) {
        if (kind.key.isEmpty()) {
            return new HashMap<>(counts);
        }
        Map<List<Object>, Long> expected = new HashMap<>();
        byKey.values().forEach(row -> expected.put(row, 1L));
        return expected;
    }

    private void changes(Kind kind, ViewWriters writers, int keys, int count) {
        List<Map.Entry<Long, List<Object>>> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            switch (kind) {
                case APPENDED -> add(changes, 1, row(keys));
                case COUNTED -> countedChange(changes, keys);
                case KEYED -> keyedChange(changes, keys);
                case UPSERTED, REPLACED -> upsert(kind, changes, keys);
            }
        }
        if (kind.changes == ChangelogKind.RETRACT) {
            Collections.shuffle(changes, random);
        }
        for (Map.Entry<Long, List<Object>> change : changes) {
            writers.change(change.getKey(), change.getValue());
            if (random.nextInt(300) == 0) {
                writers.flush();
            }
        }
    }

    private void add(List<Map.Entry<Long, List<Object>>> changes, long weight, List<Object> row) {
        changes.add(Map.entry(weight, row));
        if (counts.merge(row, weight, Long::sum) == 0) {
            counts.remove(row);
        }
    }

    private void countedChange(List<Map.Entry<Long, List<Object>>> changes, int keys) {
        List<Object> row = row(keys);
        long present = counts.getOrDefault(row, 0L);
        long weight = random.nextBoolean() && present > 0 ? -1 - random.nextInt((int) present) : 1 + random.nextInt(3);
        add(changes, weight, row);
    }

    private void keyedChange(List<Map.Entry<Long, List<Object>>> changes, int keys) {
        List<Object> row = row(keys);
        List<Object> key = row.subList(0, 2);
        List<Object> before = byKey.get(key);
        if (before != null) {
            changes.add(Map.entry(-1L, before));
            byKey.remove(key);
        }
        if (before == null || random.nextInt(4) != 0) {
            changes.add(Map.entry(1L, row));
            byKey.put(key, row);
        }
    }

    private void upsert(Kind kind, List<Map.Entry<Long, List<Object>>> changes, int keys) {
        List<Object> row = row(keys);
        boolean delete = kind == Kind.UPSERTED && random.nextInt(4) == 0;
        changes.add(Map.entry(delete ? -1L : 1L, row));
        if (delete) {
            byKey.remove(row.subList(0, 2));
        } else {
            byKey.put(row.subList(0, 2), row);
        }
    }

    private List<Object> row(int keys) {
        long key = random.nextInt(keys);
        String name = key % 7 == 0 ? null : key % 2 == 0 ? "n" + key : "a name that is not short " + key;
        double value = random.nextInt(10) == 0 ? Double.NaN : random.nextInt(4);
        return Arrays.asList(
                key, name, value, random.nextInt(5) == 0 ? null : java.math.BigDecimal.valueOf(random.nextInt(3), 2));
    }
}
