package io.millrace.connectors.nexmark;

import io.millrace.connectors.api.Positions;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.connectors.nexmark.NexmarkConfig.Mix;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.Schema;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A table of generated events. Readers take blocks of positions in turn, so that all of them move through time
 * together.
 */
final class NexmarkSource implements Source {
    /** Positions in a block, unless a slow rate asks for fewer. */
    private static final int BLOCK_POSITIONS = 16 << 10;

    private static final long BLOCK_NANOS = 20_000_000;

    private final NexmarkConfig config;
    private final Range range;
    private final boolean wide;
    private final Schema schema;
    private final int[] columns;
    private final Clock clock;

    /**
     * Which positions, and how fast.
     *
     * @param first a multiple of the disorder group
     * @param end exclusive, {@link Long#MAX_VALUE} for none
     * @param limited whether events come no sooner than their rate says
     * @param keepAlive whether to stay open after the last
     */
    record Range(long first, long end, boolean limited, boolean keepAlive) {
        boolean hasEnd() {
            return end != Long.MAX_VALUE;
        }
    }

    NexmarkSource(NexmarkConfig config, Range range, boolean wide, Schema schema, int[] columns, Clock clock) {
        this.config = config;
        this.range = range;
        this.wide = wide;
        this.schema = schema;
        this.columns = columns;
        this.clock = clock;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public boolean isBounded() {
        return range.hasEnd() && !range.keepAlive();
    }

    @Override
    public OptionalLong estimatedRows() {
        return range.hasEnd() ? OptionalLong.of(rows(range.first(), range.end())) : OptionalLong.empty();
    }

    private long rows(long from, long to) {
        return wide ? to - from : bidsBefore(to) - bidsBefore(from);
    }

    private long bidsBefore(long event) {
        Mix mix = config.mix();
        long place = event % mix.total();
        return event / mix.total() * mix.bids() + Math.max(0, place - mix.persons() - mix.auctions());
    }

    @Override
    public String describe() {
        return "nexmark seed="
                + config.seed()
                + " events="
                + (range.hasEnd() ? range.end() - range.first() : "unbounded")
                + (range.limited() ? " rate-limited" : "");
    }

    @Override
    public SourceRun start(ScanRequest request) {
        return new Run(request);
    }

    /** One execution. */
    final class Run implements SourceRun {
        private final ScanRequest request;
        private final int[] projected;
        private final long startNanos = clock.nanoTime();
        private final long blockPositions;
        private final AtomicLongArray next;
        private final Positions[] shares;
        private final long firstDue;
        private final AtomicLong rowsRead = new AtomicLong();
        private volatile long stopAt;

        Run(ScanRequest request) {
            this.request = request;
            this.projected = new int[request.projection().length];
            for (int i = 0; i < projected.length; i++) {
                projected[i] = columns[request.projection()[i]];
            }
            this.blockPositions = blockPositions();
            this.stopAt = range.end();
            this.next = new AtomicLongArray(request.readerCount());
            this.shares = new Positions[request.readerCount()];
            long first = Long.MAX_VALUE;
            for (int i = 0; i < request.readerCount(); i++) {
                shares[i] = Positions.of(range.first(), blockPositions, i, request.readerCount(), request.restored());
                next.set(i, shares[i].furthest());
                first = Math.min(first, shares[i].next());
            }
            this.firstDue = first;
        }

        private long blockPositions() {
            long wanted = BLOCK_POSITIONS;
            if (range.limited()) {
                long delay = Math.max(config.timeline().delayNanos(), 1);
                wanted = Math.clamp(BLOCK_NANOS / delay, 1, BLOCK_POSITIONS);
            }
            int group = config.disorderEvents();
            return (wanted + group - 1) / group * group;
        }

        @Override
        public SourceReader open(int readerIndex, ReaderContext context) {
            return new NexmarkReader(this, readerIndex, context);
        }

        @Override
        public SourceProgress progress() {
            long total = estimatedRows().orElse(-1);
            return new SourceProgress(rowsRead.get(), total, 0, -1, !isBounded());
        }

        /** Ends after the block that the foremost reader is in, so that what was read is a prefix. */
        @Override
        public synchronized void drain() {
            long furthest = range.first();
            for (int i = 0; i < next.length(); i++) {
                furthest = Math.max(furthest, next.get(i));
            }
            long blocks = (furthest - range.first() + blockPositions - 1) / blockPositions + next.length();
            stopAt = Math.min(stopAt, range.first() + blocks * blockPositions);
        }

        @Override
        public void close() {}

        NexmarkConfig config() {
            return config;
        }

        boolean isWide() {
            return wide;
        }

        boolean keepsAlive() {
            return range.keepAlive() && stopAt == range.end();
        }

        ScanRequest request() {
            return request;
        }

        int[] projected() {
            return projected;
        }

        Schema projectedSchema() {
            return schema.project(request.projection());
        }

        /** Which column of the wide or narrow schema the batch's column is. */
        int dateTimeColumn() {
            for (int i = 0; !wide && i < projected.length; i++) {
                if (projected[i] == NexmarkBids.DATE_TIME) {
                    return i;
                }
            }
            return -1;
        }

        Positions shareOf(int reader) {
            return shares[reader];
        }

        long stopAt() {
            return stopAt;
        }

        /** The greatest position not after {@code to} up to which events are due now. */
        long dueBefore(long from, long to) {
            if (!range.limited()) {
                return to;
            }
            long origin = config.timeline().sinceBaseNanos(firstDue);
            long passed = clock.nanoTime() - startNanos;
            long low = from;
            long high = to;
            while (low < high) {
                long middle = (low + high + 1) >>> 1;
                if (config.timeline().sinceBaseNanos(middle - 1) - origin <= passed) {
                    low = middle;
                } else {
                    high = middle - 1;
                }
            }
            return low;
        }

        void moved(int reader, long position, int rows) {
            next.set(reader, position);
            rowsRead.addAndGet(rows);
        }
    }
}
