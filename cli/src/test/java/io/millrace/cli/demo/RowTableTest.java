package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowTableTest {
    private static final Schema SCHEMA =
            Schema.of("at", DataType.TIMESTAMP, "name", DataType.VARCHAR, "bids", DataType.BIGINT);

    private final RowTable.Texts texts = new RowTable.Texts();

    private RowTable table(List<Object[]> rows) {
        RowTable table = new RowTable(SCHEMA, texts);
        rows.forEach(table::add);
        return table;
    }

    @Test
    void sameRowsInAnyOrderAreNoDifference() {
        long seed = Long.getLong("test.seed", 7);
        Random random = new Random(seed);
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            rows.add(new Object[] {(long) random.nextInt(50), "n" + random.nextInt(9), (long) random.nextInt(5)});
        }
        rows.add(new Object[] {1L, null, 2L});
        List<Object[]> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, random);
        assertThat(table(rows).firstDifference(table(shuffled))).as("seed " + seed).isNull();

        Object[] lost = shuffled.removeLast();
        assertThat(table(rows).firstDifference(table(shuffled))).as("seed " + seed).startsWith("expected {at: ");
        shuffled.add(lost);
        shuffled.add(rows.getFirst());
        assertThat(table(rows).firstDifference(table(shuffled))).as("seed " + seed).contains("found {at: ");
        shuffled.removeLast();
        Object[] changed = shuffled.get(17).clone();
        changed[2] = (long) changed[2] + 10;
        shuffled.set(17, changed);
        assertThat(table(rows).firstDifference(table(shuffled))).as("seed " + seed).isNotNull();
    }

    @Test
    void saysWhatWasExpectedAndWhatWasFound() {
        List<Object[]> one = List.<Object[]>of(new Object[] {60_000_000L, "Apple", 3L});
        List<Object[]> other = List.<Object[]>of(new Object[] {60_000_000L, "Apple", 4L});
        assertThat(table(one).firstDifference(table(other)))
                .isEqualTo(
                        "expected {at: 1970-01-01T00:01, name: Apple, bids: 3}, found {at: 1970-01-01T00:01, name:"
                                + " Apple, bids: 4}");
        assertThat(table(one).firstDifference(table(List.of())))
                .isEqualTo("expected {at: 1970-01-01T00:01, name: Apple, bids: 3}, found no such row");
        assertThat(table(List.of()).firstDifference(table(one)))
                .isEqualTo("found {at: 1970-01-01T00:01, name: Apple, bids: 3}, expected no such row");
    }
}
