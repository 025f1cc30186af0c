package io.millrace.engine.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.SimulatedClock;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ViewTest {
    private static final Schema PAIRS = Schema.of("k", DataType.BIGINT, "v", DataType.VARCHAR);
    private static final Schema WINDOWS =
            Schema.of("window_end", DataType.TIMESTAMP.notNull(), "k", DataType.BIGINT, "n", DataType.BIGINT);

    private final Allocator root = Allocator.root(1L << 28);
    private final SimulatedClock clock = new SimulatedClock(0);
    private final ViewStore store = new ViewStore(root, clock);

    @AfterEach
    void leavesNoMemoryBehind() {
        store.close();
        root.close();
    }

    private View view(String name, Schema schema, Integer... key) {
        return store.add(store.newGroup("job of " + name), new ViewDefinition(name, schema, List.of(key)));
    }

    private static List<List<Object>> rows(View view) {
        try (ViewPage page = view.read(Long.MAX_VALUE, 0)) {
            return ViewWriters.rows(page);
        }
    }

    @Test
    void isEmptyBeforeTheFirstEpoch() {
        try (ViewPage page = view("v", PAIRS, 0).read(10, 0)) {
            assertThat(page.rowCount()).isZero();
            assertThat(page.epoch()).isZero();
            assertThat(page.frontierMicros()).isEqualTo(Long.MIN_VALUE);
        }
    }

    @Test
    void showsNothingOfAnEpochThatIsNotOver() {
        View view = view("v", PAIRS, 0);
        try (ViewWriters writers = new ViewWriters(view, ChangelogKind.RETRACT, 2, root)) {
            writers.change(1, List.of(1L, "a"));
            writers.change(1, List.of(2L, "b"));
            writers.flush();
            assertThat(rows(view)).isEmpty();
            writers.endEpoch(0, 1);
            assertThat(rows(view)).isEmpty();
            writers.endEpoch(1, 1);
            assertThat(rows(view)).containsExactlyInAnyOrder(List.of(1L, "a"), List.of(2L, "b"));
        }
    }

    @Test
    void tellsWhichRowsWereWrittenSinceAnEarlierPage() {
        View view = view("v", PAIRS, 0);
        try (ViewWriters writers = new ViewWriters(view, ChangelogKind.RETRACT, 2, root)) {
            for (long key = 0; key < 10_000; key++) {
                writers.change(1, List.of(key, "before"));
            }
            writers.endEpoch(1);
            ViewPage before = view.read(0, 0);
            before.close();
            writers.change(-1, List.of(7L, "before"));
            writers.change(1, List.of(7L, "after"));
            writers.change(1, List.of(20_000L, "new"));
            writers.change(-1, List.of(8L, "before"));
            writers.endEpoch(2);
            try (ViewPage page = view.readWrittenSince(before)) {
                assertThat(ViewWriters.rows(page))
                        .contains(List.of(7L, "after"), List.of(20_000L, "new"))
                        .doesNotContain(List.of(7L, "before"), List.of(8L, "before"))
                        .hasSizeLessThan(ViewShard.SEGMENT_ROWS);
                assertThat(page.totalRows()).isEqualTo(10_000);
                try (ViewPage nothing = view.readWrittenSince(page)) {
                    assertThat(nothing.rowCount()).isZero();
                }
            }
        }
    }

    @Test
    void publishesAllViewsOfAJobTogether() {
        ViewGroup group = store.newGroup("job");
        View first = store.add(group, new ViewDefinition("first", PAIRS, List.of(0)));
        View second = store.add(group, new ViewDefinition("second", PAIRS, List.of()));
        try (ViewWriters a = new ViewWriters(first, ChangelogKind.RETRACT, 1, root);
                ViewWriters b = new ViewWriters(second, ChangelogKind.RETRACT, 1, root)) {
            a.change(1, List.of(1L, "a"));
            b.change(1, List.of(1L, "b"));
            a.endEpoch(1);
            assertThat(rows(first)).isEmpty();
            b.endEpoch(1);
            assertThat(rows(first)).containsExactly(List.of(1L, "a"));
            assertThat(rows(second)).containsExactly(List.of(1L, "b"));
            a.endEpoch(2);
            a.endEpoch(3);
            b.finish();
            try (ViewPage page = first.read(1, 0)) {
                assertThat(page.epoch()).isEqualTo(3);
                assertThat(page.isFinished()).isFalse();
            }
            a.finish();
            try (ViewPage page = first.read(1, 0)) {
                assertThat(page.isFinished()).isTrue();
                assertThat(page.frontierMicros()).isEqualTo(Long.MAX_VALUE);
            }
        }
    }

    @Test
    void lettingGoOfAJobThatStoppedMidwayFreesEverything() {
        View view = view("v", PAIRS, 0);
        try (ViewWriters writers = new ViewWriters(view, ChangelogKind.RETRACT, 2, root)) {
            for (long key = 0; key < 100; key++) {
                writers.change(1, List.of(key, "before"));
            }
            writers.endEpoch(1);
            for (long key = 0; key < 100; key++) {
                writers.change(-1, List.of(key, "before"));
                writers.change(1, List.of(key, "after"));
            }
            writers.endEpoch(0, 2);
            writers.change(1, List.of(1000L, "pending"));
            writers.flush();
        }
        assertThat(rows(view)).hasSize(100).allMatch(row -> row.get(1).equals("before"));
    }

    @Test
    void aCountBelowZeroAtTheEndOfAnEpochIsAFaultOfTheEngine() {
        View view = view("v", PAIRS);
        try (ViewWriters writers = new ViewWriters(view, ChangelogKind.RETRACT, 1, root)) {
            writers.change(-1, List.of(1L, "a"));
            writers.change(1, List.of(1L, "a"));
            writers.endEpoch(1);
            writers.change(-1, List.of(1L, "a"));
            assertThatThrownBy(() -> writers.endEpoch(2))
                    .hasMessageContaining("count=-1")
                    .hasMessageContaining("(k=1, v=a)")
                    .extracting(e -> ((MillraceException) e).code())
                    .isEqualTo(ErrorCode.INTERNAL);
        }
    }

    @Test
    void twoRowsOfOnePrimaryKeyBreakItsPromise() {
        View view = view("v", PAIRS, 0);
        try (ViewWriters writers = new ViewWriters(view, ChangelogKind.RETRACT, 1, root)) {
            writers.change(1, List.of(7L, "a"));
            writers.change(1, List.of(7L, "b"));
            assertThatThrownBy(() -> writers.endEpoch(1))
                    .hasMessage("view v: expected one row for the primary key (k=7), found 2")
                    .extracting(e -> ((MillraceException) e).code())
                    .isEqualTo(ErrorCode.CONTRACT_BROKEN);
        }
    }

    @Test
    void foldsAnEpochThatIsMuchLargerThanWhatIsLeftOfIt() {
        View view = view("v", PAIRS, 0);
        try (ViewWriters writers = new ViewWriters(view, ChangelogKind.RETRACT, 1, root)) {
            writers.change(1, List.of(0L, "value 0 which is not so short"));
            for (long i = 1; i <= 100_000; i++) {
                writers.change(1, List.of(0L, "value " + i + " which is not so short"));
                writers.change(-1, List.of(0L, "value " + (i - 1) + " which is not so short"));
                if (i % 1000 == 0) {
                    writers.flush();
                }
            }
            writers.endEpoch(1);
            assertThat(rows(view)).containsExactly(List.of(0L, "value 100000 which is not so short"));
        }
    }

    @Test
    void tellsFinalRowsFromThoseThatCanChange() {
        View view = store.add(store.newGroup("job"), new ViewDefinition("v", WINDOWS, List.of(0, 1), 0, 0));
        LocalDateTime noon = LocalDateTime.of(2026, 1, 1, 12, 0);
        long noonMicros = noon.toEpochSecond(java.time.ZoneOffset.UTC) * 1_000_000L;
        try (ViewWriters writers = new ViewWriters(view, ChangelogKind.RETRACT, 1, root)) {
            writers.change(1, List.of(noon, 1L, 10L));
            writers.change(1, List.of(noon.plusSeconds(10), 1L, 3L));
            writers.watermark(noonMicros - 1);
            writers.endEpoch(1);
            assertThat(finals(view)).containsExactly(false, false);
            writers.watermark(noonMicros);
            writers.endEpoch(2);
            assertThat(finals(view)).containsExactly(true, false);
            clock.advanceNanos(5_000_000);
            try (ViewPage page = view.read(1, 0)) {
                assertThat(page.frontierMicros()).isEqualTo(noonMicros);
                assertThat(page.ageMillis()).isEqualTo(5);
            }
            writers.finish();
            assertThat(finals(view)).containsExactly(true, true);
        }
    }

    private static List<Boolean> finals(View view) {
        List<Boolean> finals = new ArrayList<>();
        try (ViewPage page = view.read(10, 0)) {
            page.forEach((batch, row, isFinal) -> finals.add(isFinal));
        }
        return finals;
    }

    @Test
    void pagesCoverEachRowOnceAndRepeatRowsAsOftenAsTheyAreThere() {
        View view = view("v", PAIRS);
        try (ViewWriters writers = new ViewWriters(view, ChangelogKind.RETRACT, 2, root)) {
            for (long key = 0; key < 5_000; key++) {
                writers.change(1 + key % 3, List.of(key, "x"));
            }
            writers.endEpoch(1);
            List<List<Object>> all = rows(view);
            List<List<Object>> paged = new ArrayList<>();
            for (long offset = 0; offset < all.size(); offset += 777) {
                try (ViewPage page = view.read(777, offset)) {
                    paged.addAll(ViewWriters.rows(page));
                    assertThat(page.totalRows()).isEqualTo(all.size());
                }
            }
            assertThat(paged).isEqualTo(all);
            assertThat(all).hasSize(9_999);
            try (ViewPage page = view.read(10, 1_000_000)) {
                assertThat(page.rowCount()).isZero();
            }
        }
    }

    @Test
    void namesTheNearestView() {
        view("bids_per_minute", PAIRS, 0);
        assertThatThrownBy(() -> store.require("bid_per_minute"))
                .extracting(e -> ((MillraceException) e).help())
                .isEqualTo("Did you mean 'bids_per_minute'?");
    }
}
