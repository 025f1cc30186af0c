package io.millrace.it.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.TestTables;
import io.millrace.connectors.filesystem.FilesystemConnectorFactory;
import io.millrace.connectors.hybrid.HybridConnectorFactory;
import io.millrace.connectors.kafka.KafkaConnectorFactory;
import io.millrace.connectors.kafka.broker.BrokerConfig;
import io.millrace.connectors.kafka.broker.BrokerProcess;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hybrid table over Parquet files and a real topic, cut at random and gone on with by other numbers of readers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoesOnIT {
    private static final int EVENTS = 6_000;
    private static final int IN_HISTORY = 4_500;
    private static final long ORIGIN_SECOND = 1_767_225_600L;
    private static final Schema HISTORY =
            Schema.of("id", DataType.BIGINT, "t", DataType.TIMESTAMP, "part", DataType.INT, "off", DataType.BIGINT);
    private static final Schema LIVE = Schema.of("id", DataType.BIGINT, "t", DataType.TIMESTAMP);

    @TempDir static Path dir;

    private BrokerProcess broker;

    @BeforeAll
    void fill() throws Exception {
        broker = BrokerProcess.start(BrokerConfig.in(dir.resolve("broker")), Clock.system());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("events", 3, (short) 1))).all().get();
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int i = 0; i < EVENTS; i++) {
                LocalDateTime time = LocalDateTime.ofEpochSecond(ORIGIN_SECOND + i, 0, ZoneOffset.UTC);
                String value = "{\"id\":" + i + ",\"t\":\"" + time.toString().replace('T', ' ') + "\"}";
                var ignored =
                        producer.send(
                                new ProducerRecord<>(
                                        "events",
                                        i % 3,
                                        (ORIGIN_SECOND + i) * 1_000,
                                        null,
                                        value.getBytes(StandardCharsets.UTF_8)));
            }
        }
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            for (int file = 0; file < 3; file++) {
                statement.execute(
                        "COPY (SELECT i AS id, make_timestamp(("
                                + ORIGIN_SECOND
                                + " + i) * 1000000) AS t, (i % 3)::INT AS part, i // 3 AS off FROM range("
                                + file * IN_HISTORY / 3
                                + ", "
                                + (file + 1) * IN_HISTORY / 3
                                + ") r(i)) TO '"
                                + dir.resolve("h" + file + ".parquet")
                                + "' (FORMAT parquet, ROW_GROUP_SIZE 500)");
            }
        }
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    private Source hybrid(String... handover) {
        Source history =
                new FilesystemConnectorFactory()
                        .createSource(TestTables.table("h", HISTORY, "path", dir + "/*.parquet"), TestTables.context());
        Source live =
                new KafkaConnectorFactory()
                        .createSource(
                                TestTables.table(
                                        "l",
                                        LIVE,
                                        "topic",
                                        "events",
                                        "properties.bootstrap.servers",
                                        broker.bootstrapServers(),
                                        "properties.max.poll.records",
                                        "100",
                                        "format",
                                        "json"),
                                TestTables.context());
        String[] all = new String[handover.length + 2];
        all[0] = "stages";
        all[1] = "h,l";
        System.arraycopy(handover, 0, all, 2, handover.length);
        return new HybridConnectorFactory()
                .createSource(TestTables.table("both", LIVE, all), TestTables.context(Map.of("h", history, "l", live)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "event-id"})
    void everyEventComesOnceWhereverItWasCut(String by) {
        String[] handover =
                by.equals("offset")
                        ? new String[] {"handover.partition-column", "part", "handover.offset-column", "off"}
                        : new String[] {"handover.id-columns", "id", "handover.overlap", "20 min"};
        long seed = Long.getLong("millrace.test.seed", 7);
        System.out.println("seed=" + seed + " (-Dmillrace.test.seed)");
        Random random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            List<Long> ids = new ArrayList<>();
            List<byte[]> restored = List.of();
            String path = by + " round " + round + ":";
            for (int cuts = random.nextInt(1, 5); cuts >= 0; cuts--) {
                Source source = hybrid(handover);
                Shape shape =
                        Shape.of(source)
                                .withEventTime(EventTime.ofColumn(1, 5_000_000))
                                .withReaders(1 + random.nextInt(3))
                                .withBatchRows(100)
                                .withRestored(restored);
                try (SourceDriver driver = new SourceDriver(source, shape)) {
                    driver.run().drain();
                    if (cuts == 0) {
                        driver.toEnd().rows().forEach(row -> ids.add((Long) row.getFirst()));
                        assertThat(driver.run().handover().orElseThrow().liveRows())
                                .as(path)
                                .isEqualTo(EVENTS - IN_HISTORY);
                    } else {
                        int polls = random.nextInt(60);
                        SourceDriver.Cut cut = driver.cutAfter(polls);
                        cut.rows().forEach(row -> ids.add((Long) row.getFirst()));
                        restored = cut.snapshots();
                        path += " " + polls + "@" + shape.readers() + "->" + ids.size();
                    }
                }
            }
            System.out.println(path);
            ids.sort(null);
            assertThat(ids).as(path).isEqualTo(LongStream.range(0, EVENTS).boxed().toList());
        }
    }
}
