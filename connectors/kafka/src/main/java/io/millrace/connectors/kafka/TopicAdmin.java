package io.millrace.connectors.kafka;

import io.millrace.connectors.api.ReplayableTopic.PartitionRange;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.NearestName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What there is to know of one topic. All calls block, for at most the table's time limit; any thread. */
final class TopicAdmin implements AutoCloseable {
    private static final int ATTEMPTS = 6;

    /** Doubled after each attempt: some 1.2 seconds in all. */
    private static final long FIRST_PAUSE_NANOS = 20_000_000L;

    private final Admin admin;
    private final String topic;
    private final String servers;
    private final IsolationLevel isolation;

    /** A topic as it is now. */
    record Topic(Uuid id, int partitions) {}

    TopicAdmin(KafkaTable table) {
        this.topic = table.topic();
        this.servers = table.servers();
        this.isolation = table.isolation();
        Map<String, Object> properties = ClientProperties.forAdmin(table.properties());
        properties.put("default.api.timeout.ms", Integer.toString(table.timeoutMillis()));
        properties.put("request.timeout.ms", Integer.toString(table.timeoutMillis()));
        try {
            this.admin = Admin.create(properties);
        } catch (RuntimeException failed) {
            throw KafkaFailures.translate(failed, servers, "cannot reach Kafka");
        }
    }

    private <T> T get(KafkaFuture<T> future, String doing) {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            throw KafkaFailures.translate(failed, servers, doing);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.CANCELLED, doing + ": interrupted");
        }
    }

    /**
     * Asks until the broker that is asked has heard of the topic: of one made a moment ago the controller knows first.
     * Fails with the broker's answer when it has not for a while.
     */
    private static <T> T ask(Supplier<KafkaFuture<T>> question) throws ExecutionException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return question.get().get();
            } catch (ExecutionException failed) {
                if (attempt == ATTEMPTS || !(failed.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failed;
                }
                LockSupport.parkNanos(FIRST_PAUSE_NANOS << attempt);
            }
        }
    }

    /** TOPIC_NOT_FOUND, naming the nearest, when there is none. */
    Topic describe() {
        try {
            TopicDescription found = ask(() -> admin.describeTopics(Set.of(topic)).allTopicNames()).get(topic);
            return new Topic(found.topicId(), found.partitions().size());
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownTopicOrPartitionException
                    || failed.getCause() instanceof InvalidTopicException) {
                throw notFound();
            }
            throw KafkaFailures.translate(failed, servers, "cannot read topic " + topic);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.CANCELLED, "describing topic " + topic + ": interrupted");
        }
    }

    private MillraceException notFound() {
        Set<String> names = get(admin.listTopics().names(), "cannot list topics");
        String some =
                names.isEmpty()
                        ? "The cluster has no topics."
                        : "There are "
                                + names.size()
                                + " topics: "
                                + String.join(", ", names.stream().sorted().limit(10).toList())
                                + (names.size() > 10 ? " …" : "");
        return new MillraceException(
                        ErrorCode.TOPIC_NOT_FOUND, "there is no topic '" + topic + "' at bootstrap.servers=" + servers)
                .withHelp(NearestName.advice(topic, names, some));
    }

    /** The transaction.version that the cluster has agreed on; 0 when it knows none. */
    int transactionVersion() {
        FinalizedVersionRange range =
                get(admin.describeFeatures().featureMetadata(), "cannot read the cluster's features")
                        .finalizedFeatures()
                        .get("transaction.version");
        return range == null ? 0 : range.maxVersionLevel();
    }

    /** Creates a topic of one partition that keeps the last record of each key, replicated as this one is. */
    void createCompacted(String name) {
        TopicDescription own =
                get(admin.describeTopics(Set.of(topic)).allTopicNames(), "cannot read topic " + topic).get(topic);
        short replicas =
                (short) own.partitions().stream().mapToInt(partition -> partition.replicas().size()).min().orElse(1);
        String policy = TopicConfig.CLEANUP_POLICY_CONFIG;
        try {
            admin.createTopics(
                            List.of(
                                    new NewTopic(name, 1, replicas)
                                            .configs(
                                                    Map.of(
                                                            policy,
                                                            TopicConfig.CLEANUP_POLICY_COMPACT,
                                                            // What is read at each start stays short.
                                                            TopicConfig.SEGMENT_MS_CONFIG,
                                                            "3600000"))))
                    .all()
                    .get();
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw KafkaFailures.translate(failed, servers, "cannot create topic " + name);
            }
            requireCompacted(name, policy);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.CANCELLED, "creating topic " + name + ": interrupted");
        }
    }

    private void requireCompacted(String name, String policy) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        String found;
        try {
            found = ask(() -> admin.describeConfigs(Set.of(resource)).all()).get(resource).get(policy).value();
        } catch (ExecutionException failed) {
            throw KafkaFailures.translate(failed, servers, "cannot read topic " + name);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.CANCELLED, "reading topic " + name + ": interrupted");
        }
        if (!found.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            "topic "
                                    + name
                                    + ", which holds how far output came: expected cleanup.policy=compact, found "
                                    + found)
                    .withHelp("Its records must not expire; name another with 'sink.progress-topic'.");
        }
    }

    /** What each partition of a topic, as it was described, holds now. */
    List<PartitionRange> ranges(Topic described) {
        Map<Integer, Long> earliest = offsets(described.partitions(), OffsetSpec.earliest());
        Map<Integer, Long> latest = offsets(described.partitions(), OffsetSpec.latest());
        String id = described.id().toString();
        List<PartitionRange> ranges = new ArrayList<>();
        earliest.forEach((partition, first) ->
                ranges.add(new PartitionRange(topic, id, partition, first, latest.get(partition))));
        return ranges;
    }

    /** Offsets by partition, in order; -1 where a timestamp has no record after it. */
    Map<Integer, Long> offsets(int partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int i = 0; i < partitions; i++) {
            asked.put(new TopicPartition(topic, i), spec);
        }
        Map<Integer, Long> offsets = new TreeMap<>();
        Map<TopicPartition, ListOffsetsResultInfo> found =
                get(
                        admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all(),
                        "cannot read offsets of topic " + topic);
        found.forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
        return offsets;
    }

    /** What a consumer group committed, by partition; those without are left out. */
    Map<Integer, Long> committed(String group) {
        Map<TopicPartition, OffsetAndMetadata> found =
                get(
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                        "cannot read offsets of group " + group);
        Map<Integer, Long> offsets = new TreeMap<>();
        found.forEach((partition, offset) -> {
            if (partition.topic().equals(topic) && offset != null) {
                offsets.put(partition.partition(), offset.offset());
            }
        });
        return offsets;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
