package io.millrace.connectors.nexmark;

import static io.millrace.connectors.nexmark.NexmarkRandom.below;
import static io.millrace.connectors.nexmark.NexmarkRandom.high;
import static io.millrace.connectors.nexmark.NexmarkRandom.low;
import static io.millrace.connectors.nexmark.NexmarkRandom.random;

import io.millrace.connectors.nexmark.NexmarkConfig.HotRatios;
import io.millrace.connectors.nexmark.NexmarkConfig.Timeline;
import io.millrace.memory.buffer.Mem;

/**
 * One loop a column of a bid. Bid {@code i} of a plan is written as row {@code plan.rows[i]} from {@code at} on. The
 * texts' loops copy whole words, past the end of a text, into room that the next text or the slack at the end
 * overwrites.
 */
final class BidKernels {
    /** Bytes after the last text that a loop may write. */
    static final int SLACK_BYTES = 96;

    private static final double[] PRICE_HIGH = powers(0x1p-8);
    private static final double[] PRICE_MIDDLE = powers(0x1p-16);
    private static final double[] PRICE_LOW = powers(0x1p-24);

    private BidKernels() {}

    private static double[] powers(double step) {
        double[] powers = new double[256];
        for (int i = 0; i < powers.length; i++) {
            powers[i] = StrictMath.pow(10, 6 * i * step);
        }
        return powers;
    }

    static void eventIds(BidPlan plan, long at) {
        long[] events = plan.events;
        int[] rows = plan.rows;
        for (int i = 0, n = plan.count; i < n; i++) {
            Mem.putLong(at + 8L * rows[i], events[i]);
        }
    }

    static void auctions(BidPlan plan, long seed, HotRatios ratios, long at) {
        long[] events = plan.events;
        long[] newestAuctions = plan.newestAuctions;
        int[] rows = plan.rows;
        int ratio = ratios.bidAuctions();
        for (int i = 0, n = plan.count; i < n; i++) {
            long random = random(seed, events[i], NexmarkRandom.AUCTION);
            long newest = newestAuctions[i];
            long oldest = Math.max(newest - 100, 0);
            long any = oldest + below(high(random), newest - oldest + 11);
            long hot = newest - newest % 100;
            Mem.putLong(at + 8L * rows[i], 1_000 + (below(low(random), ratio) > 0 ? hot : any));
        }
    }

    static void bidders(BidPlan plan, long seed, HotRatios ratios, long at) {
        long[] events = plan.events;
        long[] newestPersons = plan.newestPersons;
        int[] rows = plan.rows;
        int ratio = ratios.bidBidders();
        for (int i = 0, n = plan.count; i < n; i++) {
            long random = random(seed, events[i], NexmarkRandom.BIDDER);
            long newest = newestPersons[i];
            long active = Math.min(newest + 1, 1_000);
            long any = newest + 1 - active + below(high(random), active + 10);
            long hot = newest - newest % 100 + 1;
            Mem.putLong(at + 8L * rows[i], 2_000 + (below(low(random), ratio) > 0 ? hot : any));
        }
    }

    static void prices(BidPlan plan, long seed, long at) {
        long[] events = plan.events;
        int[] rows = plan.rows;
        double[] high = PRICE_HIGH;
        double[] middle = PRICE_MIDDLE;
        double[] low = PRICE_LOW;
        for (int i = 0, n = plan.count; i < n; i++) {
            int half = (int) (random(seed, events[i], NexmarkRandom.PRICE) >>> 32);
            double scaled = high[half >>> 24] * middle[half >>> 16 & 255] * low[half >>> 8 & 255];
            Mem.putLong(at + 8L * rows[i], (long) (100 * scaled + 0.5));
        }
    }

    static void dateTimes(BidPlan plan, Timeline timeline, long at) {
        long[] events = plan.events;
        int[] rows = plan.rows;
        int n = plan.count;
        if (n == 0) {
            return;
        }
        boolean oneRate = plan.lastEvent <= timeline.laterFromEvent() || plan.firstEvent >= timeline.laterFromEvent();
        if (!oneRate) {
            for (int i = 0; i < n; i++) {
                Mem.putLong(at + 8L * rows[i], timeline.eventTimeMicros(events[i]));
            }
            return;
        }
        boolean later = plan.firstEvent >= timeline.laterFromEvent();
        long delay = later ? timeline.laterDelayNanos() : timeline.delayNanos();
        long first = plan.firstEvent;
        long origin = timeline.sinceBaseNanos(first);
        long base = timeline.baseMicros();
        for (int i = 0; i < n; i++) {
            long nanos = origin + (events[i] - first) * delay;
            Mem.putLong(at + 8L * rows[i], base + nanos / 1_000_000 * 1_000);
        }
    }

    /** Which channel a bid's random number names; the four hot ones come after the others. */
    private static int channel(long random) {
        long half = high(random);
        long hot = NexmarkText.CHANNELS + (half >>> 30);
        return (int) (low(random) < 1L << 31 ? hot : below(half, NexmarkText.CHANNELS));
    }

    static void channels(BidPlan plan, long seed, NexmarkText text, long at) {
        long[] events = plan.events;
        int[] rows = plan.rows;
        long names = text.channelsAddress();
        for (int i = 0, n = plan.count; i < n; i++) {
            long name = names + 16L * channel(random(seed, events[i], NexmarkRandom.CHANNEL));
            long view = at + 16L * rows[i];
            Mem.putLong(view, Mem.getLong(name));
            Mem.putLong(view + 8, Mem.getLong(name + 8));
        }
    }

    /** Returns the bytes written at {@code data}, which is data buffer {@code buffer} of the column. */
    static int urls(BidPlan plan, long seed, NexmarkText text, long at, long data, int buffer) {
        long[] events = plan.events;
        int[] rows = plan.rows;
        long urls = text.urlsAddress();
        long to = data;
        for (int i = 0, n = plan.count; i < n; i++) {
            long url =
                    urls
                            + (long) NexmarkText.URL_STRIDE_BYTES
                                    * channel(random(seed, events[i], NexmarkRandom.CHANNEL));
            long length = Mem.getLong(url);
            long view = at + 16L * rows[i];
            Mem.putLong(view, length | Mem.getLong(url + 8) << 32);
            Mem.putLong(view + 8, buffer | to - data << 32);
            copyWords(url + 8, to, NexmarkText.MAX_URL_BYTES);
            to += length;
        }
        return (int) (to - data);
    }

    /** As {@link #urls}. Each {@code extra} has {@code minBytes} and up to {@code spreadBytes - 1} more. */
    static int extras(BidPlan plan, long seed, NexmarkText text, ExtraLength lengths, long at, long data, int buffer) {
        long[] events = plan.events;
        int[] rows = plan.rows;
        long letters = text.lettersAddress();
        long min = lengths.minBytes();
        long spread = lengths.spreadBytes();
        int most = lengths.maxBytes();
        long choices = NexmarkText.LETTERS - 2L * NexmarkConfig.Sizes.MAX_BYTES;
        boolean inline = min <= 12;
        long to = data;
        for (int i = 0, n = plan.count; i < n; i++) {
            long random = random(seed, events[i], NexmarkRandom.EXTRA);
            long from = letters + below(high(random), choices);
            long length = min + below(low(random), spread);
            long view = at + 16L * rows[i];
            if (inline && length <= 12) {
                putInline(view, from, length);
                continue;
            }
            Mem.putLong(view, length | Mem.getLong(from) << 32);
            Mem.putLong(view + 8, buffer | to - data << 32);
            copyWords(from, to, most);
            to += length;
        }
        return (int) (to - data);
    }

    private static void putInline(long view, long from, long length) {
        Mem.putLong(view, length);
        Mem.putLong(view + 8, 0);
        for (int i = 0; i < length; i++) {
            Mem.putByte(view + 4 + i, Mem.getByte(from + i));
        }
    }

    private static void copyWords(long from, long to, int bytes) {
        for (int i = 0; i < bytes; i += 8) {
            Mem.putLong(to + i, Mem.getLong(from + i));
        }
    }
}
