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
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every event comes once, wherever files end and the topic begins, on real parts. */
class HandoverIT {
    private static final String[] BY_OFFSET = {"handover.partition-column", "part", "handover.offset-column", "off"};
    private static final String[] BY_ID = {"handover.id-columns", "id", "handover.overlap", "20 s"};
    private static final String[] BY_TIME = {"handover.by", "event-time", "handover.tolerance", "2 s"};
    private static final EventTime TIME = EventTime.ofColumn(1, 1_000_000);

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
        String name = test.getTestMethod().orElseThrow().getName() + "-" + System.identityHashCode(directory);
        return new HandoverStage(broker.bootstrapServers(), name, partitions, directory);
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

    @Test
    void markersAndAbortedRecordsAroundTheCutAreNoGap(TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 2)) {
            stage.produceInTransactions(0, 140, 2);
            stage.archive(0, 70);
            try (SourceDriver driver = drive(stage.hybrid(BY_OFFSET), 1)) {
                driver.until(() -> driver.rows().size() == 140);
                stage.produceInTransactions(140, 210, 2);
                HandoverReport report = drained(driver, stage);
                assertThat(report.gaps()).isEmpty();
                assertThat(report.duplicatesDropped()).isZero();
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

    @Test
    void aTopicThatBeginsTooLateIsAGapThatNamesPartitionAndOffsets(TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 2)) {
            stage.produce(0, 400, 2);
            stage.archive(0, 200);
            stage.forget(1, 130);
            try (SourceDriver driver = drive(stage.hybrid(BY_OFFSET), 2)) {
                assertThatThrownBy(() -> driver.until(() -> false))
                        .isInstanceOfSatisfying(
                                MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.HANDOVER_GAP))
                        .hasMessageContaining("partition 1 offsets 100 to 129");
            }
            String[] counting = {BY_OFFSET[0], BY_OFFSET[1], BY_OFFSET[2], BY_OFFSET[3], "handover.on-gap", "count"};
            try (SourceDriver driver = drive(stage.hybrid(counting), 2)) {
                driver.until(() -> driver.rows().size() == 370);
                driver.run().drain();
                driver.toEnd();
                assertThat(driver.rows()).hasSize(370);
                assertThat(driver.run().handover().orElseThrow().gaps())
                        .containsExactly(new HandoverReport.Gap(1, 100, 130));
            }
        }
    }

    @Test
    void retentionThatPassesTheCutDuringTheBackfillIsNoticedBeforeItsEnd(TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 1)) {
            stage.produce(0, 4_000, 1);
            stage.archive(0, 3_500);
            Source source = stage.hybrid(BY_OFFSET);
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
                        .hasMessageContaining("partition 0 offsets 3500 to 3599");
            }
        }
    }

    @Test
    void partitionsAddedDuringTheBackfillAndAfterItAreRead(TestInfo test) throws IOException {
        try (HandoverStage stage = stage(test, 1)) {
            stage.produce(0, 300, 1);
            stage.archive(0, 200);
            try (SourceDriver driver = drive(stage.hybrid(BY_OFFSET), 2)) {
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
}
