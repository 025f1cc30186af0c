package io.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.kafka.broker.BrokerConfig;
import io.millrace.connectors.kafka.broker.BrokerProcess;
import io.millrace.memory.time.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** One real broker for all tests of this process, and what tests do to topics. */
final class TestBroker {
    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static final BrokerProcess BROKER = start();

    private TestBroker() {}

    private static BrokerProcess start() {
        Path directory = Path.of("target", "broker-" + ProcessHandle.current().pid()).toAbsolutePath();
        BrokerProcess broker =
                BrokerProcess.start(
                        BrokerConfig.in(directory)
                                .withProperties(
                                        Map.of(
                                                "log.cleaner.backoff.ms", "200",
                                                "log.retention.check.interval.ms", "500",
                                                "log.segment.delete.delay.ms", "100",
                                                "log.initial.task.delay.ms", "100")),
                        Clock.system());
        Runtime.getRuntime().addShutdownHook(new Thread(broker::kill));
        return broker;
    }

    static String servers() {
        return BROKER.bootstrapServers();
    }

    static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", servers()));
    }

    static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new AssertionError(failed);
        }
    }

    /** A new topic; settings are keys and values in turn. */
    static String topic(int partitions, String... settings) {
        String name = "topic-" + TOPICS.incrementAndGet() + "-" + ProcessHandle.current().pid();
        create(name, partitions, settings);
        return name;
    }

    static void create(String name, int partitions, String... settings) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            map.put(settings[i], settings[i + 1]);
        }
        try (Admin admin = admin()) {
            get(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(map))).all());
            // The controller knows it now; the broker that is asked next hears of it a little later.
            while (!get(admin.listTopics().names()).contains(name)) {
                Thread.onSpinWait();
            }
        }
    }

    static void delete(String name) {
        try (Admin admin = admin()) {
            get(admin.deleteTopics(List.of(name)).all());
        }
    }

    static void addPartitions(String topic, int total) {
        try (Admin admin = admin()) {
            get(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total))).all());
        }
    }

    /** Deletes all records before an offset, as retention does. */
    static void deleteBefore(String topic, int partition, long offset) {
        try (Admin admin = admin()) {
            get(
                    admin.deleteRecords(
                                    Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                            .all());
        }
    }

    /** A producer; settings are keys and values in turn. */
    static KafkaProducer<byte[], byte[]> producer(String... settings) {
        Map<String, Object> map =
                new HashMap<>(
                        Map.of(
                                "bootstrap.servers", servers(),
                                "linger.ms", "2",
                                "max.in.flight.requests.per.connection", "1"));
        for (int i = 0; i < settings.length; i += 2) {
            map.put(settings[i], settings[i + 1]);
        }
        return new KafkaProducer<>(map, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static ProducerRecord<byte[], byte[]> record(String topic, int partition, String value) {
        return new ProducerRecord<>(
                topic, partition, null, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes {@code id=FROM|name=row FROM} and so on to a partition. */
    static void produce(String topic, int partition, int from, int to) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int i = from; i < to; i++) {
                send(producer, record(topic, partition, value(i)));
            }
        }
    }

    /** Sends without waiting. */
    static void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> sent =
                producer.send(
                        record,
                        (done, failed) -> {
                            if (failed != null) {
                                throw new AssertionError(failed);
                            }
                        });
        assertThat(sent).isNotNull();
    }

    /** A commit returns before its markers are in the partitions; waits until all of a topic is decided. */
    static void awaitDecided(String topic) {
        try (Admin admin = admin()) {
            int partitions = get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().size();
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int i = 0; i < partitions; i++) {
                ends.put(new TopicPartition(topic, i), OffsetSpec.latest());
            }
            Awaitility.await()
                    .until(() ->
                            ends(admin, ends, IsolationLevel.READ_COMMITTED)
                                    .equals(ends(admin, ends, IsolationLevel.READ_UNCOMMITTED)));
        }
    }

    private static List<Long> ends(Admin admin, Map<TopicPartition, OffsetSpec> asked, IsolationLevel isolation) {
        Map<TopicPartition, ListOffsetsResultInfo> found =
                get(admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all());
        return asked.keySet().stream().map(partition -> found.get(partition).offset()).toList();
    }

    static String value(int i) {
        return "id=" + i + "|name=row number " + i;
    }

    static List<Object> row(int i) {
        return List.of((long) i, "row number " + i);
    }
}
