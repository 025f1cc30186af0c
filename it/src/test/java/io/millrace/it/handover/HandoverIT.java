package io.millrace.it.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.HandoverReport;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.kafka.broker.BrokerConfig;
import io.millrace.connectors.kafka.broker.BrokerProcess;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every event comes once, wherever files end and the topic begins, on real parts and in each of the three ways to cut.
 *
 * <pre>
 *   overlap, an empty partition            everyEventComesOnceAndTheReportSaysHow
 *   gap: fail, count                       aTopicThatBeginsTooLateIsAGapThatNamesPartitionAndOffsets
 *   late start of the topic                aTopicThatBeginsLateButBeforeTheEndOfHistoryIsEnough
 *     to the very cut (offset only)        aTopicThatForgotWhatHistoryHoldsIsStillExact
 *     and nothing left (offset only)       historyWithoutATopicsRowsAndATopicWithoutRows
 *   idle and empty partitions              partitionsThatAreIdleOrEmptyHoldNothingBack
 *   transactions, aborted ones             markersAndAbortedRecordsAroundTheCutAreNoGap
 *   compaction                             holesOfCompactionAroundTheCutAreNoGap
 *   a partition added meanwhile            partitionsAddedDuringTheBackfillAndAfterItAreRead
 *   files without statistics               filesWithoutStatisticsAreReadAsTheOthers
 *   files with lying statistics            filesWhoseStatisticsLieFailTheJobAndAreNamed
 *   NULL times                             rowsWithoutATimeComeOnce
 *   retention during the backfill          retentionThatPassesTheCutDuringTheBackfillIsNoticedBeforeItsEnd
 * </pre>
 */
class HandoverIT {
    private static final String[] BY_OFFSET = {"handover.partition-column", "part", "handover.offset-column", "off"};
    private static final String[] BY_ID = {"handover.id-columns", "id", "handover.overlap", "20 s"};
    private static final String[] BY_TIME = {"handover.by", "event-time", "handover.tolerance", "2 s"};
    private static final EventTime TIME = EventTime.ofColumn(1, 1_000_000);

    private static final AtomicInteger TOPICS = new AtomicInteger();

    private static BrokerProcess broker;

    @TempDir Path directory;

    @BeforeAll
    static void startBroker(@TempDir Path brokerDirectory) {
        broker = BrokerProcess.start(BrokerConfig.in(brokerDirectory), Clock.system());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private HandoverStage stage(TestInfo test, int partitions) {
        return stage(test, partitions, Map.of());
    }

    private HandoverStage stage(TestInfo test, int partitions, Map<String, String> topicSettings) {
        String name = test.getTestMethod().orElseThrow().getName() + "-" + TOPICS.incrementAndGet();
        return new HandoverStage(broker.bootstrapServers(), name, partitions, directory, topicSettings);
    }

    private static String[] way(String by) {
        return switch (by) {
            case "offset" -> BY_OFFSET;
            case "event-id" -> BY_ID;
            default -> BY_TIME;
        };
    }

    private static SourceDriver drive(Source source, int readers) {
        return new SourceDriver(source, Shape.of(source).withReaders(readers).withEventTime(TIME).withBatchRows(32));
    }

    private static List<List<Object>> rows(HandoverStage stage) {
        return stage.events().stream().map(HandoverStage.Event::row).toList();
    }

    private static HandoverReport drained(SourceDriver driver, HandoverStage stage) {
        driver.run().drain();
        assertThat(driver.toEnd().rows()).containsExactlyInAnyOrderElementsOf(rows(stage));
        assertThat(driver.badRecords()).isEmpty();
        return driver.run().handover().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "event-id", "event-time"})
    void everyEventComesOnceAndTheReportSaysHow(String by, TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 4)) {
            stage.produce(0, 1_000, 3); // the fourth partition stays empty
            stage.archive(0, 300);
            stage.archive(300, 700);
            try (SourceDriver driver = drive(stage.hybrid(way(by)), 2)) {
                driver.until(() -> driver.rows().size() >= 1_000);
                stage.produce(1_000, 1_500, 3);
                driver.until(() -> driver.rows().size() >= 1_500);
                HandoverReport report = drained(driver, stage);
                assertThat(report.by()).isEqualTo(by);
                assertThat(report.exact()).isEqualTo(!by.equals("event-time"));
                assertThat(report.complete()).isTrue();
                assertThat(report.gapChecked()).isTrue();
                assertThat(report.gaps()).isEmpty();
                assertThat(report.historyRows()).isEqualTo(700);
                assertThat(report.liveRows()).isEqualTo(800);
                assertThat(report.pauseMicros()).isGreaterThanOrEqualTo(0);
                assertThat(report.cuts()).hasSize(4);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "event-id", "event-time"})
    void markersAndAbortedRecordsAroundTheCutAreNoGap(String by, TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 2)) {
            stage.produceInTransactions(0, 140, 2);
            stage.archive(0, 70);
            try (SourceDriver driver = drive(stage.hybrid(way(by)), 1)) {
                driver.until(() -> driver.rows().size() == 140);
                stage.produceInTransactions(140, 210, 2);
                HandoverReport report = drained(driver, stage);
                assertThat(report.gaps()).isEmpty();
                if (by.equals("offset")) {
                    assertThat(report.duplicatesDropped()).isZero();
                }
            }
        }
    }

    @Test
    void aTopicThatForgotWhatHistoryHoldsIsStillExact(TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 2)) {
            stage.produce(0, 400, 2);
            stage.archive(0, 200);
            stage.forget(0, 100);
            stage.forget(1, 60);
            try (SourceDriver driver = drive(stage.hybrid(BY_OFFSET), 2)) {
                driver.until(() -> driver.rows().size() == 400);
                assertThat(drained(driver, stage).gaps()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "event-id", "event-time"})
    void aTopicThatBeginsLateButBeforeTheEndOfHistoryIsEnough(String by, TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 2)) {
            stage.produce(0, 400, 2);
            stage.archive(0, 200);
            stage.forget(0, 97);
            stage.forget(1, 60);
            try (SourceDriver driver = drive(stage.hybrid(way(by)), 2)) {
                driver.until(() -> driver.rows().size() == 400);
                assertThat(drained(driver, stage).gaps()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "event-id", "event-time"})
    void aTopicThatBeginsTooLateIsAGapThatNamesPartitionAndOffsets(String by, TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 2)) {
            stage.produce(0, 400, 2);
            stage.archive(0, 200);
            stage.forget(1, 130);
            // Offsets say what is lost; time and ids only that whatever the topic held before is.
            int from = by.equals("offset") ? 100 : 0;
            try (SourceDriver driver = drive(stage.hybrid(way(by)), 2)) {
                assertThatThrownBy(() -> driver.until(() -> false))
                        .isInstanceOfSatisfying(
                                MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.HANDOVER_GAP))
                        .hasMessageContaining("partition 1 offsets " + from + " to 129");
            }
            List<String> counting = new ArrayList<>(List.of(way(by)));
            counting.addAll(List.of("handover.on-gap", "count"));
            try (SourceDriver driver = drive(stage.hybrid(counting.toArray(String[]::new)), 2)) {
                driver.until(() -> driver.rows().size() == 370);
                driver.run().drain();
                driver.toEnd();
                assertThat(driver.rows()).hasSize(370);
                assertThat(driver.run().handover().orElseThrow().gaps())
                        .containsExactly(new HandoverReport.Gap(1, from, 130));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "event-id", "event-time"})
    void retentionThatPassesTheCutDuringTheBackfillIsNoticedBeforeItsEnd(String by, TestInfo test) throws IOException {
        int from =
                switch (by) {
                    case "offset" -> 3_500;
                    case "event-id" -> 3_499 - 200;
                    default -> 3_499 - 20;
                };
        try (HandoverStage stage = stage(test, 1)) {
            stage.produce(0, 4_000, 1);
            stage.archive(0, 3_500);
            Source source = stage.hybrid(way(by));
            Shape slow = Shape.of(source).withEventTime(TIME).withBatchRows(1);
            try (SourceDriver driver = new SourceDriver(source, slow)) {
                driver.until(() -> driver.rows().size() > 10);
                stage.forget(0, 3_600);
                assertThatThrownBy(
                                () -> {
                                    while (driver.rows().size() < 3_500) {
                                        driver.step();
                                        java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                                    }
                                })
                        .isInstanceOfSatisfying(
                                MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.HANDOVER_GAP))
                        .hasMessageContaining("partition 0 offsets " + from + " to 3599");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "event-id", "event-time"})
    void partitionsAddedDuringTheBackfillAndAfterItAreRead(String by, TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 1)) {
            stage.produce(0, 300, 1);
            stage.archive(0, 200);
            try (SourceDriver driver = drive(stage.hybrid(way(by)), 2)) {
                driver.step();
                stage.addPartitions(2);
                stage.produce(300, 400, 2);
                driver.until(() -> driver.rows().size() == 400);
                stage.addPartitions(3);
                stage.produce(400, 500, 3);
                driver.until(() -> driver.rows().size() == 500);
                drained(driver, stage);
            }
        }
    }

    @Test
    void historyWithoutATopicsRowsAndATopicWithoutRows(TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 2)) {
            stage.produce(0, 100, 2);
            stage.archive(0, 100);
            stage.forget(0, 50);
            stage.forget(1, 50);
            try (SourceDriver driver = drive(stage.hybrid(BY_OFFSET), 2)) {
                driver.until(() -> driver.rows().size() == 100 && driver.run().progress().live());
                assertThat(drained(driver, stage).liveRows()).isZero();
            }
        }
    }

    /** One partition has rows only before the cut, one has none: neither may hold the watermark. */
    @ParameterizedTest
    @ValueSource(strings = {"offset", "event-id", "event-time"})
    void partitionsThatAreIdleOrEmptyHoldNothingBack(String by, TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 4)) {
            stage.produce(0, 200, 3);
            stage.produce(200, 600, 2);
            stage.archive(0, 300);
            try (SourceDriver driver = drive(stage.hybrid(way(by)), 2)) {
                driver.until(() -> driver.rows().size() == 600 && declaredSplits(driver) == 4);
                drained(driver, stage);
            }
        }
    }

    /** Live partitions whose watermark follows the declared delay, no longer the end of history. */
    private static long declaredSplits(SourceDriver driver) {
        long declared = 0;
        for (int reader = 0; reader < 2; reader++) {
            var output = driver.output(reader);
            declared += output.splits().stream().filter(output::isDeclared).count();
        }
        return declared;
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "event-id", "event-time"})
    void filesWithoutStatisticsAreReadAsTheOthers(String by, TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 2)) {
            stage.produce(0, 400, 2);
            Footers.removeStatistics(stage.archive(100, 300), "at");
            stage.archive(0, 100);
            try (SourceDriver driver = drive(stage.hybrid(way(by)), 2)) {
                driver.until(() -> driver.rows().size() == 400);
                drained(driver, stage);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "event-id", "event-time"})
    void filesWhoseStatisticsLieFailTheJobAndAreNamed(String by, TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 2)) {
            stage.produce(0, 400, 2);
            Path liar = stage.archive(0, 300);
            Footers.raiseLeast(liar, "at", 3_000);
            try (SourceDriver driver = drive(stage.hybrid(way(by)), 2)) {
                assertThatThrownBy(() -> driver.until(() -> driver.rows().size() >= 400))
                        .isInstanceOfSatisfying(
                                MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTRACT_BROKEN))
                        .hasMessageContaining(liar.getFileName() + " rowGroup=")
                        .hasMessageContaining("column=at row=0: the value");
            }
        }
    }

    /** They cannot be placed in time, so none is looked up in the band; each comes once because it lies outside. */
    @ParameterizedTest
    @ValueSource(strings = {"offset", "event-id", "event-time"})
    void rowsWithoutATimeComeOnce(String by, TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 2)) {
            stage.leaveUntimed(3L, 10L, 350L, 399L);
            stage.produce(0, 400, 2);
            stage.archive(0, 300);
            try (SourceDriver driver = drive(stage.hybrid(way(by)), 2)) {
                driver.until(() -> driver.rows().size() == 400);
                drained(driver, stage);
            }
        }
    }

    /** Records before and after the cut are gone because later ones have their key. */
    @Test
    void holesOfCompactionAroundTheCutAreNoGap(TestInfo test) throws IOException {
        Map<String, String> compacted =
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.ms", "200",
                        "min.cleanable.dirty.ratio", "0.01",
                        "min.compaction.lag.ms", "0",
                        "max.compaction.lag.ms", "300");
        try (HandoverStage stage = stage(test, 1, compacted)) {
            stage.keyBy(id -> id >= 180 && id < 220 ? "same" : String.valueOf(id));
            stage.produce(0, 300, 1);
            stage.archive(0, 200);
            stage.awaitCompaction(39);
            List<List<Object>> left =
                    rows(stage).stream().filter(row -> (long) row.get(0) < 200 || (long) row.get(0) >= 219).toList();
            for (String by : List.of("offset", "event-id", "event-time")) {
                try (SourceDriver driver = drive(stage.hybrid(way(by)), 1)) {
                    driver.until(() -> driver.rows().size() >= left.size());
                    driver.run().drain();
                    assertThat(driver.toEnd().rows()).as(by).containsExactlyInAnyOrderElementsOf(left);
                    assertThat(driver.run().handover().orElseThrow().gaps()).as(by).isEmpty();
                }
            }
        }
    }
}
