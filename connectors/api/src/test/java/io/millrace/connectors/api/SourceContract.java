package io.millrace.connectors.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every source does. Extend it for each, over a table small enough to be read some hundred times; the source must
 * come to an end (bound it, or drain it in {@link #started}).
 */
public abstract class SourceContract {
    /** The source; made anew for each test. */
    protected abstract Source source();

    /** All its rows, all columns, in any order. */
    protected abstract List<List<Object>> expectedRows();

    /** How event time is read off all the columns, or null. */
    protected EventTime eventTime() {
        return null;
    }

    /** Called when a run has begun. */
    protected void started(SourceRun run) {}

    private SourceDriver drive(Source source, Shape shape) {
        SourceDriver driver = new SourceDriver(source, shape);
        started(driver.run());
        return driver;
    }

    private void readsAll(Shape shape, Source source) {
        try (SourceDriver driver = drive(source, shape)) {
            assertThat(driver.toEnd().rows()).containsExactlyInAnyOrderElementsOf(expectedRows());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4096})
    void givesEachRowOnceWhateverTheBatchSize(int batchRows) {
        Source source = source();
        readsAll(Shape.of(source).withBatchRows(batchRows).withEventTime(eventTime()), source);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 9})
    void givesEachRowOnceToManyReaders(int readers) {
        Source source = source();
        readsAll(Shape.of(source).withReaders(readers).withEventTime(eventTime()), source);
    }

    @Test
    void givesEachRowOnceWhenTheOutputIsFullEveryOtherCall() {
        Source source = source();
        AtomicInteger calls = new AtomicInteger();
        readsAll(Shape.of(source).withBatchRows(3).withFull(() -> calls.getAndIncrement() % 2 == 0), source);
    }

    @Test
    void givesTheColumnsAskedForInTheirOrder() {
        Source source = source();
        int columns = source.schema().size();
        int[] reversed = IntStream.range(0, columns).map(i -> columns - 1 - i).toArray();
        try (SourceDriver driver = drive(source, Shape.of(source).withProjection(reversed))) {
            List<List<Object>> expected = new ArrayList<>();
            expectedRows().forEach(row -> expected.add(row.reversed()));
            assertThat(driver.toEnd().rows()).containsExactlyInAnyOrderElementsOf(expected);
        }
        for (int column = 0; column < columns; column++) {
            List<Object> expected = new ArrayList<>();
            for (List<Object> row : expectedRows()) {
                expected.add(row.get(column));
            }
            Source again = source();
            try (SourceDriver driver = drive(again, Shape.of(again).withProjection(column))) {
                List<Object> found = new ArrayList<>();
                driver.toEnd().rows().forEach(row -> found.add(row.get(0)));
                assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    @Test
    void givesAColumnTwiceWhenItIsAskedForTwice() {
        Source source = source();
        int last = source.schema().size() - 1;
        try (SourceDriver driver = drive(source, Shape.of(source).withProjection(last, 0, last))) {
            List<List<Object>> expected = new ArrayList<>();
            expectedRows().forEach(row -> expected.add(Arrays.asList(row.get(last), row.get(0), row.get(last))));
            assertThat(driver.toEnd().rows()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void countsRowsWhenNoColumnIsAskedFor() {
        Source source = source();
        try (SourceDriver driver = drive(source, Shape.of(source).withProjection())) {
            assertThat(driver.toEnd().rows()).hasSize(expectedRows().size());
        }
    }

    /** After how many polls a snapshot is taken; fewer for a source that is slow to begin. */
    protected int[] cuts() {
        return new int[] {0, 1, 2, 3, 5, 8, 13, 21, 34};
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void goesOnFromASnapshotTakenAfterAnyPollWithAnotherNumberOfReaders(int readers) {
        for (int polls : cuts()) {
            goesOn(polls, readers, null);
            if (eventTime() != null) {
                goesOn(polls, readers, eventTime());
            }
        }
    }

    /** One reader, then two, then three, or round: each goes on where the one before was cut. */
    private void goesOn(int polls, int readers, EventTime time) {
        List<List<Object>> rows = new ArrayList<>();
        List<byte[]> restored = List.of();
        for (int attempt = 0; attempt < 3; attempt++) {
            Source source = source();
            Shape shape =
                    Shape.of(source)
                            .withReaders((readers + attempt - 1) % 3 + 1)
                            .withBatchRows(37 + attempt)
                            .withEventTime(time)
                            .withRestored(restored);
            try (SourceDriver driver = drive(source, shape)) {
                if (attempt == 2) {
                    rows.addAll(driver.toEnd().rows());
                } else {
                    SourceDriver.Cut cut = driver.cutAfter(polls);
                    rows.addAll(cut.rows());
                    restored = cut.snapshots();
                }
            }
        }
        assertThat(rows)
                .describedAs("polls=%d readers=%d eventTime=%s", polls, readers, time != null)
                .containsExactlyInAnyOrderElementsOf(expectedRows());
    }

    @Test
    void saysWhenASnapshotIsOfAnUnknownVersion() {
        Source source = source();
        Shape shape = Shape.of(source).withRestored(List.of(new byte[] {99, 1, 2, 3}));
        assertThatThrownBy(
                        () -> {
                            try (SourceDriver driver = drive(source, shape)) {
                                driver.toEnd();
                            }
                        })
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("version");
    }

    @Test
    void freesEverythingWhenClosedAtAnyStep() {
        for (int steps = 0; steps < 12; steps++) {
            Source source = source();
            try (SourceDriver driver = drive(source, Shape.of(source).withBatchRows(2))) {
                for (int i = 0; i < steps; i++) {
                    driver.step();
                }
            }
        }
    }

    @Test
    void freesEverythingWhenAnyAllocationFails() {
        for (int failing = 0; ; failing++) {
            AtomicInteger left = new AtomicInteger(failing);
            Allocator.AllocationFault fault = (owner, bytes) -> left.getAndDecrement() == 0;
            Source source = source();
            Shape shape = Shape.of(source).withBatchRows(1000);
            try (SourceDriver driver = new SourceDriver(source, shape, Clock.system(), fault)) {
                started(driver.run());
                driver.toEnd();
                if (left.get() >= 0 || failing > 200) {
                    return;
                }
                fail("allocation " + failing + " failed and nobody said so");
            } catch (MillraceException spent) {
                assertThat(spent.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                assertThat(spent.getSuppressed()).describedAs("leaks").isEmpty();
            }
        }
    }

    @Test
    void saysWhatItIs() {
        Source source = source();
        assertThat(source.describe()).isNotBlank().doesNotContain("\n");
        source.estimatedRows().ifPresent(rows -> assertThat(rows).isEqualTo(expectedRows().size()));
        try (SourceDriver driver = drive(source, Shape.of(source))) {
            driver.toEnd();
            assertThat(driver.run().progress().rowsRead()).isEqualTo(expectedRows().size());
        }
    }
}
