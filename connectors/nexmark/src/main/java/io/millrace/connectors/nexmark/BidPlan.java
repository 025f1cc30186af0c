package io.millrace.connectors.nexmark;

import io.millrace.connectors.nexmark.NexmarkConfig.Mix;
import java.util.Arrays;

/** The bids among a range of positions: their events, where their rows go, and who is newest. Reused; one thread. */
final class BidPlan {
    final NexmarkConfig config;
    long[] events = new long[0];
    long[] newestPersons = new long[0];
    long[] newestAuctions = new long[0];

    /** Row of each bid, counted from the first row that this plan adds. */
    int[] rows = new int[0];

    int count;
    long firstEvent;
    long lastEvent;

    BidPlan(NexmarkConfig config) {
        this.config = config;
    }

    private void ensure(int bids) {
        if (events.length < bids) {
            events = new long[bids];
            newestPersons = new long[bids];
            newestAuctions = new long[bids];
            rows = new int[bids];
        }
    }

    /**
     * Plans the positions from {@code from} to {@code to}.
     *
     * @param sparse whether a bid's row is its position less {@code from}; else bids are rows one after the other
     */
    void plan(long from, long to, boolean sparse) {
        ensure(Math.toIntExact(to - from));
        count = 0;
        if (config.disorderEvents() == 1) {
            planInOrder(from, to, sparse);
        } else {
            planDisordered(from, to, sparse);
        }
    }

    private void planInOrder(long from, long to, boolean sparse) {
        Mix mix = config.mix();
        int total = mix.total();
        int before = mix.persons() + mix.auctions();
        int n = 0;
        for (long epoch = from / total; epoch * total < to; epoch++) {
            long start = Math.max(from, epoch * total + before);
            int bids = (int) Math.max(0, Math.min(to, (epoch + 1) * total) - start);
            long newestPerson = epoch * mix.persons() + mix.persons() - 1;
            long newestAuction = epoch * mix.auctions() + mix.auctions() - 1;
            Arrays.fill(newestPersons, n, n + bids, newestPerson);
            Arrays.fill(newestAuctions, n, n + bids, newestAuction);
            int firstRow = sparse ? (int) (start - from) : n;
            for (int i = 0; i < bids; i++) {
                events[n + i] = start + i;
                rows[n + i] = firstRow + i;
            }
            n += bids;
        }
        count = n;
        firstEvent = n == 0 ? 0 : events[0];
        lastEvent = n == 0 ? 0 : events[n - 1];
    }

    private void planDisordered(long from, long to, boolean sparse) {
        Mix mix = config.mix();
        int total = mix.total();
        int before = mix.persons() + mix.auctions();
        int n = 0;
        firstEvent = Long.MAX_VALUE;
        lastEvent = 0;
        for (long position = from; position < to; position++) {
            long event = config.eventAt(position);
            long epoch = event / total;
            if (event - epoch * total >= before) {
                events[n] = event;
                newestPersons[n] = epoch * mix.persons() + mix.persons() - 1;
                newestAuctions[n] = epoch * mix.auctions() + mix.auctions() - 1;
                rows[n] = sparse ? (int) (position - from) : n;
                firstEvent = Math.min(firstEvent, event);
                lastEvent = Math.max(lastEvent, event);
                n++;
            }
        }
        count = n;
    }
}
