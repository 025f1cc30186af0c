package io.millrace.cli.demo;

import io.millrace.connectors.nexmark.NexmarkConfig;
import io.millrace.connectors.nexmark.NexmarkConfig.Mix;
import io.millrace.connectors.nexmark.NexmarkConfig.Timeline;

/**
 * Which bids there are, as functions of their number. Immutable.
 *
 * @param config of the generator
 * @param firstLive bids below it are history
 * @param repeatedFrom bids from it on are in the topic
 * @param bidsPerSecond how fast live bids are produced
 */
record DemoEvents(NexmarkConfig config, long firstLive, long repeatedFrom, long bidsPerSecond) {
    static final int PARTITIONS = 4;
    static final long SEED = 20_260_101;

    private static final long REPEATED_BIDS = 100_000;
    private static final long HISTORY_NANOS = 90L * 86_400 * 1_000_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Event time of live bids passes as fast as the clock. */
    static DemoEvents of(long historyRows, long bidsPerSecond) {
        return of(historyRows, bidsPerSecond, 1);
    }

    /**
     * Bids of which {@code historyRows} are history.
     *
     * @param speed seconds of event time that live bids cross in a second
     */
    static DemoEvents of(long historyRows, long bidsPerSecond, double speed) {
        Mix mix = Mix.DEFAULT;
        long events = eventOf(mix, historyRows);
        double livePerSecond = bidsPerSecond / speed * mix.total() / mix.bids();
        Timeline timeline =
                new Timeline(
                        NexmarkConfig.DEFAULT_BASE_MICROS,
                        HISTORY_NANOS / events,
                        events,
                        Math.round(NANOS_PER_SECOND / livePerSecond));
        NexmarkConfig config = NexmarkConfig.defaults(SEED).withTimeline(timeline);
        return new DemoEvents(config, historyRows, Math.max(0, historyRows - REPEATED_BIDS), bidsPerSecond);
    }

    private static long eventOf(Mix mix, long bid) {
        return bid / mix.bids() * mix.total() + mix.persons() + mix.auctions() + bid % mix.bids();
    }

    /** The number of the event that a bid is. */
    long eventOf(long bid) {
        return eventOf(config.mix(), bid);
    }

    /** The number of the bid that an event is. */
    long bidOf(long event) {
        Mix mix = config.mix();
        return event / mix.total() * mix.bids() + event % mix.total() - mix.persons() - mix.auctions();
    }

    static int partitionOf(long bid) {
        return (int) (bid % PARTITIONS);
    }

    /** Where the topic has a bid. */
    long offsetOf(long bid) {
        return (bid - repeatedFrom) / PARTITIONS;
    }

    boolean isInTopic(long bid) {
        return bid >= repeatedFrom;
    }

    long eventTimeMicros(long bid) {
        return config.timeline().eventTimeMicros(eventOf(bid));
    }

    /** When a live bid is due, after the first one. */
    long dueNanos(long bid) {
        return (long) ((bid - firstLive) * (NANOS_PER_SECOND / bidsPerSecond));
    }

    /** The first live bid that is not due yet this long after the first one. */
    long dueBefore(long sinceStartNanos) {
        return firstLive + (long) (sinceStartNanos / NANOS_PER_SECOND * bidsPerSecond) + 1;
    }
}
