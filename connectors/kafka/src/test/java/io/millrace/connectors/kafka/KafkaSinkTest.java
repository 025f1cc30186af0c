package io.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkContract;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KafkaSinkTest {
    private static final Schema SCHEMA = Schema.of("id", DataType.BIGINT, "name", DataType.VARCHAR);

    private static Sink sink(String topic, String... options) {
        return sink(topic, warning -> {}, options);
    }

    private static Sink sink(String topic, Consumer<String> warnings, String... options) {
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
                .createSink(
                        TestTables.table("t", SCHEMA, all.toArray(String[]::new)),
                        TestTables.context(Map.of(), warnings));
    }

    private static SourceDriver read(String topic) {
        Source source = KafkaSourceTest.source(topic, "scan.bounded.mode", "latest-offset");
        return new SourceDriver(source, Shape.of(source)).toEnd();
    }

    @Nested
    class Contract extends SinkContract {
        private String topic;

        @BeforeEach
        void create() {
            topic = TestBroker.topic(2);
        }

        @Override
        protected Schema schema() {
            return SCHEMA;
        }

        @Override
        protected List<Object> row(int i) {
            return TestBroker.row(i);
        }

        @Override
        protected Sink sink() {
            return KafkaSinkTest.sink(topic);
        }

        @Override
        protected boolean isTransactional() {
            return false;
        }

        @Override
        protected List<List<Object>> written() {
            try (SourceDriver driver = read(topic)) {
                return driver.rows();
            }
        }

        @Test
        void roundRobinFillsPartitionsEvenly() {
            Sink even = KafkaSinkTest.sink(topic, "sink.partitioner", "round-robin");
            try (Driver driver = drive(even, 1)) {
                driver.writeRows(0, 0, 100);
                driver.checkpoint(1);
            }
            try (SourceDriver driver = read(topic)) {
                assertThat(driver.output(0).rowsOf(0)).hasSize(50);
                assertThat(driver.output(0).rowsOf(1)).hasSize(50);
            }
        }

        @Test
        void fixedGivesEachWriterItsPartition() {
            Sink fixed = KafkaSinkTest.sink(topic, "sink.partitioner", "fixed");
            try (Driver driver = drive(fixed, 2)) {
                driver.writeRows(0, 0, 30);
                driver.writeRows(1, 30, 40);
                driver.checkpoint(1);
            }
            try (SourceDriver driver = read(topic)) {
                assertThat(driver.output(0).rowsOf(0)).hasSize(30).contains(row(0));
                assertThat(driver.output(0).rowsOf(1)).hasSize(10).contains(row(39));
            }
        }
    }

    @Test
    void saysAtItsStartThatRowsMayBeThereTwice() {
        String topic = TestBroker.topic(1);
        List<String> warnings = new ArrayList<>();
        Sink chosen = sink(topic, warnings::add, "sink.delivery-guarantee", "at-least-once");
        Sink automatic = sink(topic, warnings::add);
        assertThat(warnings).isEmpty();
        chosen.start(new SinkRequest("j", SCHEMA, chosen.accepts(), 1, false)).close();
        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith("table t: topic " + topic + " is written at least once");
        automatic.start(new SinkRequest("j", SCHEMA, automatic.accepts(), 1, false)).close();
        assertThat(warnings.getLast()).contains("at least once").contains("--state");
    }

    @Test
    void refusesWhatItCannotPromise() {
        Sink exactly = sink(TestBroker.topic(1), "sink.delivery-guarantee", "exactly-once");
        assertThatThrownBy(() -> exactly.start(new SinkRequest("j", SCHEMA, exactly.accepts(), 1, false)))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_OPTION);
                            assertThat(e.help()).contains("--state");
                        });
        assertThatThrownBy(() -> sink("t", "sink.delivery-guarantee", "perhaps"))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_OPTION));
        Sink missing = sink("no-such-topic-at-all");
        assertThatThrownBy(() -> missing.start(new SinkRequest("j", SCHEMA, missing.accepts(), 1, true)))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND));
        assertThat(missing.describe()).contains("delivery=exactly-once with checkpoints");
    }
}
