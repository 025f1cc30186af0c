package io.millrace.connectors.kafka;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The one producer of a sink's execution. All calls block; one thread at a time. */
final class ChunkSender implements AutoCloseable {
    private final KafkaSink sink;
    private final String transactionalId;
    private final byte[] progressKey;
    private KafkaProducer<byte[], byte[]> producer;

    /** What ended the producer's use; its transaction, if one is open, is ended by whoever takes over. */
    private Exception broken;

    ChunkSender(KafkaSink sink, String transactionalId) {
        this.sink = sink;
        this.transactionalId = transactionalId;
        this.progressKey = transactionalId.getBytes(StandardCharsets.UTF_8);
    }

    /** Fences every producer of this id, and ends what transaction it left open. */
    void takeOver() {
        close();
        broken = null;
        Map<String, Object> properties = ClientProperties.forProducer(sink.table().properties());
        properties.put("transactional.id", transactionalId);
        properties.put("enable.idempotence", "true");
        properties.put("acks", "all");
        try {
            producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            SinkStep.FENCE.before(sink.steps());
            producer.initTransactions();
            SinkStep.FENCE.after(sink.steps());
        } catch (RuntimeException failed) {
            throw translate(failed, "cannot take over");
        }
    }

    /** The last progress that was committed; only after {@link #takeOver}, so that none can follow. */
    SentProgress readProgress() {
        String topic = sink.output().progressTopic();
        Map<String, Object> properties = ClientProperties.forConsumer(sink.table().properties());
        properties.put("isolation.level", "read_committed");
        Duration patience = Duration.ofMillis(sink.table().timeoutMillis());
        SentProgress last = SentProgress.NONE;
        try {
            KafkaConsumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            try {
                List<TopicPartition> partitions = new ArrayList<>();
                for (PartitionInfo info : consumer.partitionsFor(topic, patience)) {
                    partitions.add(new TopicPartition(topic, info.partition()));
                }
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, patience);
                for (TopicPartition partition : partitions) {
                    while (consumer.position(partition, patience) < ends.get(partition)) {
                        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                            if (Arrays.equals(record.key(), progressKey) && record.value() != null) {
                                last = SentProgress.of(record.value(), topic);
                            }
                        }
                    }
                }
            } finally {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
            }
        } catch (RuntimeException failed) {
            throw translate(failed, "cannot read its progress from topic " + topic);
        }
        return last;
    }

    /** One transaction: the chunk's records and the progress that says so. */
    void send(byte[] chunk, SentProgress progress) {
        commit(chunk, progress, "cannot commit " + said(progress));
    }

    /** A transaction that only says which execution goes on from here. */
    void claim(SentProgress progress) {
        commit(null, progress, "cannot take over");
    }

    private void commit(byte[] chunk, SentProgress progress, String doing) {
        if (broken != null) {
            throw translate(broken, doing + " after an earlier failure");
        }
        AtomicReference<Exception> failure = new AtomicReference<>();
        try {
            SinkStep.BEGIN.before(sink.steps());
            producer.beginTransaction();
            SinkStep.BEGIN.after(sink.steps());
            SinkStep.SEND.before(sink.steps());
            if (chunk != null) {
                Chunk.read(chunk, sink.table().topic(), record -> send(record, failure));
            }
            send(new ProducerRecord<>(sink.output().progressTopic(), 0, progressKey, progress.toBytes()), failure);
            producer.flush();
            SinkStep.SEND.after(sink.steps());
            if (failure.get() == null) {
                SinkStep.COMMIT.before(sink.steps());
                producer.commitTransaction();
                SinkStep.COMMIT.after(sink.steps());
            }
        } catch (RuntimeException failed) {
            failure.compareAndSet(null, failed);
        }
        if (failure.get() != null) {
            broken = failure.get();
            throw translate(broken, doing);
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record, AtomicReference<Exception> failure) {
        var ignored =
                producer.send(
                        record,
                        (metadata, failed) -> {
                            if (failed != null) {
                                failure.compareAndSet(null, failed);
                            }
                        });
    }

    private static String said(SentProgress progress) {
        return "checkpoint=" + progress.checkpoint() + " chunk=" + (progress.chunk() + 1) + " of " + progress.chunks();
    }

    private MillraceException translate(Exception failed, String doing) {
        String what = "table " + sink.table().table().name() + " " + doing + " to topic " + sink.table().topic();
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return new MillraceException(
                                ErrorCode.FENCED,
                                what + ": a later execution has taken over (transactional.id=" + transactionalId + ")",
                                failed)
                        .withHelp("Only one execution of a job may write; this one has ended.");
            }
        }
        return KafkaFailures.translate(failed, sink.table().servers(), what);
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }
}
