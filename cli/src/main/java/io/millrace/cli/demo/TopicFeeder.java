package io.millrace.cli.demo;

import io.millrace.connectors.nexmark.NexmarkEvent;
import io.millrace.connectors.nexmark.NexmarkReference;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Fills the topic: first what history holds already, then live bids at a steady rate, on a thread of its own. Checks
 * that each record got the offset that history and the report count on.
 */
final class TopicFeeder implements AutoCloseable {
    static final String TOPIC = "bids";

    private static final long PAUSE_NANOS = 1_000_000;
    private static final long MICROS_PER_MILLI = 1_000;

    private final DemoEvents events;
    private final Disturbance disturbance;
    private final Clock clock;
    private final NexmarkReference reference;
    private final BidJson json = new BidJson();
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread = Thread.ofPlatform().daemon().name("millrace-demo-producer").unstarted(this::runLive);
    private final long[] greatestMicros = new long[DemoEvents.PARTITIONS];
    private volatile long startNanos;
    private volatile long nextBid;
    private volatile long maxDisorderMicros;
    private volatile boolean stopping;
    private volatile MillraceException failure;

    TopicFeeder(DemoEvents events, String brokers, Disturbance disturbance, Clock clock) {
        this.events = events;
        this.disturbance = disturbance;
        this.clock = clock;
        this.reference = new NexmarkReference(events.config());
        this.nextBid = events.repeatedFrom();
        java.util.Arrays.fill(greatestMicros, Long.MIN_VALUE);
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                brokers,
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                // One request at a time keeps the order; a repeat would show in the offsets. An
                                // idempotent producer
                                // that meets a partition before its leader is ready may retry out of sequence for
                                // minutes.
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                false,
                                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                                "1",
                                ProducerConfig.LINGER_MS_CONFIG,
                                2,
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                64 << 10,
                                ProducerConfig.BUFFER_MEMORY_CONFIG,
                                8L << 20,
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                120_000),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /** Makes the topic. Old segments go, so that a demo that runs for days does not fill the disk. */
    static void createTopic(String brokers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            NewTopic topic =
                    new NewTopic(TOPIC, DemoEvents.PARTITIONS, (short) 1)
                            .configs(
                                    Map.of(
                                            "segment.bytes", String.valueOf(64 << 20),
                                            "retention.bytes", String.valueOf(1L << 30)));
            admin.createTopics(List.of(topic)).all().get();
            while (!hasLeaders(admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC))) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (ExecutionException failed) {
            throw unreachable(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.CANCELLED, "interrupted", interrupted);
        }
    }

    private static boolean hasLeaders(TopicDescription topic) {
        return topic.partitions().size() == DemoEvents.PARTITIONS
                && topic.partitions().stream().allMatch(p -> p.leader() != null && !p.leader().isEmpty());
    }

    private static MillraceException unreachable(Throwable cause) {
        return new MillraceException(ErrorCode.BROKER_UNREACHABLE, "topic " + TOPIC + ": " + cause.getMessage(), cause);
    }

    /** Sends what history holds of the topic, and waits until the broker has it. */
    void repeatHistory() {
        for (long bid = events.repeatedFrom(); bid < events.firstLive(); bid++) {
            send(bid);
        }
        producer.flush();
        nextBid = events.firstLive();
        throwFailure();
    }

    void startLive() {
        startNanos = clock.nanoTime();
        thread.start();
    }

    private void runLive() {
        try {
            long bid = events.firstLive();
            while (!stopping) {
                long due = events.dueBefore(clock.nanoTime() - startNanos);
                while (bid < due && !stopping) {
                    sendLive(bid);
                    bid++;
                }
                nextBid = bid;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            if (disturbance.happensAtEnd() && bid > disturbedBid()) {
                send(disturbedBid());
            }
            producer.flush();
        } catch (RuntimeException broken) {
            fail(unreachable(broken));
        }
    }

    private void sendLive(long bid) {
        boolean disturbed = bid == disturbedBid();
        if (!disturbed || disturbance != Disturbance.LOSE_ONE && !disturbance.happensAtEnd()) {
            send(bid);
        }
        if (disturbed && disturbance == Disturbance.REPEAT_ONE) {
            send(bid);
        }
    }

    private long disturbedBid() {
        return events.firstLive() + 2;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback gets what the future would
    private void send(long bid) {
        NexmarkEvent.Bid event = (NexmarkEvent.Bid) reference.event(events.eventOf(bid));
        int partition = DemoEvents.partitionOf(bid);
        if (event.dateTimeMicros() < greatestMicros[partition]) {
            maxDisorderMicros = Math.max(maxDisorderMicros, greatestMicros[partition] - event.dateTimeMicros());
        }
        greatestMicros[partition] = Math.max(greatestMicros[partition], event.dateTimeMicros());
        long expectedOffset = events.offsetOf(bid);
        producer.send(
                new ProducerRecord<>(
                        TOPIC, partition, event.dateTimeMicros() / MICROS_PER_MILLI, null, json.encode(event)),
                (metadata, refused) ->
                        acknowledged(bid, expectedOffset, metadata == null ? -1 : metadata.offset(), refused));
    }

    private void acknowledged(long bid, long expectedOffset, long offset, Exception refused) {
        if (refused != null) {
            fail(unreachable(refused));
        } else if (offset != expectedOffset && disturbance == Disturbance.NONE) {
            fail(
                    MillraceException.internal(
                            "expected bid "
                                    + bid
                                    + " at offset "
                                    + expectedOffset
                                    + ", the broker put it at "
                                    + offset));
        }
    }

    private void fail(MillraceException why) {
        if (failure == null) {
            failure = why;
        }
    }

    /** Fails when the producer has. */
    void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    /** When a live bid was due, on the clock's {@code nanoTime}. */
    long dueNanos(long bid) {
        return startNanos + events.dueNanos(bid);
    }

    /** The first bid that was not sent yet. */
    long nextBid() {
        return nextBid;
    }

    /** The greatest step back in event time within a partition of the topic. */
    long maxDisorderMicros() {
        return maxDisorderMicros;
    }

    /** Sends no more, waits until the broker has what was sent, and returns the number of the bid after the last. */
    long stop() {
        stopping = true;
        if (startNanos != 0) {
            joinUninterruptibly();
        }
        throwFailure();
        return nextBid;
    }

    private void joinUninterruptibly() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(1));
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopping = true;
        producer.close(java.time.Duration.ofSeconds(5));
    }
}
