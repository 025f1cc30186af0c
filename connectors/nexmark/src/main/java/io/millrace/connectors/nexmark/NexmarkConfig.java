package io.millrace.connectors.nexmark;

import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import io.millrace.memory.time.Clock;

/**
 * What determines the events. Two equal configurations give equal events, bit by bit.
 *
 * @param disorderEvents events are emitted permuted within groups of this many; 1 for in order
 */
public record NexmarkConfig(long seed, Timeline timeline, Mix mix, Sizes sizes, HotRatios hot, int disorderEvents) {
    /** 2026-01-01T00:00Z. */
    public static final long DEFAULT_BASE_MICROS = 1_767_225_600_000_000L;

    private static final int DISORDER_FACTOR = 953;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    public NexmarkConfig {
        if (disorderEvents < 1 || disorderEvents % DISORDER_FACTOR == 0 || disorderEvents > 1 << 20) {
            throw new IllegalArgumentException(
                    "expected disorderEvents from 1 to 1048576 and no multiple of 953, found " + disorderEvents);
        }
    }

    /** The public benchmark's defaults: 10,000 events a second of event time, in order. */
    public static NexmarkConfig defaults(long seed) {
        return new NexmarkConfig(
                seed, Timeline.of(DEFAULT_BASE_MICROS, 10_000), Mix.DEFAULT, Sizes.DEFAULT, HotRatios.DEFAULT, 1);
    }

    public NexmarkConfig withTimeline(Timeline newTimeline) {
        return new NexmarkConfig(seed, newTimeline, mix, sizes, hot, disorderEvents);
    }

    public NexmarkConfig withDisorder(int newDisorderEvents) {
        return new NexmarkConfig(seed, timeline, mix, sizes, hot, newDisorderEvents);
    }

    /** The event that is emitted at a position. */
    public long eventAt(long position) {
        if (disorderEvents == 1) {
            return position;
        }
        long group = position - position % disorderEvents;
        return group + position * DISORDER_FACTOR % disorderEvents;
    }

    /** No event from this position on is earlier than this. */
    public long boundMicros(long position) {
        return timeline.eventTimeMicros(position - position % disorderEvents);
    }

    /**
     * When events happen: at one rate up to an event, at another from it on.
     *
     * @param baseMicros event time of event 0, whole milliseconds
     * @param delayNanos from one event to the next, up to {@code laterFromEvent}
     * @param laterFromEvent where the second rate begins
     * @param laterDelayNanos from one event to the next after it
     */
    public record Timeline(long baseMicros, long delayNanos, long laterFromEvent, long laterDelayNanos) {
        public Timeline {
            if (delayNanos < 1 || laterDelayNanos < 1 || laterFromEvent < 0 || baseMicros % 1_000 != 0) {
                throw new IllegalArgumentException(
                        "expected positive delays and a base of whole milliseconds, found delayNanos="
                                + delayNanos
                                + " laterDelayNanos="
                                + laterDelayNanos
                                + " laterFromEvent="
                                + laterFromEvent
                                + " baseMicros="
                                + baseMicros);
            }
        }

        /** One rate throughout. */
        public static Timeline of(long baseMicros, double eventsPerSecond) {
            return new Timeline(baseMicros, delayNanos(eventsPerSecond), Long.MAX_VALUE, 1);
        }

        /** The same up to an event, and another rate from it on. */
        public Timeline then(long fromEvent, double eventsPerSecond) {
            return new Timeline(baseMicros, delayNanos, fromEvent, delayNanos(eventsPerSecond));
        }

        private static long delayNanos(double eventsPerSecond) {
            return Math.max(1, Math.round(NANOS_PER_SECOND / eventsPerSecond));
        }

        /** Nanoseconds from event 0 to this one. */
        public long sinceBaseNanos(long event) {
            return event <= laterFromEvent
                    ? event * delayNanos
                    : laterFromEvent * delayNanos + (event - laterFromEvent) * laterDelayNanos;
        }

        /** The event's time, cut to whole milliseconds. */
        public long eventTimeMicros(long event) {
            return baseMicros + sinceBaseNanos(event) / 1_000_000 * 1_000;
        }
    }

    /** Of each {@code persons + auctions + bids} events, the first are persons, the next auctions, the last bids. */
    public record Mix(int persons, int auctions, int bids) {
        public static final Mix DEFAULT = new Mix(1, 3, 46);

        public Mix {
            if (persons < 1 || auctions < 1 || bids < 1 || persons > 10_000 || auctions > 10_000 || bids > 1_000_000) {
                throw new IllegalArgumentException(
                        "expected at least one of each, found persons="
                                + persons
                                + " auctions="
                                + auctions
                                + " bids="
                                + bids);
            }
        }

        public int total() {
            return persons + auctions + bids;
        }
    }

    /** The sizes that {@code extra} pads records to, on average. */
    public record Sizes(int personBytes, int auctionBytes, int bidBytes) {
        public static final Sizes DEFAULT = new Sizes(200, 500, 100);
        static final int MAX_BYTES = 64 << 10;

        public Sizes {
            int largest = Math.max(personBytes, Math.max(auctionBytes, bidBytes));
            int least = Math.min(personBytes, Math.min(auctionBytes, bidBytes));
            if (least < 0 || largest > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "expected sizes from 0 to "
                                + MAX_BYTES
                                + " bytes, found personBytes="
                                + personBytes
                                + " auctionBytes="
                                + auctionBytes
                                + " bidBytes="
                                + bidBytes);
            }
        }
    }

    /** One in so many is not hot. */
    public record HotRatios(int bidAuctions, int bidBidders, int auctionSellers) {
        public static final HotRatios DEFAULT = new HotRatios(2, 4, 4);

        public HotRatios {
            if (bidAuctions < 1 || bidBidders < 1 || auctionSellers < 1) {
                throw new IllegalArgumentException(
                        "expected ratios of at least 1, found bidAuctions="
                                + bidAuctions
                                + " bidBidders="
                                + bidBidders
                                + " auctionSellers="
                                + auctionSellers);
            }
        }
    }

    /** Reads a table's options; the clock is asked only for {@code 'base-time' = 'now'}. */
    static NexmarkConfig of(TableDescriptor table, Clock clock) {
        TableOptions options = new TableOptions(table);
        double rate = options.getPositive("first-event.rate", options.getPositive("tps", 10_000));
        long base =
                "now".equals(table.option("base-time"))
                        ? clock.epochMicros() / 1_000 * 1_000
                        : options.getTimeMicros("base-time", DEFAULT_BASE_MICROS);
        if (base % 1_000 != 0) {
            throw options.invalid("base-time", "whole milliseconds");
        }
        Timeline timeline = Timeline.of(base, rate);
        if (table.option("next-event.from") != null) {
            timeline =
                    timeline.then(
                            options.getLong("next-event.from", 0, 0, Long.MAX_VALUE),
                            options.getPositive("next-event.rate", rate));
        }
        Mix mix =
                new Mix(
                        options.getInt("person.proportion", Mix.DEFAULT.persons(), 1, 10_000),
                        options.getInt("auction.proportion", Mix.DEFAULT.auctions(), 1, 10_000),
                        options.getInt("bid.proportion", Mix.DEFAULT.bids(), 1, 1_000_000));
        Sizes sizes =
                new Sizes(
                        sizeOf(options, "person.avg-size", Sizes.DEFAULT.personBytes()),
                        sizeOf(options, "auction.avg-size", Sizes.DEFAULT.auctionBytes()),
                        sizeOf(options, "bid.avg-size", Sizes.DEFAULT.bidBytes()));
        HotRatios hot =
                new HotRatios(
                        options.getInt("bid.hot-ratio.auctions", HotRatios.DEFAULT.bidAuctions(), 1, Integer.MAX_VALUE),
                        options.getInt("bid.hot-ratio.bidders", HotRatios.DEFAULT.bidBidders(), 1, Integer.MAX_VALUE),
                        options.getInt(
                                "auction.hot-ratio.sellers", HotRatios.DEFAULT.auctionSellers(), 1, Integer.MAX_VALUE));
        int disorder = options.getInt("out-of-order.group-size", 1, 1, 1 << 20);
        if (disorder % DISORDER_FACTOR == 0) {
            throw options.invalid("out-of-order.group-size", "no multiple of " + DISORDER_FACTOR);
        }
        return new NexmarkConfig(
                options.getLong("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE), timeline, mix, sizes, hot, disorder);
    }

    private static int sizeOf(TableOptions options, String key, int defaultBytes) {
        long bytes = options.getBytes(key, defaultBytes);
        if (bytes > Sizes.MAX_BYTES) {
            throw options.invalid(key, "at most " + Sizes.MAX_BYTES + " bytes");
        }
        return (int) bytes;
    }
}
