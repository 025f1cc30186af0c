package io.millrace.it.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.formats.parquet.writer.ParquetWriteOptions;
import io.millrace.formats.parquet.writer.ParquetWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * Rows with a sequence for each key: the first of them in files, all of them in a topic; and what is to be found of
 * them in the end. Row number n has key n modulo {@link #KEYS} and sequence n divided by it. One thread.
 */
final class Ledger implements AutoCloseable {
    static final int KEYS = 23;
    static final int PARTITIONS = 3;

    private static final long START_MILLIS = 1_767_225_600_000L;
    private static final long WINDOW_MILLIS = 10_000;
    private static final Schema HISTORY =
            Schema.of(
                    "k", DataType.BIGINT,
                    "seq", DataType.BIGINT,
                    "at", DataType.TIMESTAMP,
                    "part", DataType.INT,
                    "off", DataType.BIGINT);

    private static final Pattern SEQUENCES = Pattern.compile("\"seq\":(\\d+),\"n\":(\\d+),\"total\":(\\d+)");
    private static final Pattern TOTALS = Pattern.compile("\"k\":(\\d+),\"n\":(\\d+),\"last\":(\\d+),\"total\":(\\d+)");

    private final String servers;
    private final String topic;
    private final Path directory;
    private KafkaProducer<byte[], byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private long rows;

    Ledger(String servers, String topic, Path directory) {
        this.servers = servers;
        this.topic = topic;
        this.directory = directory;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(newTopic(), new NewTopic(topic + "-out", 2, (short) 1))).all().get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new AssertionError(failed);
        }
        producer = newProducer();
    }

    private NewTopic newTopic() {
        return new NewTopic(topic, PARTITIONS, (short) 1);
    }

    private KafkaProducer<byte[], byte[]> newProducer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", servers,
                        "linger.ms", "2",
                        "max.in.flight.requests.per.connection", "1"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Deletes the topic and makes another of its name, with as many records: each offset means something else. */
    void makeTopicAnew() {
        producer.close();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.deleteTopics(List.of(topic)).all().get();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !admin.listTopics().names().get().contains(topic));
            admin.createTopics(List.of(newTopic())).all().get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new AssertionError(failed);
        }
        producer = newProducer();
        produce(rows);
    }

    /** Deletes the oldest records of each partition, as retention does. */
    void forgetAllButTheLast(long recordsOfEach) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            Map<TopicPartition, RecordsToDelete> deleted = new HashMap<>();
            for (int p = 0; p < PARTITIONS; p++) {
                TopicPartition partition = new TopicPartition(topic, p);
                long end =
                        admin.listOffsets(Map.of(partition, OffsetSpec.latest())).all().get().get(partition).offset();
                deleted.put(partition, RecordsToDelete.beforeOffset(end - recordsOfEach));
            }
            admin.deleteRecords(deleted).all().get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new AssertionError(failed);
        }
    }

    long rows() {
        return rows;
    }

    /** Event time of a row: a thousand a second. */
    private static long atMillis(long number) {
        return START_MILLIS + number;
    }

    private static LocalDateTime at(long number) {
        long millis = atMillis(number);
        return LocalDateTime.ofEpochSecond(millis / 1_000, (int) (millis % 1_000) * 1_000_000, ZoneOffset.UTC);
    }

    /** Appends rows to the topic. */
    void produce(long count) {
        for (long end = rows + count; rows < end; rows++) {
            String time = at(rows).toString().replace('T', ' ');
            String at = time.length() == 16 ? time + ":00.000" : time.length() == 19 ? time + ".000" : time;
            String json = "{\"k\":" + rows % KEYS + ",\"seq\":" + rows / KEYS + ",\"at\":\"" + at + "\"}";
            sent.add(
                    producer.send(
                            new ProducerRecord<>(
                                    topic,
                                    (int) (rows % PARTITIONS),
                                    atMillis(rows),
                                    null,
                                    json.getBytes(StandardCharsets.UTF_8))));
        }
        producer.flush();
    }

    /** Writes the first rows, which were produced, to files of history as well. */
    void archive(long count, int files) throws IOException {
        Path history = Files.createDirectories(directory.resolve("history"));
        for (int file = 0; file < files; file++) {
            try (Allocator allocator = Allocator.root(64 << 20);
                    OutputStream out = Files.newOutputStream(history.resolve("part-" + file + ".parquet"));
                    BatchBuilder builder = new BatchBuilder(allocator, HISTORY, 1024);
                    ParquetWriter writer =
                            new ParquetWriter(
                                    HISTORY, ParquetWriteOptions.DEFAULT.withRowGroupRows(5_000), out, allocator)) {
                for (long n = count * file / files; n < count * (file + 1) / files; n++) {
                    RecordMetadata where = sent.get((int) n).get();
                    builder.append(n % KEYS, n / KEYS, at(n), where.partition(), where.offset());
                }
                try (Batch batch = builder.build()) {
                    writer.write(batch);
                }
                writer.finish(Map.of());
            } catch (InterruptedException | ExecutionException failed) {
                throw new AssertionError(failed);
            }
        }
    }

    /** A job that only serves: totals by key, and how many rows each window has so far. */
    Path servingScript() throws IOException {
        String script =
                """
                CREATE TABLE t (k BIGINT, seq BIGINT, `at` TIMESTAMP(3),
                  WATERMARK FOR `at` AS `at` - INTERVAL '1' SECOND) WITH ('connector' = 'kafka', 'topic' = '%s',
                  'properties.bootstrap.servers' = '%s', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
                CREATE MATERIALIZED VIEW totals AS
                  SELECT k, count(*) AS n, max(seq) AS last, sum(seq) AS total FROM t GROUP BY k;
                CREATE MATERIALIZED VIEW windows AS
                  SELECT k, window_start AS ws, count(*) AS n
                  FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(`at`), INTERVAL '10' SECOND))
                  GROUP BY k, window_start, window_end;
                """
                        .formatted(topic, servers);
        Path file = directory.resolve("serving.sql");
        Files.writeString(file, script);
        return file;
    }

    /** The job: what came, as files and as records; counts by window; totals by few keys and by many, served. */
    Path script(boolean kafkaSink) throws IOException {
        String out = directory.resolve("out").toString();
        String live =
                "'connector' = 'kafka', 'topic' = '%s', 'properties.bootstrap.servers' = '%s', 'format' = 'json', %s"
                        .formatted(topic, servers, "'scan.startup.mode' = 'earliest-offset'");
        String sink =
                ("CREATE TABLE records (k BIGINT, seq BIGINT) WITH ('connector' = 'kafka', 'topic' = '%s-out',"
                                + " 'properties.bootstrap.servers' = '%s', 'format' = 'json',"
                                + " 'sink.delivery-guarantee' = 'exactly-once');\n"
                                + "INSERT INTO records SELECT k, seq FROM t;\n")
                        .formatted(topic, servers);
        String script =
                """
                CREATE TABLE live (k BIGINT, seq BIGINT, `at` TIMESTAMP(3),
                  WATERMARK FOR `at` AS `at` - INTERVAL '1' SECOND) WITH (%s);
                CREATE TABLE history (k BIGINT, seq BIGINT, `at` TIMESTAMP(3), part INT, off BIGINT,
                  WATERMARK FOR `at` AS `at`) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'parquet');
                CREATE TABLE t (LIKE live) WITH ('connector' = 'hybrid', 'stages' = 'history,live',
                  'handover.by' = 'offset', 'handover.partition-column' = 'part', 'handover.offset-column' = 'off');
                CREATE TABLE copies (k BIGINT, seq BIGINT) WITH
                  ('connector' = 'filesystem', 'path' = '%s/copies', 'format' = 'csv');
                CREATE TABLE windows (k BIGINT, ws TIMESTAMP(3), n BIGINT) WITH
                  ('connector' = 'filesystem', 'path' = '%s/windows', 'format' = 'csv');
                INSERT INTO copies SELECT k, seq FROM t;
                INSERT INTO windows SELECT k, window_start, count(*)
                  FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(`at`), INTERVAL '10' SECOND))
                  GROUP BY k, window_start, window_end;
                CREATE MATERIALIZED VIEW totals AS
                  SELECT k, count(*) AS n, max(seq) AS last, sum(seq) AS total FROM t GROUP BY k;
                CREATE MATERIALIZED VIEW sequences AS SELECT seq, count(*) AS n, sum(k) AS total FROM t GROUP BY seq;
                %s\
                """
                        .formatted(live, directory.resolve("history"), out, out, kafkaSink ? sink : "");
        Path file = directory.resolve("ledger.sql");
        Files.writeString(file, script);
        return file;
    }

    // ---- what came of it ----

    private Stream<String> lines(String table) throws IOException {
        Path out = directory.resolve("out").resolve(table);
        if (!Files.isDirectory(out)) {
            return Stream.of();
        }
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.filter(f -> !f.getFileName().toString().startsWith(".")).toList()) {
                List<String> all = Files.readAllLines(file);
                lines.addAll(all.subList(1, all.size()));
            }
        }
        return lines.stream();
    }

    /** Rows of the topic's copy that are committed. */
    long copiedRows() throws IOException {
        return lines("copies").count();
    }

    /** Fails unless each row is there once; {@code complete} says whether all must be. */
    void checkCopies(boolean complete) throws IOException {
        checkOnce("files", lines("copies").map(line -> line.split(",", -1)), complete);
    }

    private void checkOnce(String where, Stream<String[]> copies, boolean complete) {
        Map<Long, Integer> counts = new HashMap<>();
        copies.forEach(row -> counts.merge(Long.parseLong(row[1]) * KEYS + Long.parseLong(row[0]), 1, Integer::sum));
        List<String> wrong = new ArrayList<>();
        for (long n = 0; n < rows; n++) {
            int count = counts.getOrDefault(n, 0);
            if (count > 1 || complete && count == 0) {
                wrong.add("row " + n + " " + count + " times");
            }
        }
        assertThat(wrong).as("%s: rows lost or repeated of %d", where, rows).isEmpty();
    }

    /** Fails unless each window that came is there once, with all of its rows, and none of the closed ones lacks. */
    void checkWindows(boolean complete) throws IOException {
        Map<String, Long> expected = new TreeMap<>();
        for (long n = 0; n < rows; n++) {
            long start = atMillis(n) / WINDOW_MILLIS * WINDOW_MILLIS;
            expected.merge(n % KEYS + "," + start, 1L, Long::sum);
        }
        Map<String, Long> found = new TreeMap<>();
        lines("windows")
                .forEach(line -> {
                    String[] row = line.split(",", -1);
                    String time = row[1].replace(' ', 'T');
                    long start = LocalDateTime.parse(time).toInstant(ZoneOffset.UTC).toEpochMilli();
                    Long before = found.put(row[0] + "," + start, Long.parseLong(row[2]));
                    assertThat(before).as("window %s again", line).isNull();
                });
        long closedMillis = (atMillis(rows - 1) - 1_000 - PARTITIONS) / WINDOW_MILLIS * WINDOW_MILLIS;
        found.forEach(
                (window, count) -> assertThat(count).as("rows of window %s", window).isEqualTo(expected.get(window)));
        if (complete) {
            expected.keySet()
                    .removeIf(window -> Long.parseLong(window.split(",", -1)[1]) + WINDOW_MILLIS > closedMillis);
            assertThat(found.keySet()).containsAll(expected.keySet());
        }
    }

    /** Fails unless what is served of each key is a beginning of its sequence, each number once; or all of it. */
    void checkTotals(String view, boolean complete) {
        Matcher rows = TOTALS.matcher(view);
        int found = 0;
        while (rows.find()) {
            long key = Long.parseLong(rows.group(1));
            long count = Long.parseLong(rows.group(2));
            long last = Long.parseLong(rows.group(3));
            assertThat(count).as("rows of key %d in %s", key, view).isEqualTo(last + 1);
            assertThat(Long.parseLong(rows.group(4))).as("sum of key %d", key).isEqualTo(last * (last + 1) / 2);
            if (complete) {
                assertThat(last).as("last of key %d", key).isEqualTo((rows() - 1 - key) / KEYS);
            }
            found++;
        }
        assertThat(found).as(view).isEqualTo(KEYS);
    }

    /** Reads a page of a view. */
    interface Pages {
        String from(long offset) throws Exception;
    }

    /** Fails unless all rows of each sequence number are counted once. */
    void checkSequences(Pages pages) throws Exception {
        Map<Long, String> found = new HashMap<>();
        for (int before = -1; found.size() > before; ) {
            before = found.size();
            Matcher page = SEQUENCES.matcher(pages.from(before));
            while (page.find()) {
                found.put(Long.parseLong(page.group(1)), page.group(2) + " rows, sum " + page.group(3));
            }
        }
        Map<Long, String> expected = new HashMap<>();
        for (long first = 0; first < rows; first += KEYS) {
            long count = Math.min(KEYS, rows - first);
            expected.put(first / KEYS, count + " rows, sum " + count * (count - 1) / 2);
        }
        // Not by the assertion's own comparison of maps, which takes minutes for so many.
        List<String> wrong = new ArrayList<>();
        expected.forEach((seq, rowsOfIt) -> {
            if (!rowsOfIt.equals(found.remove(seq))) {
                wrong.add("sequence number " + seq + ", expected " + rowsOfIt);
            }
        });
        assertThat(wrong).as("sequence numbers with rows lost or repeated").isEmpty();
        assertThat(found).as("sequence numbers that were never produced").isEmpty();
    }

    /** Fails unless each row is in the topic once, as those see it who read what is committed. */
    void checkRecords(boolean complete) {
        Map<String, Object> properties =
                Map.of(
                        "bootstrap.servers", servers,
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest");
        List<String[]> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    List.of(new TopicPartition(topic + "-out", 0), new TopicPartition(topic + "-out", 1));
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    String[] parts = new String(record.value(), StandardCharsets.UTF_8).split("[^0-9]+", -1);
                    read.add(new String[] {parts[1], parts[2]});
                }
            }
        }
        checkOnce("topic", read.stream(), complete);
    }

    @Override
    public void close() {
        producer.close();
    }
}
