package io.millrace.connectors.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.HandoverReport;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TestTables;
import io.millrace.connectors.hybrid.FakeStages.Event;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Every event of a stream comes once, wherever it was cut into history and topic. */
final class HybridSourceTest {
    private static final long SECOND = 1_000_000;
    private static final long DELAY = 4 * SECOND;
    private static final Map<String, String[]> WAYS =
            Map.of(
                    "offset", new String[] {"handover.partition-column", "part", "handover.offset-column", "off"},
                    "event-id", new String[] {"handover.id-columns", "id", "handover.overlap", "60 s"},
                    "event-time", new String[] {"handover.by", "event-time", "handover.tolerance", "20 s"});

    /** Events in the order in which they were produced; out of order in event time where {@code disorderMicros} > 0. */
    private static List<Event> stream(Random random, int count, int partitions, long disorderMicros, boolean holes) {
        List<Event> events = new ArrayList<>();
        long[] next = new long[partitions];
        for (int n = 0; n < count; n++) {
            int partition = random.nextInt(partitions);
            if (holes && random.nextInt(4) == 0) {
                next[partition]++;
            }
            long time = n * SECOND / 2 - (disorderMicros == 0 ? 0 : random.nextLong(disorderMicros)) + DELAY;
            events.add(new Event(n, time, partition, next[partition]++));
        }
        return events;
    }

    private static FakeStages.Topic topic(List<Event> events, int partitions) {
        FakeStages.Topic topic = new FakeStages.Topic();
        for (int p = 0; p < partitions; p++) {
            topic.partitions.put(p, new java.util.TreeMap<>());
        }
        events.forEach(topic::add);
        return topic;
    }

    private static Source hybrid(List<Event> history, FakeStages.Topic topic, String... options) {
        ConnectorContext context = TestTables.context(Map.of("h", new FakeStages.History(history), "l", topic));
        String[] all = new String[options.length + 2];
        all[0] = "stages";
        all[1] = "h, l";
        System.arraycopy(options, 0, all, 2, options.length);
        TableDescriptor table = TestTables.table("both", FakeStages.LIVE, all);
        return new HybridConnectorFactory().createSource(table, context);
    }

    private static SourceDriver drive(Source source, int readers) {
        return new SourceDriver(
                source, Shape.of(source).withEventTime(EventTime.ofColumn(1, DELAY)).withReaders(readers));
    }

    private static List<Long> ids(SourceDriver driver) {
        return driver.rows().stream().map(row -> (Long) row.getFirst()).sorted().toList();
    }

    private static List<Long> allIds(List<Event> events) {
        return events.stream().map(Event::id).sorted().toList();
    }

    private static long seed() {
        long seed = Long.getLong("millrace.test.seed", 11);
        System.out.println("seed=" + seed + " (-Dmillrace.test.seed)");
        return seed;
    }

    @Test
    void deliversEveryEventOnceWhicheverWayItCuts() {
        Random random = new Random(seed());
        for (String way : List.of("offset", "event-id", "event-time")) {
            for (int round = 0; round < 25; round++) {
                int partitions = 1 + random.nextInt(4);
                int count = random.nextInt(300);
                // Time alone cannot cut where order is lost; the other ways can.
                long disorder = way.equals("event-time") || random.nextBoolean() ? 0 : 3 * SECOND;
                List<Event> all = stream(random, count, partitions, disorder, random.nextBoolean());
                int historyCount = random.nextInt(count + 1);
                FakeStages.Topic topic = topic(all, partitions);
                topic.ended = true;
                Source source = hybrid(all.subList(0, historyCount), topic, WAYS.get(way));
                try (SourceDriver driver = drive(source, 1 + random.nextInt(3))) {
                    driver.toEnd();
                    assertThat(ids(driver)).as("%s round %s", way, round).isEqualTo(allIds(all));
                    HandoverReport report = driver.run().handover().orElseThrow();
                    assertThat(report.by()).isEqualTo(way);
                    assertThat(report.complete()).isTrue();
                    assertThat(report.gapChecked()).isTrue();
                    assertThat(report.gaps()).isEmpty();
                    assertThat(report.historyRows()).isEqualTo(historyCount);
                    assertThat(report.liveRows()).isEqualTo(count - historyCount);
                    assertThat(report.exact()).isEqualTo(!way.equals("event-time"));
                }
            }
        }
    }

    @Test
    void deliversEveryEventOnceWhereverItWasCutAndGoesOnWithAnotherNumberOfReaders() {
        Random random = new Random(seed());
        for (String way : List.of("offset", "event-id", "event-time")) {
            for (int round = 0; round < 40; round++) {
                int partitions = 1 + random.nextInt(4);
                int count = random.nextInt(300);
                long disorder = way.equals("event-time") || random.nextBoolean() ? 0 : 3 * SECOND;
                List<Event> all = stream(random, count, partitions, disorder, random.nextBoolean());
                int historyCount = random.nextInt(count + 1);
                FakeStages.Topic topic = topic(all, partitions);
                topic.ended = true;
                List<Long> ids = new ArrayList<>();
                List<byte[]> restored = List.of();
                String path = way + " round " + round + ":";
                while (true) {
                    Source source = hybrid(all.subList(0, historyCount), topic, WAYS.get(way));
                    Shape shape =
                            Shape.of(source)
                                    .withEventTime(EventTime.ofColumn(1, DELAY))
                                    .withReaders(1 + random.nextInt(3))
                                    .withRestored(restored);
                    try (SourceDriver driver = new SourceDriver(source, shape)) {
                        if (random.nextInt(4) == 0) {
                            driver.toEnd();
                            driver.rows().forEach(row -> ids.add((Long) row.getFirst()));
                            HandoverReport report = driver.run().handover().orElseThrow();
                            assertThat(report.historyRows()).as(path).isEqualTo(historyCount);
                            assertThat(report.liveRows()).as(path).isEqualTo(count - historyCount);
                            break;
                        }
                        int polls = random.nextInt(60);
                        SourceDriver.Cut cut = driver.cutAfter(polls);
                        cut.rows().forEach(row -> ids.add((Long) row.getFirst()));
                        restored = cut.snapshots();
                        path += " " + polls + "@" + shape.readers();
                    }
                }
                ids.sort(null);
                assertThat(ids).as(path).isEqualTo(allIds(all));
            }
        }
    }

    @Test
    void holdsTheWatermarkAtHistorysEndLessTheDelayUntilAPartitionIsPastItsCut() {
        Random random = new Random(seed());
        List<Event> all = stream(random, 200, 3, 0, false);
        List<Event> history = all.subList(0, 150);
        FakeStages.Topic topic = topic(all, 3);
        long greatest = history.stream().mapToLong(Event::timeMicros).max().orElseThrow();
        Source source = hybrid(history, topic, WAYS.get("event-id"));
        try (SourceDriver driver = drive(source, 1)) {
            driver.until(() -> driver.output(0).splits().size() > 1);
            for (int split : driver.output(0).splits()) {
                assertThat(driver.output(0).boundOf(split)).isLessThanOrEqualTo(greatest - DELAY);
            }
            driver.until(() -> ids(driver).size() == all.size());
            topic.ended = true;
            driver.toEnd();
            for (int split : driver.output(0).splits()) {
                if (split != 0) {
                    assertThat(driver.output(0).isDeclared(split)).isTrue();
                    assertThat(driver.output(0).boundOf(split)).isEqualTo(greatest - DELAY);
                }
            }
        }
    }

    @Test
    void failsEarlyAndNamesTheOffsetsWhenTheTopicDoesNotReachBackToTheCut() {
        List<Event> all = stream(new Random(3), 100, 2, 0, false);
        FakeStages.Topic topic = topic(all, 2);
        long next = all.subList(0, 50).stream().filter(e -> e.partition() == 1).count();
        topic.retainFrom(1, next + 5);
        Source source = hybrid(all.subList(0, 50), topic, WAYS.get("offset"));
        try (SourceDriver driver = drive(source, 2)) {
            assertThatThrownBy(driver::toEnd)
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("partition 1 offsets " + next + " to " + (next + 4))
                    .satisfies(e -> assertThat(((MillraceException) e).code()).isEqualTo(ErrorCode.HANDOVER_GAP));
            assertThat(driver.rows()).as("nothing came before the gap was found").isEmpty();
        }
    }

    @Test
    void countsTheGapWhereTheTableSaysSo() {
        List<Event> all = stream(new Random(3), 100, 2, 0, false);
        FakeStages.Topic topic = topic(all, 2);
        topic.ended = true;
        long next = all.subList(0, 50).stream().filter(e -> e.partition() == 1).count();
        topic.retainFrom(1, next + 5);
        String[] offset = WAYS.get("offset");
        Source source =
                hybrid(
                        all.subList(0, 50),
                        topic,
                        offset[0],
                        offset[1],
                        offset[2],
                        offset[3],
                        "handover.on-gap",
                        "count");
        try (SourceDriver driver = drive(source, 2)) {
            driver.toEnd();
            assertThat(driver.rows()).hasSize(95);
            assertThat(driver.run().handover().orElseThrow().gaps())
                    .containsExactly(new HandoverReport.Gap(1, next, next + 5));
        }
    }

    @Test
    void noticesWhenRetentionPassesTheCutDuringTheBackfill() {
        List<Event> all = stream(new Random(3), 2000, 2, 0, false);
        FakeStages.Topic topic = topic(all, 2);
        topic.ended = true;
        Source source = hybrid(all.subList(0, 1900), topic, WAYS.get("offset"));
        try (SourceDriver driver = drive(source, 1)) {
            driver.until(() -> driver.rows().size() > 10);
            topic.retainFrom(0, topic.ends.get(0) - 1);
            assertThatThrownBy(driver::toEnd).hasMessageContaining("partition 0 offsets");
        }
    }

    @Test
    void noticesWhenTheTopicIsMadeAnewDuringTheBackfill() {
        List<Event> all = stream(new Random(3), 2000, 2, 0, false);
        FakeStages.Topic topic = topic(all, 2);
        Source source = hybrid(all.subList(0, 1900), topic, WAYS.get("offset"));
        List<byte[]> snapshots;
        try (SourceDriver driver = drive(source, 1)) {
            driver.until(() -> driver.rows().size() > 10);
            snapshots = driver.cutAfter(1).snapshots();
            assertThat(driver.rows()).hasSizeBetween(1, 1899);
            topic.topicId = "second";
            assertMadeAnew(driver::toEnd);
        }
        Shape shape = Shape.of(source).withEventTime(EventTime.ofColumn(1, DELAY)).withRestored(snapshots);
        assertMadeAnew(() -> new SourceDriver(source, shape).close());
    }

    private static void assertMadeAnew(ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasMessageContaining("was deleted and made anew: expected id=first, found id=second")
                .satisfies(e -> assertThat(((MillraceException) e).code()).isEqualTo(ErrorCode.CONTRACT_BROKEN));
    }

    @Test
    void reportsAGapWhenATopicCutByTimeHasLostRowsAndHasNoneOfHistory() {
        List<Event> all = stream(new Random(3), 100, 1, 0, false);
        FakeStages.Topic topic = topic(all, 1);
        topic.retainFrom(0, 60);
        Source source = hybrid(all.subList(0, 50), topic, WAYS.get("event-time"));
        try (SourceDriver driver = drive(source, 1)) {
            assertThatThrownBy(driver::toEnd).hasMessageContaining("neither history nor the topic");
        }
    }

    @Test
    void repeatsWithinHistoryOrWithinTheTopicAreNotTakenForRepeatsOfEachOther() {
        List<Event> all = stream(new Random(3), 40, 1, 0, false);
        List<Event> history = new ArrayList<>(all.subList(0, 20));
        history.add(all.get(18));
        FakeStages.Topic topic = topic(all, 1);
        Event last = all.getLast();
        topic.add(new Event(last.id(), last.timeMicros(), 0, 40));
        topic.ended = true;
        Source source = hybrid(history, topic, WAYS.get("event-id"));
        try (SourceDriver driver = drive(source, 1)) {
            driver.toEnd();
            Map<Long, Integer> counts = new HashMap<>();
            ids(driver).forEach(id -> counts.merge(id, 1, Integer::sum));
            assertThat(counts).hasSize(40).containsEntry(18L, 2).containsEntry(39L, 2);
            assertThat(driver.rows()).hasSize(42);
        }
    }

    @Test
    void oneTimeInTheFutureDoesNotHideTheTopic() {
        for (String way : List.of("event-id", "event-time")) {
            List<Event> all = stream(new Random(3), 100, 2, 0, false);
            List<Event> history = new ArrayList<>(all.subList(0, 50));
            Event last = history.removeLast();
            history.add(new Event(last.id(), last.timeMicros() + 86_400 * SECOND, last.partition(), last.offset()));
            FakeStages.Topic topic = topic(all, 2);
            topic.ended = true;
            try (SourceDriver driver = drive(hybrid(history, topic, WAYS.get(way)), 1)) {
                assertThatThrownBy(driver::toEnd)
                        .hasMessageContaining("no record of the topic is as late")
                        .satisfies(e -> assertThat(((MillraceException) e).code()).isEqualTo(ErrorCode.HANDOVER_GAP));
            }
        }
    }

    @Test
    void aRowOfTheBandThatIsOlderThanTheIdsKeptIsNeverDroppedInSilence() {
        List<Event> all = stream(new Random(3), 400, 1, 0, false);
        Event late = new Event(10_000, all.getFirst().timeMicros(), 0, 400);
        FakeStages.Topic topic = topic(all, 1);
        topic.add(late);
        topic.ended = true;
        Source source = hybrid(all.subList(0, 300), topic, WAYS.get("event-id"));
        try (SourceDriver driver = drive(source, 1)) {
            driver.toEnd();
            assertThat(ids(driver)).isEqualTo(allIds(all));
            assertThat(driver.output(0).badRecords()).hasSize(1);
            assertThat(driver.output(0).badRecords().getFirst().position()).isEqualTo(400);
            assertThat(driver.run().handover().orElseThrow().exact()).isFalse();
        }
    }

    @Test
    void noneIsDroppedInSilenceWhenATopicEndsWithinTheBand() {
        List<Event> all = stream(new Random(3), 400, 1, 0, false);
        FakeStages.Topic topic = topic(all, 1);
        topic.add(new Event(10_000, all.getFirst().timeMicros(), 0, 400));
        // The last offset is a transaction's marker.
        topic.ends.put(0, 402L);
        topic.endsInSilence = true;
        topic.ended = true;
        Source source = hybrid(all.subList(0, 300), topic, WAYS.get("event-id"));
        try (SourceDriver driver = drive(source, 1)) {
            driver.toEnd();
            assertThat(ids(driver)).isEqualTo(allIds(all));
            assertThat(driver.output(0).badRecords()).hasSize(1);
            assertThat(driver.run().handover().orElseThrow().exact()).isFalse();
        }
    }

    @Test
    void rowsOlderThanTheIdsKeptAreHistorysWhenARowOfHistoryFollows() {
        List<Event> all = stream(new Random(3), 400, 1, 0, false);
        // Filled anew: the broker's timestamps are all later than history, so that the band is the whole topic.
        FakeStages.Topic topic = topic(all, 1);
        topic.timestampsAreLate = true;
        topic.ended = true;
        Source source = hybrid(all.subList(0, 300), topic, WAYS.get("event-id"));
        try (SourceDriver driver = drive(source, 1)) {
            driver.toEnd();
            assertThat(ids(driver)).isEqualTo(allIds(all));
            HandoverReport report = driver.run().handover().orElseThrow();
            assertThat(report.exact()).isTrue();
            assertThat(report.duplicatesDropped()).isEqualTo(300);
        }
    }

    @Test
    void refusesStagesThatCannotBeHandedOver() {
        FakeStages.Topic topic = topic(List.of(), 1);
        assertThatThrownBy(() -> hybrid(List.of(), topic, "handover.by", "luck"))
                .hasMessageContaining("expected 'handover.by'");
        assertThatThrownBy(() -> hybrid(List.of(), topic, "handover.by", "offset"))
                .hasMessageContaining("handover.partition-column");
        assertThatThrownBy(() -> hybrid(List.of(), topic, "handover.id-columns", "nope"))
                .hasMessageContaining("names nope");
    }
}
