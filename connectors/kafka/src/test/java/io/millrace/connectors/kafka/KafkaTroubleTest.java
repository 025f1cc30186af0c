package io.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics that are not plain logs of records, and brokers that are not there. */
class KafkaTroubleTest {
    private static final String[] TO_LATEST = {"scan.bounded.mode", "latest-offset"};

    private static Source source(String topic, String... options) {
        return KafkaSourceTest.source(topic, options);
    }

    private static List<List<Object>> rows(int from, int to) {
        return IntStream.range(from, to).mapToObj(TestBroker::row).toList();
    }

    private static void code(Throwable failure, ErrorCode code) {
        assertThat(failure).isInstanceOf(MillraceException.class);
        assertThat(((MillraceException) failure).code()).isEqualTo(code);
    }

    @Test
    void readsCommittedRecordsAndTakesMarkersForNoData() {
        String topic = TestBroker.topic(1);
        try (KafkaProducer<byte[], byte[]> producer = TestBroker.producer("transactional.id", topic)) {
            producer.initTransactions();
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                for (int k = 0; k < 5; k++) {
                    int id = i % 2 == 0 ? i / 2 * 5 + k : 1_000 + k;
                    TestBroker.send(producer, TestBroker.record(topic, 0, TestBroker.value(id)));
                }
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.flush();
                    producer.abortTransaction();
                }
            }
            Source bounded = source(topic, TO_LATEST);
            try (SourceDriver driver = new SourceDriver(bounded, Shape.of(bounded))) {
                assertThat(driver.toEnd().rows()).isEqualTo(rows(0, 15));
            }
            Source endless = source(topic);
            try (SourceDriver driver = new SourceDriver(endless, Shape.of(endless))) {
                // Behind the last row lie an aborted transaction and its marker; they are nothing to read.
                driver.until(() -> driver.rows().size() == 15 && driver.output(0).waitingSplits().contains(0));
                producer.beginTransaction();
                TestBroker.send(producer, TestBroker.record(topic, 0, TestBroker.value(15)));
                producer.flush();
                for (int i = 0; i < 300; i++) {
                    driver.step();
                }
                assertThat(driver.rows()).hasSize(15);
                producer.commitTransaction();
                driver.until(() -> driver.rows().size() == 16);
            }
            Source uncommitted =
                    source(
                            topic,
                            "properties.isolation.level",
                            "read_uncommitted",
                            "scan.bounded.mode",
                            "latest-offset");
            try (SourceDriver driver = new SourceDriver(uncommitted, Shape.of(uncommitted))) {
                assertThat(driver.toEnd().rows()).hasSize(31);
            }
        }
    }

    @Test
    void findsPartitionsThatAreAdded() {
        String topic = TestBroker.topic(1);
        TestBroker.produce(topic, 0, 0, 10);
        Source source = source(topic, "scan.topic-partition-discovery.interval", "200 ms");
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source).withReaders(2))) {
            driver.until(() -> driver.rows().size() == 10);
            TestBroker.addPartitions(topic, 3);
            TestBroker.produce(topic, 1, 10, 20);
            TestBroker.produce(topic, 2, 20, 30);
            driver.until(() -> driver.rows().size() == 30);
            assertThat(driver.rows()).containsExactlyInAnyOrderElementsOf(rows(0, 30));
            driver.run().drain();
            driver.toEnd();
        }
    }

    @Test
    void retentionThatPassesTheReaderIsAnErrorNotAReset() {
        String topic = TestBroker.topic(1);
        TestBroker.produce(topic, 0, 0, 10);
        Source source = source(topic);
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            driver.until(() -> driver.rows().size() == 10);
            driver.reader(0).pauseSplit(0);
            for (int i = 0; i < 50; i++) {
                driver.step();
            }
            Awaitility.await().pollDelay(java.time.Duration.ofMillis(700)).until(() -> true);
            driver.step();
            TestBroker.produce(topic, 0, 10, 500);
            TestBroker.deleteBefore(topic, 0, 400);
            driver.reader(0).resumeSplit(0);
            assertThatThrownBy(() -> driver.until(() -> driver.rows().size() == 500))
                    .satisfies(e -> code(e, ErrorCode.OFFSET_OUT_OF_RANGE))
                    .hasMessageContaining("topic " + topic)
                    .hasMessageContaining("partition=0 wanted offset=10, holds 400 to 500: offsets 10 to 400 are gone");
        }
    }

    @Test
    void aReaderThatBeginsAnewIsToldWhatRetentionTook() {
        String topic = TestBroker.topic(2);
        TestBroker.produce(topic, 1, 0, 10);
        Source source = source(topic);
        assertThat(source.replayNote()).isEqualTo("if topic " + topic + " still has all records that it ever had");
        assertThat(source.replayLoss()).isEmpty();
        TestBroker.deleteBefore(topic, 1, 4);
        assertThat(source.replayLoss())
                .isEqualTo("topic " + topic + " has lost records: partition 1 begins at offset 4");
        Source latest = source(topic, "scan.startup.mode", "latest-offset");
        assertThat(latest.replayNote()).isEqualTo("which is the end of topic " + topic + " at that time");
        assertThat(latest.replayLoss()).isEmpty();
    }

    @Test
    void aMissingTopicIsNamedAndTheNearestToo() {
        TestBroker.create("bids-of-today", 1);
        assertThatThrownBy(() -> source("bids-of-todya").start(null))
                .satisfies(e -> code(e, ErrorCode.TOPIC_NOT_FOUND))
                .hasMessageContaining("there is no topic 'bids-of-todya'")
                .satisfies(e -> assertThat(((MillraceException) e).help()).isEqualTo("Did you mean 'bids-of-today'?"));
    }

    /** By the look for new partitions, and by the offset that the new topic does not hold, whichever comes first. */
    @ParameterizedTest
    @ValueSource(strings = {"200 ms", "1 h"})
    void aTopicThatIsDeletedAndMadeAnewIsNoticed(String interval) {
        String topic = TestBroker.topic(1);
        TestBroker.produce(topic, 0, 0, 10);
        Source source = source(topic, "scan.topic-partition-discovery.interval", interval);
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            driver.until(() -> driver.rows().size() == 10);
            TestBroker.delete(topic);
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> {
                        TestBroker.create(topic, 1);
                        return true;
                    });
            assertThatThrownBy(() -> driver.until(() -> false))
                    .satisfies(e ->
                            assertThat(((MillraceException) e).code())
                                    .isIn(ErrorCode.CONTRACT_BROKEN, ErrorCode.TOPIC_NOT_FOUND));
        }
    }

    @Test
    void aBrokerThatIsNotThereIsSaidSoInTime() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String servers = "127.0.0.1:" + port;
        assertThatThrownBy(() ->
                        source(
                                        "t",
                                        "properties.bootstrap.servers",
                                        servers,
                                        "properties.default.api.timeout.ms",
                                        "2000")
                                .start(null))
                .satisfies(e -> code(e, ErrorCode.BROKER_UNREACHABLE))
                .hasMessageContaining(servers)
                .hasMessageContaining("topic t");
        assertThatThrownBy(() -> source("t", "properties.bootstrap.servers", "no-such-host.invalid:1").start(null))
                .satisfies(e ->
                        assertThat(((MillraceException) e).code())
                                .isIn(ErrorCode.INVALID_OPTION, ErrorCode.BROKER_UNREACHABLE))
                .hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void propertiesThatCouldNameCodeAreRefused() {
        for (String key :
                List.of(
                        "properties.sasl.jaas.config",
                        "properties.interceptor.classes",
                        "properties.key.deserializer",
                        "properties.config.providers",
                        "properties.sasl.oauthbearer.token.endpoint.url",
                        "properties.ssl.engine.factory.class",
                        "properties.metric.reporters")) {
            assertThatThrownBy(() -> source("t", key, "x"))
                    .satisfies(e -> code(e, ErrorCode.UNKNOWN_OPTION))
                    .hasMessageContaining(key);
        }
        assertThatThrownBy(() -> source("t", "properties.isolation.levle", "x"))
                .satisfies(
                        e -> assertThat(((MillraceException) e).help()).isEqualTo("Did you mean 'isolation.level'?"));
        assertThatThrownBy(() -> source("t", "properties.ssl.endpoint.identification.algorithm", ""))
                .satisfies(e -> code(e, ErrorCode.INVALID_OPTION));
        assertThatThrownBy(() -> source("t", "pairs.strcit", "x")).satisfies(e -> code(e, ErrorCode.UNKNOWN_OPTION));
        assertThatThrownBy(() -> source("t", "scan.startup.mode", "first"))
                .hasMessageContaining("expected one of earliest-offset");
    }

    @Test
    void offsetsBehindTheEndAreRefusedAtTheStart() throws Exception {
        String topic = TestBroker.topic(1);
        TestBroker.produce(topic, 0, 0, 10);
        try (Admin admin = TestBroker.admin()) {
            TopicPartition partition = new TopicPartition(topic, 0);
            assertThat(
                            admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                    .partitionResult(partition)
                                    .get()
                                    .offset())
                    .isEqualTo(10);
        }
        assertThatThrownBy(() ->
                        source(
                                        topic,
                                        "scan.startup.mode",
                                        "specific-offsets",
                                        "scan.startup.specific-offsets",
                                        "partition:0,offset:11")
                                .start(new ScanRequest(new int[] {0}, List.of(), null, 1, 0)))
                .satisfies(e -> code(e, ErrorCode.OFFSET_OUT_OF_RANGE))
                .hasMessageContaining("partition=0 wanted offset=11, holds 0 to 10");
    }
}
