package io.millrace.connectors.kafka;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.formats.EncodedBytes;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordEncoder;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Encodes rows on the worker and has an I/O thread send them, a block at a time and in order. The producer is touched
 * by one I/O thread at a time.
 */
final class KafkaWriter implements SinkWriter {
    /** Encoded bytes that are handed over before their epoch ends. */
    private static final int BLOCK_BYTES = 256 << 10;

    /** Encoded bytes that may wait behind a block being sent. */
    private static final int MAX_WAITING_BYTES = 4 << 20;

    private final Target target;
    private final IoThreads io;
    private final RecordEncoder encoder;
    private final EncodedBytes scratch;
    private final Object guard = new Object();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private List<byte[]> block = new ArrayList<>();
    private int blockBytes;
    private IoTask<Boolean> sending;
    private KafkaProducer<byte[], byte[]> producer;
    private long sent;
    private boolean closed;

    /** Where a writer's records go. */
    record Target(KafkaTable table, KafkaSink.Partitioning partitioning, int partitions, int writerIndex) {
        Integer partition(long number) {
            return switch (partitioning) {
                case DEFAULT -> null;
                case FIXED -> writerIndex % partitions;
                case ROUND_ROBIN -> (int) ((number + writerIndex) % partitions);
            };
        }
    }

    KafkaWriter(Target target, Schema schema, ZoneId zone, ReaderContext context) {
        this.target = target;
        this.io = context.io();
        this.scratch = new EncodedBytes(context.allocator(), 4096);
        try {
            this.encoder =
                    target.table()
                            .format()
                            .encoder(
                                    FormatRequest.of(
                                            schema, target.table().formatOptions(), zone, context.allocator()));
        } catch (RuntimeException failed) {
            scratch.close();
            throw failed;
        }
    }

    @Override
    public boolean isFull() {
        return blockBytes >= MAX_WAITING_BYTES && !handOver(false);
    }

    @Override
    public void write(Batch batch) {
        try (batch) {
            int count = batch.activeCount();
            for (int i = 0; i < count; i++) {
                encoder.encode(batch, batch.row(i), scratch);
                byte[] record = scratch.copy();
                scratch.truncate(0);
                block.add(record);
                blockBytes += record.length;
            }
        }
        if (blockBytes >= BLOCK_BYTES) {
            handOver(false);
        }
    }

    @Override
    public void endEpoch(long epoch) {
        handOver(false);
    }

    /** Gives the block to an I/O thread unless the one before is still being sent; whether none is waiting then. */
    private boolean handOver(boolean flush) {
        if (sending != null) {
            if (!sending.isDone()) {
                return false;
            }
            sending.result();
            sending = null;
        }
        if (!block.isEmpty() || flush) {
            List<byte[]> records = block;
            block = new ArrayList<>();
            blockBytes = 0;
            sending = io.submit("send to topic " + target.table().topic(), () -> send(records, flush));
        }
        return true;
    }

    private Boolean send(List<byte[]> records, boolean flush) {
        synchronized (guard) {
            if (closed) {
                return Boolean.FALSE;
            }
            try {
                if (producer == null) {
                    Map<String, Object> properties = ClientProperties.forProducer(target.table().properties());
                    producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
                }
                Future<RecordMetadata> last = null;
                for (byte[] record : records) {
                    last =
                            producer.send(
                                    new ProducerRecord<>(
                                            target.table().topic(), target.partition(sent++), null, record),
                                    (metadata, failed) -> note(failed));
                }
                if (flush) {
                    producer.flush();
                }
                if (last != null && last.isCancelled()) {
                    throw MillraceException.internal("a record was cancelled");
                }
            } catch (RuntimeException failed) {
                throw translate(failed);
            }
            Exception first = failure.get();
            if (first != null) {
                throw translate(first);
            }
            return Boolean.TRUE;
        }
    }

    private void note(Exception failed) {
        if (failed != null) {
            failure.compareAndSet(null, failed);
        }
    }

    private MillraceException translate(Exception failed) {
        return KafkaFailures.translate(
                failed, target.table().servers(), "cannot write to topic " + target.table().topic());
    }

    @Override
    public IoTask<Prepared> prepare(long checkpoint) {
        return new Flush();
    }

    /** Done when all that was written has been acknowledged. */
    private final class Flush implements IoTask<Prepared> {
        private boolean begun;

        @Override
        public boolean isDone() {
            if (!begun) {
                begun = handOver(true);
                return false;
            }
            return sending == null || sending.isDone();
        }

        @Override
        public Prepared result() {
            if (sending != null) {
                sending.result();
                sending = null;
            }
            return Prepared.NOTHING;
        }

        @Override
        public void cancel() {}
    }

    private Boolean closeProducer() {
        synchronized (guard) {
            closed = true;
            if (producer != null) {
                producer.close(Duration.ZERO);
                producer = null;
            }
        }
        return Boolean.TRUE;
    }

    @Override
    public void close() {
        encoder.close();
        scratch.close();
        block = new ArrayList<>();
        blockBytes = 0;
        if (!closed) {
            io.submit("close producer of topic " + target.table().topic(), this::closeProducer);
        }
    }
}
