package io.millrace.connectors.kafka;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Owns the consumer of one reader. {@link #fetch} is called by the worker and returns a task for an I/O thread; there
 * is at most one such task at a time, and the consumer is touched by no other thread.
 */
final class Fetcher {
    /** A partition that is to be read from its earliest offset. */
    static final long EARLIEST = -1;

    /** A fetch waits so long for records, and twice as long as the one before when that brought none. */
    private static final long MIN_WAIT_MILLIS = 200;

    private static final long MAX_WAIT_MILLIS = 800;

    /** After this long without a record somebody asks whether the broker and the topic are still there. */
    private static final long PROBE_NANOS = 3_000_000_000L;

    private final KafkaRun run;
    private final KafkaTable table;
    private final IoThreads io;
    private final Clock clock;
    private final Object guard = new Object();
    private final Map<TopicPartition, Long> assigned = new HashMap<>();
    private volatile KafkaConsumer<Void, ByteBuffer> consumer;
    private volatile boolean closed;
    private Metric fetchAnswers;
    private double answersSeen;
    private long lastAnswerNanos;
    private long waitMillis = MIN_WAIT_MILLIS;

    /**
     * What the worker wants of the next fetch.
     *
     * @param positions of partitions to begin with, {@link #EARLIEST} for the first there is
     * @param paused partitions to fetch nothing of
     * @param endsOf partitions whose end as of now is asked for
     * @param discover whether to look for new partitions
     */
    record Wish(Map<Integer, Long> positions, Set<Integer> paused, Set<Integer> endsOf, boolean discover) {}

    Fetcher(KafkaRun run, KafkaTable table, IoThreads io, Clock clock) {
        this.run = run;
        this.table = table;
        this.io = io;
        this.clock = clock;
    }

    /** Begins a fetch; it waits less than a second for records, and ends early when woken. */
    IoTask<Fetched> fetch(Wish wish) {
        return io.submit("fetch from topic " + table.topic(), () -> call(wish));
    }

    /** Ends a fetch that waits. Any thread. */
    void wakeUp() {
        KafkaConsumer<Void, ByteBuffer> waiting = consumer;
        if (waiting != null) {
            waiting.wakeup();
        }
    }

    /** Stops what runs and closes the consumer, on an I/O thread. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        wakeUp();
        io.submit("close consumer of topic " + table.topic(), this::closeConsumer);
    }

    private Boolean closeConsumer() {
        synchronized (guard) {
            if (consumer != null) {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
                consumer = null;
            }
        }
        return Boolean.TRUE;
    }

    private Fetched call(Wish wish) {
        synchronized (guard) {
            if (closed) {
                return Fetched.NOTHING;
            }
            try {
                return fetchInRange(wish);
            } catch (WakeupException woken) {
                // Ends that were asked for are asked for again.
                return Fetched.NOTHING;
            } catch (RuntimeException failed) {
                throw KafkaFailures.translate(failed, table.servers(), "cannot read topic " + table.topic());
            }
        }
    }

    private Fetched fetchInRange(Wish wish) {
        try {
            return fetchNow(wish);
        } catch (OffsetOutOfRangeException gone) {
            // A topic made anew under the old name holds other records: that is said rather than which are missing.
            run.lookAtTopic();
            throw outOfRange(gone.offsetOutOfRangePartitions());
        }
    }

    private Fetched fetchNow(Wish wish) {
        if (consumer == null) {
            consumer = open();
            lastAnswerNanos = clock.nanoTime();
        }
        assign(wish.positions());
        pause(wish.paused());
        if (wish.discover()) {
            run.lookAtTopic();
        }
        Map<Integer, Long> ends = ends(wish.endsOf());
        ConsumerRecords<Void, ByteBuffer> records = consumer.poll(Duration.ofMillis(waitMillis));
        waitMillis = records.isEmpty() ? Math.min(MAX_WAIT_MILLIS, 2 * waitMillis) : MIN_WAIT_MILLIS;
        probe(records.isEmpty());
        List<Fetched.Part> parts = new ArrayList<>(assigned.size());
        for (TopicPartition partition : assigned.keySet()) {
            long position = consumer.position(partition, Duration.ofMillis(table.timeoutMillis()));
            long lag = consumer.currentLag(partition).orElse(-1);
            parts.add(new Fetched.Part(partition.partition(), records.records(partition), position, lag));
        }
        return new Fetched(parts, ends, hasAnswered());
    }

    /** Whether a broker has answered a fetch, if only to say that there is nothing, since this was last asked. */
    private boolean hasAnswered() {
        if (fetchAnswers == null) {
            for (Map.Entry<MetricName, ? extends Metric> metric : consumer.metrics().entrySet()) {
                MetricName name = metric.getKey();
                if (name.group().equals("consumer-fetch-manager-metrics") && name.name().equals("fetch-total")) {
                    fetchAnswers = metric.getValue();
                }
            }
            if (fetchAnswers == null) {
                return true;
            }
        }
        double now = (Double) fetchAnswers.metricValue();
        boolean answered = now != answersSeen;
        answersSeen = now;
        return answered;
    }

    private KafkaConsumer<Void, ByteBuffer> open() {
        Map<String, Object> properties = ClientProperties.forConsumer(table.properties());
        properties.put("default.api.timeout.ms", Integer.toString(table.timeoutMillis()));
        properties.putIfAbsent("request.timeout.ms", Integer.toString(table.timeoutMillis()));
        Deserializer<Void> noKey = (topic, bytes) -> null;
        return new KafkaConsumer<>(properties, noKey, new ByteBufferDeserializer());
    }

    private void assign(Map<Integer, Long> positions) {
        if (positions.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> added = new HashMap<>();
        positions.forEach((partition, offset) -> added.put(new TopicPartition(table.topic(), partition), offset));
        added.keySet().removeAll(assigned.keySet());
        assigned.putAll(added);
        consumer.assign(assigned.keySet());
        added.forEach((partition, offset) -> {
            if (offset == EARLIEST) {
                consumer.seekToBeginning(Set.of(partition));
            } else {
                consumer.seek(partition, offset);
            }
        });
    }

    private void pause(Set<Integer> paused) {
        Collection<TopicPartition> now = consumer.paused();
        for (TopicPartition partition : assigned.keySet()) {
            boolean wanted = paused.contains(partition.partition());
            if (wanted && !now.contains(partition)) {
                consumer.pause(Set.of(partition));
            } else if (!wanted && now.contains(partition)) {
                consumer.resume(Set.of(partition));
            }
        }
    }

    private Map<Integer, Long> ends(Set<Integer> partitions) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        List<TopicPartition> asked = new ArrayList<>();
        partitions.forEach(p -> asked.add(new TopicPartition(table.topic(), p)));
        Map<Integer, Long> ends = new HashMap<>();
        consumer.endOffsets(asked, Duration.ofMillis(table.timeoutMillis()))
                .forEach((partition, end) -> ends.put(partition.partition(), end));
        return ends;
    }

    private void probe(boolean nothingCame) {
        long now = clock.nanoTime();
        if (nothingCame && now - lastAnswerNanos > PROBE_NANOS) {
            run.lookAtTopic();
            now = clock.nanoTime();
        } else if (nothingCame) {
            return;
        }
        lastAnswerNanos = now;
    }

    private MillraceException outOfRange(Map<TopicPartition, Long> wanted) {
        StringBuilder text = new StringBuilder();
        Map<TopicPartition, Long> first = consumer.beginningOffsets(wanted.keySet());
        Map<TopicPartition, Long> end = consumer.endOffsets(wanted.keySet());
        wanted.forEach((partition, offset) -> {
            text.append(text.isEmpty() ? "" : "; ");
            text.append(RangeText.of(partition.partition(), offset, first.get(partition), end.get(partition)));
        });
        return new MillraceException(ErrorCode.OFFSET_OUT_OF_RANGE, "topic " + table.topic() + ": " + text)
                .withHelp(RangeText.ADVICE);
    }
}
