package io.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.kafka.broker.BrokerConfig;
import io.millrace.connectors.kafka.broker.BrokerProcess;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What takes a broker some time: to clean a log, to die and to come back. */
class KafkaOutageIT {
    private static final String[] TO_LATEST = {"scan.bounded.mode", "latest-offset"};

    private static Source source(String topic, String... options) {
        return KafkaSourceTest.source(topic, options);
    }

    private static void code(Throwable failure, ErrorCode code) {
        assertThat(failure).isInstanceOf(MillraceException.class);
        assertThat(((MillraceException) failure).code()).isEqualTo(code);
    }

    @Test
    void holesOfCompactionAreNoData() {
        String topic =
                TestBroker.topic(
                        1,
                        "cleanup.policy",
                        "compact",
                        "segment.ms",
                        "200",
                        "min.cleanable.dirty.ratio",
                        "0.01",
                        "min.compaction.lag.ms",
                        "0",
                        "max.compaction.lag.ms",
                        "300",
                        "delete.retention.ms",
                        "100");
        try (KafkaProducer<byte[], byte[]> producer = TestBroker.producer("linger.ms", "0")) {
            for (int i = 0; i < 50; i++) {
                TestBroker.send(
                        producer,
                        new ProducerRecord<>(
                                topic,
                                0,
                                new byte[] {(byte) (i % 3)},
                                TestBroker.value(i).getBytes(StandardCharsets.UTF_8)));
                producer.flush();
            }
            Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(60))
                    .until(() -> {
                        TestBroker.send(
                                producer,
                                new ProducerRecord<>(
                                        topic,
                                        0,
                                        new byte[] {9},
                                        TestBroker.value(99).getBytes(StandardCharsets.UTF_8)));
                        producer.flush();
                        Source source = source(topic, TO_LATEST);
                        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
                            return driver.toEnd().rows().size() < 30;
                        }
                    });
        }
        Source source = source(topic);
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            driver.until(() -> driver.output(0).waitingSplits().contains(0));
            assertThat(driver.rows()).contains(TestBroker.row(49), TestBroker.row(48), TestBroker.row(47));
            driver.run().drain();
            driver.toEnd();
        }
    }

    @Test
    void aBrokerThatDiesIsSaidSoAndOneThatComesBackInTimeIsNot(@TempDir Path directory) throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(BrokerConfig.in(directory), Clock.system())) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.createTopics(List.of(new org.apache.kafka.clients.admin.NewTopic("t", 1, (short) 1))).all().get();
            }
            Source patient =
                    source(
                            "t",
                            "properties.bootstrap.servers",
                            broker.bootstrapServers(),
                            "properties.default.api.timeout.ms",
                            "60000");
            Source hasty =
                    source(
                            "t",
                            "properties.bootstrap.servers",
                            broker.bootstrapServers(),
                            "properties.default.api.timeout.ms",
                            "2000");
            try (SourceDriver waiting = new SourceDriver(patient, Shape.of(patient));
                    SourceDriver failing = new SourceDriver(hasty, Shape.of(hasty))) {
                waiting.until(() -> waiting.output(0).waitingSplits().contains(0));
                failing.until(() -> failing.output(0).waitingSplits().contains(0));
                broker.kill();
                assertThatThrownBy(() -> failing.until(() -> false))
                        .satisfies(e -> code(e, ErrorCode.BROKER_UNREACHABLE))
                        .satisfies(e -> assertThat(((MillraceException) e).isRetryable()).isTrue());
                broker.restart();
                try (KafkaProducer<byte[], byte[]> producer =
                        TestBroker.producer("bootstrap.servers", broker.bootstrapServers())) {
                    producer.send(TestBroker.record("t", 0, TestBroker.value(1))).get();
                }
                waiting.until(() -> waiting.rows().size() == 1);
            }
        }
    }
}
