package io.millrace.it.handover;

import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.TestTables;
import io.millrace.connectors.filesystem.FilesystemConnectorFactory;
import io.millrace.connectors.hybrid.HybridConnectorFactory;
import io.millrace.connectors.kafka.KafkaConnectorFactory;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** One topic, and files with some of its rows. */
final class HandoverStage implements AutoCloseable {
    static final Schema LIVE = Schema.of("id", DataType.BIGINT, "at", DataType.TIMESTAMP, "name", DataType.VARCHAR);
    private static final Schema HISTORY =
            Schema.of(
                    "id", DataType.BIGINT,
                    "at", DataType.TIMESTAMP,
                    "name", DataType.VARCHAR,
                    "part", DataType.INT,
                    "off", DataType.BIGINT);
    private static final long START_MILLIS = 1_767_225_600_000L;

    private final String servers;
    private final String topic;
    private final Path directory;
    private final Admin admin;
    private final List<Event> events = new ArrayList<>();
    private final Set<Long> untimed = new HashSet<>();
    private LongFunction<String> keys = String::valueOf;
    private int files;

    /** An event and where it came to lie. */
    record Event(long id, boolean timed, int partition, long offset) {
        List<Object> row() {
            long millis = atMillis(id);
            LocalDateTime at =
                    LocalDateTime.ofEpochSecond(millis / 1_000, (int) (millis % 1_000) * 1_000_000, ZoneOffset.UTC);
            return Arrays.asList(id, timed ? at : null, "event " + id);
        }
    }

    HandoverStage(String servers, String topic, int partitions, Path directory, Map<String, String> topicSettings) {
        this.servers = servers;
        this.topic = topic;
        this.directory = directory;
        this.admin = Admin.create(Map.of("bootstrap.servers", servers));
        join(
                admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(topicSettings)))
                        .all()
                        .toCompletionStage()
                        .toCompletableFuture());
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new AssertionError(failed);
        }
    }

    /** All events, in order of id. */
    List<Event> events() {
        return events;
    }

    /** Event time of an event: ten a second. */
    static long atMillis(long id) {
        return START_MILLIS + id * 100;
    }

    private ProducerRecord<byte[], byte[]> record(long id, int partition) {
        String time = LocalDateTime.ofEpochSecond(atMillis(id) / 1_000, 0, ZoneOffset.UTC).toString().replace('T', ' ');
        String seconds = time.length() == 16 ? time + ":00" : time;
        String at = untimed.contains(id) ? "null" : "\"" + seconds + "." + (id % 10) + "00\"";
        String json = "{\"id\":" + id + ",\"at\":" + at + ",\"name\":\"event " + id + "\"}";
        byte[] key = keys.apply(id).getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic, partition, atMillis(id), key, json.getBytes(StandardCharsets.UTF_8));
    }

    /** Events that are produced from now on and have no time. */
    void leaveUntimed(Long... ids) {
        untimed.addAll(List.of(ids));
    }

    /** Keys of the records that are produced from now on; each its own when nothing is said. */
    void keyBy(LongFunction<String> key) {
        keys = key;
    }

    /** Appends events to the topic, event {@code id} to partition {@code id} modulo {@code partitions}. */
    void produce(long from, long to, int partitions) {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            send(producer, from, to, partitions);
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, long from, long to, int partitions) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (long id = from; id < to; id++) {
            sent.add(producer.send(record(id, (int) (id % partitions))));
        }
        producer.flush();
        for (long id = from; id < to; id++) {
            RecordMetadata at = join(sent.get((int) (id - from)));
            events.add(new Event(id, !untimed.contains(id), at.partition(), at.offset()));
        }
    }

    /** The same in transactions of seven events, with an aborted one after each. */
    void produceInTransactions(long from, long to, int partitions) {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", topic + from))) {
            producer.initTransactions();
            for (long id = from; id < to; id += 7) {
                producer.beginTransaction();
                send(producer, id, Math.min(to, id + 7), partitions);
                producer.commitTransaction();
                producer.beginTransaction();
                Future<RecordMetadata> lost = producer.send(record(1_000_000 + id, (int) (id % partitions)));
                producer.flush();
                join(lost);
                producer.abortTransaction();
            }
        }
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        // One request at a time: while a new topic's leaders settle, an idempotent producer with more retries for ever.
        Map<String, Object> properties =
                new HashMap<>(
                        Map.of(
                                "bootstrap.servers", servers,
                                "linger.ms", "2",
                                "max.in.flight.requests.per.connection", "1"));
        properties.putAll(more);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Writes a file with the events of these ids, and returns it. */
    Path archive(long from, long to) throws IOException {
        Path file = directory.resolve("part-" + files++ + ".parquet");
        try (Allocator allocator = Allocator.root(64 << 20);
                OutputStream out = Files.newOutputStream(file);
                BatchBuilder builder = new BatchBuilder(allocator, HISTORY, 64);
                ParquetWriter writer =
                        new ParquetWriter(HISTORY, ParquetWriteOptions.DEFAULT.withRowGroupRows(50), out, allocator)) {
            for (long id = from; id < to; id++) {
                Event event = events.get((int) id);
                List<Object> row = event.row();
                builder.append(row.get(0), row.get(1), row.get(2), event.partition(), event.offset());
            }
            try (Batch batch = builder.build()) {
                writer.write(batch);
            }
            writer.finish(Map.of());
        }
        return file;
    }

    /** Deletes what the topic holds of a partition before an offset, as retention does. */
    void forget(int partition, long beforeOffset) {
        join(
                admin.deleteRecords(
                                Map.of(
                                        new TopicPartition(topic, partition),
                                        RecordsToDelete.beforeOffset(beforeOffset)))
                        .all()
                        .toCompletionStage()
                        .toCompletableFuture());
    }

    /** Appends events, so that segments roll, until so many records of the first partition are compacted away. */
    void awaitCompaction(int goneRecords) {
        TopicPartition partition = new TopicPartition(topic, 0);
        Map<String, Object> properties = Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest");
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    long next = events.size();
                    produce(next, next + 1, 1);
                    try (KafkaConsumer<byte[], byte[]> consumer =
                            new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                        consumer.assign(List.of(partition));
                        long end = consumer.endOffsets(List.of(partition)).get(partition);
                        long count = 0;
                        while (consumer.position(partition) < end) {
                            count += consumer.poll(Duration.ofMillis(100)).count();
                        }
                        return count <= end - goneRecords;
                    }
                });
    }

    void addPartitions(int total) {
        join(
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total)))
                        .all()
                        .toCompletionStage()
                        .toCompletableFuture());
    }

    /** The table over both; options are keys and values in turn. */
    Source hybrid(String... options) {
        Source live =
                new KafkaConnectorFactory()
                        .createSource(
                                TestTables.table(
                                        "live",
                                        LIVE,
                                        "topic",
                                        topic,
                                        "properties.bootstrap.servers",
                                        servers,
                                        "format",
                                        "json",
                                        "scan.topic-partition-discovery.interval",
                                        "200 ms"),
                                TestTables.context());
        Source history =
                new FilesystemConnectorFactory()
                        .createSource(
                                TestTables.table("history", HISTORY, "path", directory.toString(), "format", "parquet"),
                                TestTables.context());
        List<String> all = new ArrayList<>(List.of("stages", "history,live"));
        all.addAll(Arrays.asList(options));
        return new HybridConnectorFactory()
                .createSource(
                        TestTables.table("both", LIVE, all.toArray(String[]::new)),
                        TestTables.context(Map.of("history", history, "live", live)));
    }

    @Override
    public void close() {
        admin.close();
    }
}
