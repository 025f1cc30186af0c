package io.millrace.connectors.kafka;

import io.millrace.connectors.api.ColumnOrder;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.common.Uuid;

/**
 * One execution of a {@link KafkaSource}: partition {@code p} belongs to reader {@code p} modulo the readers in use.
 */
final class KafkaRun implements SourceRun {
    private final KafkaTable table;
    private final Schema schema;
    private final ZoneId zone;
    private final ScanRequest request;
    private final TopicAdmin admin;
    private final TopicAdmin.Topic topic;
    private final Span span;
    private final ColumnOrder order;
    private final int readersInUse;
    private final List<KafkaReader> readers = new CopyOnWriteArrayList<>();
    private final AtomicLong rowsRead = new AtomicLong();
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicLongArray lags;
    private volatile int partitions;
    private volatile boolean draining;
    private volatile boolean live;
    private final BitSet present = new BitSet();

    /**
     * What is read.
     *
     * @param starts first offset of each partition
     * @param ends offset to end at of each partition, or null for none
     * @param discoveryNanos between two looks for new partitions, 0 for none
     * @param asStage whether a hybrid table reads it: each row's offset is added behind the projected columns, and
     *     watermarks are its business
     */
    record Span(Map<Integer, Long> starts, Map<Integer, Long> ends, long discoveryNanos, boolean asStage) {}

    /** Takes the admin client. */
    KafkaRun(KafkaSource source, ScanRequest request, TopicAdmin admin, TopicAdmin.Topic topic, Span span) {
        this.table = source.table();
        this.schema = source.schema();
        this.zone = source.zone();
        this.request = request;
        this.admin = admin;
        this.topic = topic;
        this.span = span;
        this.order = ColumnOrder.of(request.projection());
        this.partitions = topic.partitions();
        this.readersInUse = Math.min(request.readerCount(), topic.partitions());
        this.lags = new AtomicLongArray(request.readerCount());
        for (int i = 0; i < readersInUse; i++) {
            lags.set(i, -1);
        }
    }

    KafkaTable table() {
        return table;
    }

    Uuid topicId() {
        return topic.id();
    }

    ScanRequest request() {
        return request;
    }

    ZoneId zone() {
        return zone;
    }

    /** Of the batches that are emitted. */
    Schema projectedSchema() {
        return withOffset(schema.project(request.projection()));
    }

    /** Of the batches that are decoded into: each column once. */
    Schema decodedSchema() {
        return withOffset(schema.project(order.decoded()));
    }

    ColumnOrder order() {
        return order;
    }

    private Schema withOffset(Schema projected) {
        if (!span.asStage()) {
            return projected;
        }
        List<Field> fields = new ArrayList<>(projected.fields());
        fields.add(new Field("$offset", DataType.BIGINT.notNull()));
        return new Schema(fields);
    }

    boolean isStage() {
        return span.asStage();
    }

    long discoveryNanos() {
        return span.discoveryNanos();
    }

    @Override
    public SourceReader open(int readerIndex, ReaderContext context) {
        KafkaReader reader = new KafkaReader(this, readerIndex, context);
        readers.add(reader);
        return reader;
    }

    /** A reader's partitions and where each begins. */
    Map<Integer, Long> startsOf(int reader) {
        Map<Integer, Long> starts = new TreeMap<>();
        for (int p = reader; reader < readersInUse && p < topic.partitions(); p += readersInUse) {
            long fallback = span.ends() == null ? Fetcher.EARLIEST : 0;
            starts.put(p, span.starts().getOrDefault(p, fallback));
        }
        return starts;
    }

    long endOf(int partition) {
        // Of a run that ends, a partition that has come since its ends were set is not read.
        return span.ends() == null ? PartitionState.NO_END : span.ends().getOrDefault(partition, 0L);
    }

    /** Partitions of a reader that were found since; none of a run that ends. */
    List<Integer> newPartitionsOf(int reader, Collection<Integer> known) {
        int now = partitions;
        if (now == topic.partitions() || span.ends() != null || reader >= readersInUse) {
            return List.of();
        }
        List<Integer> added = new ArrayList<>();
        for (int p = topic.partitions(); p < now; p++) {
            if (p % readersInUse == reader && !known.contains(p)) {
                added.add(p);
            }
        }
        return added;
    }

    /** Asks the broker about the topic: fails when either is gone, and learns of new partitions. I/O threads. */
    void lookAtTopic() {
        TopicAdmin.Topic now = admin.describe();
        if (!now.id().equals(topic.id())) {
            throw new MillraceException(
                    ErrorCode.CONTRACT_BROKEN,
                    "topic " + table.topic() + " was deleted and made anew while it was read");
        }
        if (!draining) {
            partitions = Math.max(partitions, now.partitions());
        }
    }

    /** Whether no partition can be added any more. */
    boolean isClosedToPartitions() {
        return span.ends() != null || draining;
    }

    boolean isDraining() {
        return draining;
    }

    void read(int rows, long bytes) {
        rowsRead.addAndGet(rows);
        bytesRead.addAndGet(bytes);
    }

    void lag(int reader, long rows) {
        lags.set(reader, rows);
    }

    /**
     * A reader has emitted all that was there when it began. Not asked of the lag: of a topic that is always written to
     * it is hardly ever zero.
     */
    synchronized void reachedPresent(int reader) {
        present.set(reader);
        live |= present.cardinality() >= readersInUse;
    }

    private long lag() {
        long sum = 0;
        for (int i = 0; i < readersInUse; i++) {
            long lag = lags.get(i);
            if (lag < 0) {
                return -1;
            }
            sum += lag;
        }
        return sum;
    }

    @Override
    public SourceProgress progress() {
        return new SourceProgress(rowsRead.get(), -1, bytesRead.get(), lag(), live && span.ends() == null);
    }

    /** Each reader asks for the end of its partitions as of now, and ends there. */
    @Override
    public void drain() {
        draining = true;
        readers.forEach(KafkaReader::wakeUp);
    }

    @Override
    public void close() {
        admin.close();
    }
}
