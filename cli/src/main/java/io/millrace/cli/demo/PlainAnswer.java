package io.millrace.cli.demo;

import io.millrace.connectors.nexmark.NexmarkReference;
import io.millrace.memory.error.MillraceException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the demo's views must hold, counted in the plainest way from the numbers of the bids, each once. Bids are in
 * order of event time, so that a window is complete when the next one begins. One thread.
 */
final class PlainAnswer {
    private static final long MINUTE_MICROS = 60_000_000L;
    private static final long HOUR_MICROS = 3_600_000_000L;
    private static final Set<String> HOT_CHANNELS = Set.of("Google", "Facebook", "Baidu", "Apple");
    private static final int COUNT = 0;
    private static final int SUM = 1;
    private static final int MAX = 2;

    private final DemoEvents events;
    private final NexmarkReference reference;
    private final Map<String, RowTable> tables;
    private final Map<String, long[]> channels = new LinkedHashMap<>();
    private final Map<Long, long[]> auctions = new HashMap<>();
    private final Map<Integer, long[]> partitions = new HashMap<>();
    private long[] minute = newTally();
    private long minuteMicros = Long.MIN_VALUE;
    private long hourMicros = Long.MIN_VALUE;

    private PlainAnswer(DemoEvents events, Map<String, RowTable> tables) {
        this.events = events;
        this.reference = new NexmarkReference(events.config());
        this.tables = tables;
    }

    /** Adds to the empty tables, named as the views, the rows that follow from the bids from 0 to {@code endBid}. */
    static void compute(DemoEvents events, long endBid, Map<String, RowTable> tables) {
        PlainAnswer answer = new PlainAnswer(events, tables);
        for (long bid = 0; bid < endBid; bid++) {
            answer.add(bid);
        }
        answer.endMinute();
        answer.endHour();
        answer.partitions.forEach((partition, tally) ->
                answer.table("partitions").add(partition < 0 ? null : partition, tally[COUNT], tally[MAX]));
    }

    private RowTable table(String view) {
        RowTable table = tables.get(view);
        if (table == null) {
            throw MillraceException.internal("the demo has no view " + view + ", but " + tables.keySet());
        }
        return table;
    }

    private static long[] newTally() {
        return new long[] {0, 0, Long.MIN_VALUE};
    }

    private static void add(long[] tally, long value) {
        tally[COUNT]++;
        tally[SUM] += value;
        tally[MAX] = Math.max(tally[MAX], value);
    }

    private void add(long bid) {
        long event = events.eventOf(bid);
        long time = events.eventTimeMicros(bid);
        long price = reference.priceOf(event);
        if (time - Math.floorMod(time, MINUTE_MICROS) != minuteMicros) {
            endMinute();
            minuteMicros = time - Math.floorMod(time, MINUTE_MICROS);
        }
        if (time - Math.floorMod(time, HOUR_MICROS) != hourMicros) {
            endHour();
            hourMicros = time - Math.floorMod(time, HOUR_MICROS);
        }
        add(minute, price);
        String channel = reference.channelOf(event);
        if (HOT_CHANNELS.contains(channel)) {
            add(channels.computeIfAbsent(channel, unused -> newTally()), price);
        }
        long auction = reference.auctionOf(event);
        if (auction % 100 == 0) {
            add(auctions.computeIfAbsent(auction, unused -> newTally()), price);
        }
        int partition = events.isInTopic(bid) ? DemoEvents.partitionOf(bid) : -1;
        add(partitions.computeIfAbsent(partition, unused -> newTally()), event);
    }

    private void endMinute() {
        if (minute[COUNT] > 0) {
            table("bids_by_minute")
                    .add(minuteMicros, minuteMicros + MINUTE_MICROS, minute[COUNT], minute[SUM], minute[MAX]);
        }
        minute = newTally();
    }

    private void endHour() {
        long end = hourMicros + HOUR_MICROS;
        channels.forEach(
                (channel, tally) -> table("channels_by_hour").add(hourMicros, end, channel, tally[COUNT], tally[SUM]));
        auctions.forEach((auction, tally) ->
                table("hot_auctions_by_hour").add(hourMicros, end, auction, tally[COUNT], tally[MAX]));
        channels.clear();
        auctions.clear();
    }
}
