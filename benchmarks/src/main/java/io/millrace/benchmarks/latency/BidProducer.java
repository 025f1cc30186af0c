package io.millrace.benchmarks.latency;

import io.millrace.connectors.nexmark.NexmarkConfig;
import io.millrace.connectors.nexmark.NexmarkEvent;
import io.millrace.connectors.nexmark.NexmarkReference;
import io.millrace.memory.time.Clock;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends JSON bids on a schedule that nothing changes: so many each millisecond, all due at its beginning. Bids are
 * encoded beforehand; auction and time are written into them. Prints one line of JSON at the end.
 *
 * <p>Arguments: servers, topic, partitions, bids a second, first millisecond since the epoch, milliseconds,
 * milliseconds that are not measured.
 */
public final class BidProducer {
    /** Auctions from this number on are probes; they have as many digits as the others. */
    static final long PROBES = 5_000_000_000L;

    private static final long AUCTIONS = 1_000_000_000L;
    private static final int AUCTION_DIGITS = 10;
    private static final int TEMPLATES = 1 << 14;
    private static final long LONGEST_MICROS = 600_000_000L;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private final String topic;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final byte[][] templates = new byte[TEMPLATES][];
    private final int[] auctionAt = new int[TEMPLATES];
    private final int[] timeAt = new int[TEMPLATES];
    private final long[] auctions = new long[TEMPLATES];
    private final long auctionsPerTurn;
    private final Clock clock = Clock.system();
    private final Histogram sendMicros = new Histogram(LONGEST_MICROS, 3);
    private final Histogram ackMicros = new Histogram(LONGEST_MICROS, 3);
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private long sent;

    private BidProducer(String servers, String topic, int partitions) {
        this.topic = topic;
        this.partitions = partitions;
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers", servers,
                                "linger.ms", "1",
                                "batch.size", "131072",
                                "buffer.memory", "67108864"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.auctionsPerTurn = encodeTemplates();
    }

    public static void main(String[] arguments) {
        BidProducer bids = new BidProducer(arguments[0], arguments[1], Integer.parseInt(arguments[2]));
        int perMilli = Integer.parseInt(arguments[3]) / 1_000;
        bids.run(
                perMilli, Long.parseLong(arguments[4]), Integer.parseInt(arguments[5]), Integer.parseInt(arguments[6]));
    }

    /** Returns how many auctions they span. */
    private long encodeTemplates() {
        NexmarkReference events = new NexmarkReference(NexmarkConfig.defaults(1));
        long least = Long.MAX_VALUE;
        long greatest = 0;
        int count = 0;
        for (long number = 1_000_000; count < TEMPLATES; number++) {
            if (events.event(number) instanceof NexmarkEvent.Bid bid) {
                String head = "{\"event_id\":" + bid.eventId() + ",\"auction\":";
                String middle =
                        ",\"bidder\":"
                                + bid.bidder()
                                + ",\"price\":"
                                + bid.price()
                                + ",\"channel\":\""
                                + bid.channel()
                                + "\",\"url\":\""
                                + bid.url()
                                + "\",\"date_time\":\"";
                auctionAt[count] = head.length();
                timeAt[count] = head.length() + AUCTION_DIGITS + middle.length();
                templates[count] =
                        (head + PROBES + middle + "2026-01-01 00:00:00.000" + "\",\"extra\":\"" + bid.extra() + "\"}")
                                .getBytes(StandardCharsets.US_ASCII);
                auctions[count] = bid.auction();
                least = Math.min(least, bid.auction());
                greatest = Math.max(greatest, bid.auction());
                count++;
            }
        }
        return greatest - least + 1;
    }

    private void run(int perMilli, long firstMillis, int millis, int unmeasuredMillis) {
        for (int tick = 0; tick < millis && failure.get() == null; tick++) {
            long dueMicros = (firstMillis + tick) * 1_000;
            for (long left = dueMicros - clock.epochMicros(); left > 0; left = dueMicros - clock.epochMicros()) {
                LockSupport.parkNanos(left * 1_000);
            }
            tick(tick, firstMillis + tick, perMilli, tick >= unmeasuredMillis);
        }
        producer.close();
        if (failure.get() != null) {
            throw new IllegalStateException("cannot write to topic " + topic, failure.get());
        }
        System.out.printf(
                Locale.ROOT,
                "{\"sent\":%d,\"send_p50_ms\":%.2f,\"send_p99_ms\":%.2f,\"acknowledged_p50_ms\":%.2f,"
                        + "\"acknowledged_p99_ms\":%.2f,\"acknowledged_max_ms\":%.2f}%n",
                sent,
                sendMicros.getValueAtPercentile(50) / 1e3,
                sendMicros.getValueAtPercentile(99) / 1e3,
                ackMicros.getValueAtPercentile(50) / 1e3,
                ackMicros.getValueAtPercentile(99) / 1e3,
                ackMicros.getMaxValue() / 1e3);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // of the probe the callback tells; a failure shows there, too
    private void tick(int tick, long dueMillis, int count, boolean measured) {
        int partition = tick % partitions;
        int nanos = (int) Math.floorMod(dueMillis, 1_000L) * 1_000_000;
        byte[] time =
                TIME.format(LocalDateTime.ofEpochSecond(Math.floorDiv(dueMillis, 1_000L), nanos, ZoneOffset.UTC))
                        .getBytes(StandardCharsets.US_ASCII);
        for (int i = 1; i < count; i++) {
            byte[] bid = bid(AUCTIONS + auctions[(int) (sent % TEMPLATES)] + sent / TEMPLATES * auctionsPerTurn, time);
            producer.send(new ProducerRecord<>(topic, partition, dueMillis, null, bid));
        }
        byte[] probe = bid(PROBES + tick, time);
        producer.send(
                new ProducerRecord<>(topic, partition, dueMillis, null, probe),
                (metadata, failed) -> {
                    if (failed != null) {
                        failure.compareAndSet(null, failed);
                    } else if (measured) {
                        ackMicros.recordValue(clock.epochMicros() - dueMillis * 1_000);
                    }
                });
        if (measured) {
            sendMicros.recordValue(Math.max(0, clock.epochMicros() - dueMillis * 1_000));
        }
    }

    /** The next template with this auction and time; the producer copies it before it returns. */
    private byte[] bid(long auction, byte[] time) {
        int index = (int) (sent++ % TEMPLATES);
        byte[] bid = templates[index];
        long rest = auction;
        for (int at = auctionAt[index] + AUCTION_DIGITS - 1; at >= auctionAt[index]; at--) {
            bid[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        System.arraycopy(time, 0, bid, timeAt[index], time.length);
        return bid;
    }
}
