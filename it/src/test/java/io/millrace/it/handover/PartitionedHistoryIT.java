package io.millrace.it.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.ledger.EngineProcess;
import io.millrace.it.ledger.LedgerBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program archives a topic into partitioned files, and then reads those as the history of that topic. */
class PartitionedHistoryIT {
    private static final int ARCHIVED = 12_000;
    private static final int ROWS = 15_000;
    private static final String[] REGIONS = {"north/1", "süd", null, "a=b"};
    private static final Duration LONG = Duration.ofMinutes(2);

    @RegisterExtension static final LedgerBroker BROKER = new LedgerBroker();

    @TempDir private Path directory;

    private static String region(long id) {
        return REGIONS[(int) (id % REGIONS.length)];
    }

    private static LocalDateTime at(long id) {
        return LocalDateTime.ofEpochSecond(1_767_225_600L + id, 0, ZoneOffset.UTC);
    }

    /** The hour, which is a directory too. */
    private static LocalDateTime hour(long id) {
        return at(id).withMinute(0).withSecond(0);
    }

    private static String text(LocalDateTime time) {
        String text = time.toString().replace('T', ' ');
        return text.length() == 16 ? text + ":00" : text;
    }

    private static void produce(String topic, long from, long to) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", BROKER.servers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (long id = from; id < to; id++) {
                String region = region(id) == null ? "null" : "\"" + region(id) + "\"";
                String json =
                        "{\"id\":%s,\"region\":%s,\"at\":\"%s\",\"hr\":\"%s\"}"
                                .formatted(id, region, text(at(id)), text(hour(id)));
                var ignored =
                        producer.send(
                                new ProducerRecord<>(
                                        topic,
                                        (int) (id / 7 % 2),
                                        at(id).toEpochSecond(ZoneOffset.UTC) * 1_000,
                                        null,
                                        json.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private Path script(String name, String format, String topic, String live, String rest) throws IOException {
        String script =
                """
                SET 'pipeline.name' = 'partitioned';
                SET 'parallelism.default' = '2';
                SET 'execution.checkpointing.interval' = '200 ms';
                CREATE TABLE live (id BIGINT, region STRING, `at` TIMESTAMP(3), hr TIMESTAMP(3),
                  part INT METADATA FROM 'partition' VIRTUAL, off BIGINT METADATA FROM 'offset' VIRTUAL,
                  WATERMARK FOR `at` AS `at` - INTERVAL '1' MINUTE) WITH ('connector' = 'kafka', 'topic' = '%s',
                  'properties.bootstrap.servers' = '%s', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset'%s);
                CREATE TABLE history (id BIGINT, region STRING, `at` TIMESTAMP(3), hr TIMESTAMP(3), part INT, off BIGINT,
                  WATERMARK FOR `at` AS `at` - INTERVAL '1' MINUTE) PARTITIONED BY (region, hr, part)
                  WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = '%s');
                """
                        .formatted(topic, BROKER.servers(), live, directory.resolve("history"), format);
        return Files.writeString(directory.resolve(name), script + rest);
    }

    private EngineProcess start(Path script, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", script.toString()));
        arguments.addAll(List.of(more));
        return EngineProcess.start(directory.resolve(script.getFileName() + ".log"), List.of(), arguments);
    }

    /** The rows that are there for good, as id, region, time, hour. */
    private List<String> rows(String table) throws IOException {
        List<String> rows = new ArrayList<>();
        Path out = directory.resolve(table);
        if (!Files.isDirectory(out)) {
            return rows;
        }
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".csv")).toList()) {
                Files.readAllLines(file).stream().filter(line -> Character.isDigit(line.charAt(0))).forEach(rows::add);
            }
        }
        rows.sort(null);
        return rows;
    }

    private static List<String> expected(LongPredicate wanted) {
        return LongStream.range(0, ROWS)
                .filter(wanted)
                .mapToObj(id -> id + "," + (region(id) == null ? "" : region(id)) + "," + text(hour(id)))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "parquet | 'handover.partition-column' = 'part', 'handover.offset-column' = 'off'",
                "csv | 'handover.id-columns' = 'id', 'handover.overlap' = '1 h'",
                "json | 'handover.id-columns' = 'id, region', 'handover.overlap' = '1 h'",
                "parquet | 'handover.by' = 'event-time', 'handover.tolerance' = '2 h'"
            })
    void eachRowComesOnceWithTheColumnsThatAreDirectories(String format, String way) throws Exception {
        String topic = "partitioned-" + Math.abs(way.hashCode()) + format;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.servers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
        }
        produce(topic, 0, ARCHIVED);
        Path archive =
                script(
                        "archive.sql",
                        format,
                        topic,
                        ", 'scan.bounded.mode' = 'latest-offset'",
                        "INSERT INTO history SELECT id, region, `at`, hr, part, off FROM live;\n");
        try (EngineProcess engine = start(archive)) {
            assertThat(engine.await(LONG)).as(engine.log()).isZero();
        }
        assertThat(directory.resolve("history/region=north%2F1/hr=2026-01-01 00%3A00%3A00/part=0")).isDirectory();
        produce(topic, ARCHIVED, (ARCHIVED + ROWS) / 2);

        Path job =
                script(
                        "job.sql",
                        format,
                        topic,
                        "",
                        """
                        CREATE TABLE t (id BIGINT, region STRING, `at` TIMESTAMP(3), hr TIMESTAMP(3),
                          WATERMARK FOR `at` AS `at` - INTERVAL '1' MINUTE)
                          WITH ('connector' = 'hybrid', 'stages' = 'history,live', %s);
                        CREATE TABLE copies (id BIGINT, region STRING, hr TIMESTAMP(3)) WITH
                          ('connector' = 'filesystem', 'path' = '%s', 'format' = 'csv');
                        CREATE TABLE few (id BIGINT, region STRING, hr TIMESTAMP(3)) WITH
                          ('connector' = 'filesystem', 'path' = '%s', 'format' = 'csv');
                        INSERT INTO copies SELECT id, region, hr FROM t;
                        INSERT INTO few SELECT id, region, hr FROM t WHERE region IN ('süd', 'a=b')
                          AND hr >= TIMESTAMP '2026-01-01 01:00:00';
                        """
                                .formatted(way, directory.resolve("copies"), directory.resolve("few")));
        String state = directory.resolve("state").toString();
        try (EngineProcess engine = start(job, "--state", state)) {
            while (rows("copies").isEmpty()) {
                assertThat(engine.endsWithin(20)).as(engine.log()).isFalse();
            }
            engine.kill();
        }
        produce(topic, (ARCHIVED + ROWS) / 2, ROWS);
        try (EngineProcess engine = start(job, "--state", state)) {
            for (int i = 0; rows("copies").size() < ROWS && i < 2_000; i++) {
                assertThat(engine.endsWithin(50)).as(engine.log()).isFalse();
            }
            assertThat(engine.terminate()).as(engine.log()).isZero();
        }
        assertThat(rows("copies")).isEqualTo(expected(id -> true));
        assertThat(rows("few")).isEqualTo(expected(id -> id % 2 == 1 && id >= 3_600));
    }
}
