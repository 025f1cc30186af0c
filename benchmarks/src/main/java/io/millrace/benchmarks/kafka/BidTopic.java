package io.millrace.benchmarks.kafka;

import io.millrace.connectors.nexmark.NexmarkConfig;
import io.millrace.connectors.nexmark.NexmarkEvent;
import io.millrace.connectors.nexmark.NexmarkReference;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic of Nexmark bids as JSON.
 *
 * @param averageBytes of a record's value
 * @param checksum of all values of all columns, see {@link #checksum}
 * @param sum of all numbers, and of the lengths of all strings
 */
record BidTopic(String servers, String name, int partitions, int rows, long averageBytes, long checksum, long sum) {
    static final List<String> COLUMNS =
            List.of("event_id", "auction", "bidder", "price", "channel", "url", "date_time", "extra");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    /** Makes the topic and writes the first {@code rows} bids, runs of 256 to one partition after the other. */
    static BidTopic write(String servers, String name, int partitions, int rows)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
        }
        Map<String, Object> properties =
                Map.of(
                        "bootstrap.servers", servers,
                        "linger.ms", "20",
                        "batch.size", "131072",
                        "max.in.flight.requests.per.connection", "1");
        AtomicReference<Exception> failure = new AtomicReference<>();
        NexmarkReference events = new NexmarkReference(NexmarkConfig.defaults(1));
        long bytes = 0;
        long sum = 0;
        long checksum = 0;
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            int sent = 0;
            for (long number = 0; sent < rows; number++) {
                if (!(events.event(number) instanceof NexmarkEvent.Bid bid)) {
                    continue;
                }
                String time = time(bid.dateTimeMicros());
                byte[] json = json(bid, time).getBytes(StandardCharsets.UTF_8);
                bytes += json.length;
                sum += bid.eventId() + bid.auction() + bid.bidder() + bid.price();
                sum += bid.channel().length() + bid.url().length() + bid.extra().length() + time.length();
                checksum +=
                        checksum(0, bid.eventId())
                                + checksum(1, bid.auction())
                                + checksum(2, bid.bidder())
                                + checksum(3, bid.price())
                                + checksum(4, bid.channel().hashCode())
                                + checksum(5, bid.url().hashCode())
                                + checksum(6, bid.dateTimeMicros() / 1_000)
                                + checksum(7, bid.extra().hashCode());
                var unused =
                        producer.send(
                                new ProducerRecord<>(name, (sent++ >> 8) % partitions, null, json),
                                (metadata, failed) -> failure.compareAndSet(null, failed));
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("cannot write to topic " + name, failure.get());
        }
        return new BidTopic(servers, name, partitions, rows, bytes / rows, checksum, sum);
    }

    /** What a value adds: a number itself, a text its {@link String#hashCode}, a time its milliseconds. */
    static long checksum(int column, long value) {
        return (value + 1) * (0x9e3779b97f4a7c15L + 2L * column);
    }

    /** The milliseconds that a text of {@code date_time} stands for. */
    static long millis(String time) {
        return LocalDateTime.parse(time, TIME).toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    private static String time(long micros) {
        int nanos = (int) Math.floorMod(micros, 1_000_000L) * 1_000;
        return TIME.format(LocalDateTime.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), nanos, ZoneOffset.UTC));
    }

    private static String json(NexmarkEvent.Bid bid, String time) {
        return "{\"event_id\":"
                + bid.eventId()
                + ",\"auction\":"
                + bid.auction()
                + ",\"bidder\":"
                + bid.bidder()
                + ",\"price\":"
                + bid.price()
                + ",\"channel\":\""
                + bid.channel()
                + "\",\"url\":\""
                + bid.url()
                + "\",\"date_time\":\""
                + time
                + "\",\"extra\":\""
                + bid.extra()
                + "\"}";
    }
}
