package io.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.DaemonIo;
import io.millrace.connectors.api.RecordingOutput;
import io.millrace.connectors.api.ReplayableTopic;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceContract;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.connectors.api.TableColumn;
import io.millrace.connectors.api.TestContext;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KafkaSourceTest {
    private static final Schema SCHEMA = Schema.of("id", DataType.BIGINT, "name", DataType.VARCHAR);
    private static final String[] TO_LATEST = {"scan.bounded.mode", "latest-offset"};

    static Source source(String topic, List<TableColumn> columns, String... options) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "topic",
                                topic,
                                "properties.bootstrap.servers",
                                TestBroker.servers(),
                                "format",
                                "pairs"));
        all.addAll(Arrays.asList(options));
        return new KafkaConnectorFactory()
                .createSource(TestTables.table("t", columns, all.toArray(String[]::new)), TestTables.context());
    }

    static Source source(String topic, String... options) {
        List<TableColumn> columns = new ArrayList<>();
        SCHEMA.fields().forEach(f -> columns.add(new TableColumn(f.name(), f.type(), null)));
        return source(topic, columns, options);
    }

    private static List<List<Object>> rows(int from, int to) {
        return IntStream.range(from, to).mapToObj(TestBroker::row).toList();
    }

    private static List<List<Object>> read(Source source) {
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            return driver.toEnd().rows();
        }
    }

    @Nested
    class Contract extends SourceContract {
        private static String topic;

        @BeforeAll
        static void fill() {
            topic = TestBroker.topic(4);
            for (int partition = 0; partition < 3; partition++) {
                TestBroker.produce(topic, partition, partition * 20, partition * 20 + 20);
            }
        }

        @Override
        protected Source source() {
            return KafkaSourceTest.source(topic, TO_LATEST);
        }

        @Override
        protected List<List<Object>> expectedRows() {
            return rows(0, 60);
        }

        @Override
        protected int[] cuts() {
            return new int[] {0, 1, 3, 5};
        }
    }

    /** Reads until {@code polls} polls brought something, and gives what was emitted and stated by then. */
    private static SourceDriver.Cut cut(Source source, int polls) {
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source).withBatchRows(5))) {
            return driver.cutAfter(polls);
        }
    }

    @Test
    void goesOnAtItsOffsetsWhateverTheOptionsSayNowAndReadsNewPartitionsFromTheirStart() {
        String topic = TestBroker.topic(1);
        TestBroker.produce(topic, 0, 0, 20);
        SourceDriver.Cut cut = cut(source(topic), 3);
        assertThat(cut.rows()).isNotEmpty().hasSizeLessThan(20);
        TestBroker.addPartitions(topic, 2);
        TestBroker.produce(topic, 1, 20, 30);
        Source later = source(topic, "scan.startup.mode", "latest-offset");
        List<List<Object>> rows = new ArrayList<>(cut.rows());
        try (SourceDriver driver = new SourceDriver(later, Shape.of(later).withRestored(cut.snapshots()))) {
            driver.run().drain();
            rows.addAll(driver.toEnd().rows());
        }
        assertThat(rows).containsExactlyInAnyOrderElementsOf(rows(0, 30));
    }

    @Test
    void noticesThatRetentionHasPassedItsOffsetAndThatTheTopicIsAnother() {
        String topic = TestBroker.topic(1);
        TestBroker.produce(topic, 0, 0, 20);
        SourceDriver.Cut cut = cut(source(topic), 3);
        int next = cut.rows().size();
        TestBroker.deleteBefore(topic, 0, 18);
        Source late = source(topic);
        assertThatThrownBy(() -> new SourceDriver(late, Shape.of(late).withRestored(cut.snapshots())).close())
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE))
                .hasMessageContaining("partition=0 wanted offset=" + next + ", holds 18 to 20");
        TestBroker.delete(topic);
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> {
                    TestBroker.create(topic, 1);
                    return true;
                });
        TestBroker.produce(topic, 0, 0, 30);
        Source other = source(topic);
        assertThatThrownBy(() -> new SourceDriver(other, Shape.of(other).withRestored(cut.snapshots())).close())
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTRACT_BROKEN))
                .hasMessageContaining("made anew");
    }

    @Test
    void keepsTheOrderOfEachPartitionAndItsMetadata() {
        String topic = TestBroker.topic(2);
        try (KafkaProducer<byte[], byte[]> producer = TestBroker.producer()) {
            for (int i = 0; i < 100; i++) {
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(
                                topic,
                                i % 2,
                                1_700_000_000_000L + i,
                                null,
                                TestBroker.value(i).getBytes(StandardCharsets.UTF_8));
                record.headers().add("h", new byte[] {(byte) i}).add("none", null);
                TestBroker.send(producer, record);
            }
        }
        List<TableColumn> columns =
                List.of(
                        new TableColumn("o", DataType.BIGINT, "offset"),
                        new TableColumn("id", DataType.BIGINT, null),
                        new TableColumn("p", DataType.INT, "partition"),
                        new TableColumn("ts", DataType.timestampLtz(3), "timestamp"),
                        new TableColumn("t", DataType.VARCHAR, "topic"),
                        new TableColumn("tt", DataType.VARCHAR, "timestamp-type"),
                        new TableColumn("e", DataType.INT, "leader-epoch"),
                        new TableColumn("h", DataType.map(DataType.VARCHAR, DataType.BINARY), "headers"));
        Source source = source(topic, columns, TO_LATEST);
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            driver.toEnd();
            for (int partition = 0; partition < 2; partition++) {
                List<List<Object>> found = driver.output(0).rowsOf(partition);
                assertThat(found).hasSize(50);
                for (int i = 0; i < 50; i++) {
                    List<Object> row = found.get(i);
                    int id = 2 * i + partition;
                    assertThat(row.subList(0, 7))
                            .isEqualTo(
                                    List.of(
                                            (long) i,
                                            (long) id,
                                            partition,
                                            Instant.ofEpochMilli(1_700_000_000_000L + id),
                                            topic,
                                            "CreateTime",
                                            0));
                    Map<?, ?> headers = (Map<?, ?>) row.get(7);
                    assertThat((byte[]) headers.get("h")).containsExactly(id);
                    assertThat(headers.containsKey("none")).isTrue();
                }
            }
        }
        Source onlyMetadata = source(topic, columns, TO_LATEST);
        try (SourceDriver driver = new SourceDriver(onlyMetadata, Shape.of(onlyMetadata).withProjection(2, 0))) {
            assertThat(driver.toEnd().rows()).hasSize(100).contains(List.of(1, 49L));
        }
    }

    @Test
    void beginsAndEndsWhereTheTableSays() {
        String topic = TestBroker.topic(2);
        TestBroker.produce(topic, 0, 0, 10);
        TestBroker.produce(topic, 1, 10, 20);
        String specific = "partition:0,offset:7;partition:1,offset:10";
        List<List<Object>> tail = rows(7, 10);
        assertThat(
                        read(
                                source(
                                        topic,
                                        "scan.startup.mode",
                                        "specific-offsets",
                                        "scan.startup.specific-offsets",
                                        specific,
                                        "scan.bounded.mode",
                                        "latest-offset")))
                .isEqualTo(tail);
        assertThat(
                        read(
                                source(
                                        topic,
                                        "scan.bounded.mode",
                                        "specific-offsets",
                                        "scan.bounded.specific-offsets",
                                        "partition:0,offset:0;partition:1,offset:2")))
                .isEqualTo(rows(10, 12));
        assertThat(read(source(topic, "scan.startup.mode", "latest-offset", "scan.bounded.mode", "latest-offset")))
                .isEmpty();
        assertThat(
                        read(
                                source(
                                        topic,
                                        "scan.startup.mode",
                                        "timestamp",
                                        "scan.startup.timestamp-millis",
                                        "0",
                                        "scan.bounded.mode",
                                        "latest-offset")))
                .containsExactlyInAnyOrderElementsOf(rows(0, 20));
        assertThat(
                        read(
                                source(
                                        topic,
                                        "scan.startup.mode",
                                        "timestamp",
                                        "scan.startup.timestamp-millis",
                                        "9999999999999",
                                        "scan.bounded.mode",
                                        "latest-offset")))
                .isEmpty();
        assertThat(
                        read(
                                source(
                                        topic,
                                        "properties.group.id",
                                        "nobody",
                                        "properties.auto.offset.reset",
                                        "earliest",
                                        "scan.bounded.mode",
                                        "latest-offset")))
                .hasSize(20);
        assertThatThrownBy(() ->
                        read(source(topic, "properties.group.id", "nobody", "scan.bounded.mode", "latest-offset")))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE))
                .hasMessageContaining("group nobody has committed no offset for partition=0");
    }

    @Test
    void waitsForRecordsAndDrainsToTheEndOfThatMoment() {
        String topic = TestBroker.topic(3);
        TestBroker.produce(topic, 0, 0, 5);
        Source source = source(topic);
        assertThat(source.isBounded()).isFalse();
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source).withReaders(2))) {
            driver.until(() ->
                    driver.rows().size() == 5
                            && driver.output(0).waitingSplits().size() == 2
                            && driver.output(1).waitingSplits().size() == 1);
            assertThat(driver.run().progress().live()).isTrue();
            TestBroker.produce(topic, 1, 5, 10);
            driver.until(() -> driver.rows().size() == 10);
            TestBroker.produce(topic, 2, 10, 2_000);
            driver.run().drain();
            assertThat(driver.toEnd().rows()).containsExactlyInAnyOrderElementsOf(rows(0, 2_000));
        }
    }

    @Test
    void whatWasFetchedAndCouldNotBeEmittedIsSomethingToRead() {
        String topic = TestBroker.topic(2);
        TestBroker.produce(topic, 0, 0, 5);
        Source source = source(topic);
        boolean[] full = {false};
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source).withFull(() -> full[0]))) {
            driver.until(() -> driver.rows().size() == 5 && driver.output(0).waitingSplits().equals(Set.of(0, 1)));
            full[0] = true;
            TestBroker.produce(topic, 0, 5, 10);
            driver.until(() -> driver.output(0).waitingSplits().equals(Set.of(1)));
            // Lies in the next fetch, behind records that cannot be emitted either.
            TestBroker.produce(topic, 1, 10, 15);
            driver.until(() -> driver.output(0).waitingSplits().isEmpty());
            assertThat(driver.rows()).hasSize(5);
            full[0] = false;
            driver.until(() -> driver.rows().size() == 15);
        }
    }

    @Test
    void isLiveOnceItHasReadWhatWasThereThoughMoreKeepsComing() {
        String topic = TestBroker.topic(1);
        TestBroker.produce(topic, 0, 0, 100);
        Source source = source(topic);
        int[] produced = {100};
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source).withReaders(1))) {
            driver.until(() -> {
                TestBroker.produce(topic, 0, produced[0], produced[0] + 1);
                produced[0]++;
                return driver.run().progress().live();
            });
            assertThat(driver.rows()).hasSizeGreaterThanOrEqualTo(100);
        }
    }

    @Test
    void malformedRecordsAndTombstonesGoToTheBad() {
        String topic = TestBroker.topic(1);
        try (KafkaProducer<byte[], byte[]> producer = TestBroker.producer()) {
            for (String value : new String[] {"id=1|name=a", "nonsense", null, "id=2|name=b", "x".repeat(9_000)}) {
                TestBroker.send(producer, TestBroker.record(topic, 0, value));
            }
        }
        Source source = source(topic, TO_LATEST);
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            assertThat(driver.toEnd().rows()).isEqualTo(List.of(List.of(1L, "a"), List.of(2L, "b")));
            assertThat(driver.badRecords()).extracting("position").containsExactly(1L, 2L, 4L);
            assertThat(driver.badRecords().get(0).origin()).isEqualTo(topic + "-0");
            assertThat(driver.badRecords().get(0).reason()).isEqualTo("expected name=value, found nonsense");
            assertThat(driver.badRecords().get(1).reason()).contains("tombstone");
            assertThat(driver.badRecords().get(2).rawBytes()).hasSize(4096);
        }
    }

    @Test
    void pausedPartitionsLoseNothing() {
        String topic = TestBroker.topic(2);
        TestBroker.produce(topic, 0, 0, 20_000);
        TestBroker.produce(topic, 1, 20_000, 40_000);
        Source source = source(topic);
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source).withBatchRows(100))) {
            driver.until(() -> driver.rows().size() > 500);
            SourceReader reader = driver.reader(0);
            reader.pauseSplit(0);
            int before = driver.output(0).rowsOf(0).size();
            driver.until(() -> driver.output(0).rowsOf(1).size() == 20_000);
            assertThat(driver.output(0).rowsOf(0)).hasSize(before);
            reader.resumeSplit(0);
            driver.until(() -> driver.rows().size() == 40_000);
            assertThat(driver.output(0).rowsOf(0)).isEqualTo(rows(0, 20_000));
            assertThat(driver.output(0).rowsOf(1)).isEqualTo(rows(20_000, 40_000));
        }
    }

    @Test
    void theSnapshotHoldsTheNextOffsets() {
        String topic = TestBroker.topic(1);
        TestBroker.produce(topic, 0, 0, 300);
        Source source = source(topic, TO_LATEST);
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source).withBatchRows(7))) {
            while (!driver.isFinished()) {
                driver.step();
                TopicProgress snapshot = TopicProgress.of(List.of(driver.reader(0).snapshot()));
                assertThat(snapshot.positions()).containsOnlyKeys(0);
                assertThat(snapshot.positions().get(0).next()).isEqualTo(driver.rows().size());
                assertThat(snapshot.positions().get(0).end()).isEqualTo(300);
            }
        }
    }

    @Test
    void rangesAndStartsAreThoseOfTheTopic() {
        String topic = TestBroker.topic(2);
        TestBroker.produce(topic, 0, 0, 10);
        TestBroker.deleteBefore(topic, 0, 4);
        ReplayableTopic source = (ReplayableTopic) source(topic);
        String id = source.partitions().getFirst().topicId();
        assertThat(id).isNotEmpty();
        assertThat(source.partitions())
                .containsExactly(
                        new ReplayableTopic.PartitionRange(topic, id, 0, 4, 10),
                        new ReplayableTopic.PartitionRange(topic, id, 1, 0, 0));
        assertThat(source.offsetsAt(0)).isEqualTo(Map.of(0, 4L, 1, 0L));
        assertThat(source.offsetsAt(Long.MAX_VALUE / 2)).isEqualTo(Map.of(0, 10L, 1, 0L));
        ScanRequest request = new ScanRequest(new int[] {0}, List.of(), null, 1, 0);
        assertThatThrownBy(() -> source.startAt(request, Map.of(0, 3L, 1, 0L)))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE))
                .hasMessageContaining("partition=0 wanted offset=3, holds 4 to 10: offsets 3 to 4 are gone");
        DaemonIo io = new DaemonIo();
        Schema read = Schema.of("id", DataType.BIGINT, "$offset", DataType.BIGINT);
        RecordingOutput output = new RecordingOutput(read, null, null, () -> false);
        try (Allocator root = Allocator.root(16 << 20);
                SourceRun run = source.startAt(request, Map.of(0, 8L, 1, 0L));
                SourceReader reader = run.open(0, new TestContext(root, Clock.system(), io, 64))) {
            Awaitility.await()
                    .until(() -> {
                        reader.poll(output);
                        return output.waitingSplits().size() == 2;
                    });
            assertThat(output.rows()).isEqualTo(List.of(List.of(8L, 8L), List.of(9L, 9L)));
            assertThat(output.isDeclared(0)).isFalse();
        } finally {
            io.close();
        }
    }
}
