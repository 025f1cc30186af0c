package io.millrace.connectors.kafka;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.MillraceException;
import java.time.Duration;
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
 * Sends rows as they come: encodes them on the worker and has an I/O thread send them, a block at a time and in order.
 * The producer is touched by one I/O thread at a time.
 */
final class KafkaWriter implements SinkWriter, RecordTarget {
    /** Encoded bytes that are handed over before their epoch ends. */
    private static final int BLOCK_BYTES = 256 << 10;

    /** Encoded bytes that may wait behind a block being sent. */
    private static final int MAX_WAITING_BYTES = 4 << 20;

    private final KafkaTable table;
    private final RowRecords rows;
    private final IoThreads io;
    private final Object guard = new Object();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private List<ProducerRecord<byte[], byte[]>> block = new ArrayList<>();
    private int blockBytes;
    private IoTask<Boolean> sending;
    private KafkaProducer<byte[], byte[]> producer;
    private boolean closed;

    KafkaWriter(KafkaTable table, RowRecords rows, ReaderContext context) {
        this.table = table;
        this.rows = rows;
        this.io = context.io();
    }

    @Override
    public boolean isFull() {
        return blockBytes >= MAX_WAITING_BYTES && !handOver(false);
    }

    @Override
    public void write(Batch batch) {
        rows.write(batch, this);
        if (blockBytes >= BLOCK_BYTES) {
            handOver(false);
        }
    }

    @Override
    public void add(int partition, byte[] key, long valueAddress, int valueBytes) {
        byte[] value = null;
        if (valueBytes >= 0) {
            value = new byte[valueBytes];
            Mem.copyOut(valueAddress, value, 0, valueBytes);
        }
        block.add(new ProducerRecord<>(table.topic(), partition < 0 ? null : partition, key, value));
        blockBytes += Math.max(0, valueBytes) + (key == null ? 0 : key.length);
    }

    @Override
    public void endEpoch(long epoch) {
        rows.endEpoch(this);
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
            List<ProducerRecord<byte[], byte[]>> records = block;
            block = new ArrayList<>();
            blockBytes = 0;
            sending = io.submit("send to topic " + table.topic(), () -> send(records, flush));
        }
        return true;
    }

    private Boolean send(List<ProducerRecord<byte[], byte[]>> records, boolean flush) {
        synchronized (guard) {
            if (closed) {
                return Boolean.FALSE;
            }
            try {
                if (producer == null) {
                    Map<String, Object> properties = ClientProperties.forProducer(table.properties());
                    producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
                }
                Future<RecordMetadata> last = null;
                for (ProducerRecord<byte[], byte[]> record : records) {
                    last = producer.send(record, (metadata, failed) -> note(failed));
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
        return KafkaFailures.translate(failed, table.servers(), "cannot write to topic " + table.topic());
    }

    @Override
    public IoTask<Prepared> prepare(long checkpoint) {
        rows.endEpoch(this);
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
        rows.close();
        block = new ArrayList<>();
        blockBytes = 0;
        if (!closed) {
            io.submit("close producer of topic " + table.topic(), this::closeProducer);
        }
    }
}
