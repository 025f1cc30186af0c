package io.millrace.connectors.nexmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceContract;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.SimulatedClock;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class NexmarkSourceTest {
    private static Source source(Schema schema, String... options) {
        return new NexmarkConnectorFactory().createSource(TestTables.table("t", schema, options), TestTables.context());
    }

    private static LocalDateTime time(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), (int) Math.floorMod(micros, 1_000_000L) * 1_000, ZoneOffset.UTC);
    }

    @Nested
    class Bids extends SourceContract {
        @Override
        protected Source source() {
            return NexmarkSourceTest.source(
                    NexmarkBids.SCHEMA, "events.num", "600", "seed", "3", "out-of-order.group-size", "20");
        }

        @Override
        protected EventTime eventTime() {
            return EventTime.ofColumn(NexmarkBids.DATE_TIME, 0);
        }

        @Override
        protected List<List<Object>> expectedRows() {
            NexmarkReference reference = new NexmarkReference(NexmarkConfig.defaults(3));
            List<List<Object>> rows = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                if (reference.event(i) instanceof NexmarkEvent.Bid b) {
                    rows.add(
                            List.of(
                                    b.eventId(),
                                    b.auction(),
                                    b.bidder(),
                                    b.price(),
                                    b.channel(),
                                    b.url(),
                                    time(b.dateTimeMicros()),
                                    b.extra()));
                }
            }
            return rows;
        }
    }

    @Nested
    class AllEvents extends SourceContract {
        @Override
        protected Source source() {
            return NexmarkSourceTest.source(
                    NexmarkEvents.SCHEMA, "events.num", "230", "seed", "3", "first-event.number", "70");
        }

        @Override
        protected List<List<Object>> expectedRows() {
            NexmarkReference reference = new NexmarkReference(NexmarkConfig.defaults(3));
            List<List<Object>> rows = new ArrayList<>();
            for (int i = 70; i < 300; i++) {
                rows.add(
                        switch (reference.event(i)) {
                            case NexmarkEvent.Person p ->
                                    Arrays.asList(
                                            0,
                                            List.of(
                                                    p.id(),
                                                    p.name(),
                                                    p.emailAddress(),
                                                    p.creditCard(),
                                                    p.city(),
                                                    p.state(),
                                                    time(p.dateTimeMicros()),
                                                    p.extra()),
                                            null,
                                            null);
                            case NexmarkEvent.Auction a ->
                                    Arrays.asList(
                                            1,
                                            null,
                                            List.of(
                                                    a.id(),
                                                    a.itemName(),
                                                    a.description(),
                                                    a.initialBid(),
                                                    a.reserve(),
                                                    time(a.dateTimeMicros()),
                                                    time(a.expiresMicros()),
                                                    a.seller(),
                                                    a.category(),
                                                    a.extra()),
                                            null);
                            case NexmarkEvent.Bid b ->
                                    Arrays.asList(
                                            2,
                                            null,
                                            null,
                                            List.of(
                                                    b.auction(),
                                                    b.bidder(),
                                                    b.price(),
                                                    b.channel(),
                                                    b.url(),
                                                    time(b.dateTimeMicros()),
                                                    b.extra()));
                        });
            }
            return rows;
        }
    }

    @Test
    void boundsRiseToTheLastEventAndReadersMoveTogether() {
        Source source = source(NexmarkBids.SCHEMA, "events.num", "200000");
        Shape shape = Shape.of(source).withReaders(2).withBatchRows(1024).withEventTime(EventTime.ofColumn(6, 0));
        try (SourceDriver driver = new SourceDriver(source, shape)) {
            while (!driver.isFinished()) {
                driver.step();
                if (driver.output(0).closedSplits().isEmpty() && driver.output(1).closedSplits().isEmpty()) {
                    long apart = Math.abs(driver.output(0).boundOf(0) - driver.output(1).boundOf(1));
                    assertThat(apart).isLessThan(10_000_000L);
                }
            }
            assertThat(driver.rows()).hasSize(184_000);
            assertThat(Math.max(driver.output(0).boundOf(0), driver.output(1).boundOf(1)))
                    .isGreaterThanOrEqualTo(NexmarkConfig.DEFAULT_BASE_MICROS + 19_900_000L);
        }
    }

    @Test
    void aLimitedRateKeepsToTheClock() {
        SimulatedClock clock = new SimulatedClock(0);
        NexmarkConfig config = NexmarkConfig.defaults(1);
        Source source =
                new NexmarkSource(
                        config,
                        new NexmarkSource.Range(0, 100_000, true, false),
                        true,
                        NexmarkEvents.SCHEMA,
                        new int[] {0},
                        clock);
        Shape shape = Shape.of(source).withProjection(0).withReaders(2).withBatchRows(1024);
        try (SourceDriver driver = new SourceDriver(source, shape, clock, Allocator.AllocationFault.NONE)) {
            for (int millis = 0; millis < 2_000; millis++) {
                while (driver.step()) {
                    assertThat(driver.rows().size()).isLessThanOrEqualTo(millis * 10 + 1);
                }
                assertThat(driver.rows().size()).isEqualTo(millis * 10 + 1);
                clock.advanceNanos(1_000_000);
            }
        }
    }

    @Test
    void drainingEndsAnUnboundedTableWithAPrefix() {
        Source source = source(NexmarkBids.SCHEMA.project(0));
        assertThat(source.isBounded()).isFalse();
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source).withReaders(3).withBatchRows(1000))) {
            for (int i = 0; i < 40; i++) {
                driver.step();
            }
            driver.run().drain();
            List<Long> ids = driver.toEnd().rows().stream().map(r -> (Long) r.get(0)).sorted().toList();
            NexmarkReference reference = new NexmarkReference(NexmarkConfig.defaults(0));
            int next = 0;
            for (long id = 0; next < ids.size(); id++) {
                if (reference.isBid(id)) {
                    assertThat(ids.get(next++)).isEqualTo(id);
                }
            }
        }
    }

    @Test
    void refusesWhatItCannotMake() {
        assertThatThrownBy(() -> source(Schema.of("auction", DataType.BIGINT, "bider", DataType.BIGINT)))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("no column bider");
        assertThatThrownBy(() -> source(Schema.of("price", DataType.INT)))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("column price: expected BIGINT, found INT");
        assertThatThrownBy(() -> source(NexmarkBids.SCHEMA, "events.num", "many"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("option 'events.num': expected a whole number, found 'many'");
        assertThatThrownBy(() -> source(NexmarkBids.SCHEMA, "base-time", "yesterday"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("option 'base-time': expected a time");
    }
}
