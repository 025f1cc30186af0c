package io.millrace.connectors.nexmark;

import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;

/**
 * Fills batches with bids, column by column. Every string is written anew for its event; only the columns asked for are
 * made. Holds about 2 MiB of texts. One thread; {@link #close} frees the texts.
 */
public final class NexmarkBids implements AutoCloseable {
    public static final int EVENT_ID = 0;
    public static final int AUCTION = 1;
    public static final int BIDDER = 2;
    public static final int PRICE = 3;
    public static final int CHANNEL = 4;
    public static final int URL = 5;
    public static final int DATE_TIME = 6;
    public static final int EXTRA = 7;

    /** The columns of a bid, in this order. */
    public static final Schema SCHEMA =
            Schema.of(
                    "event_id", DataType.BIGINT.notNull(),
                    "auction", DataType.BIGINT.notNull(),
                    "bidder", DataType.BIGINT.notNull(),
                    "price", DataType.BIGINT.notNull(),
                    "channel", DataType.VARCHAR.notNull(),
                    "url", DataType.VARCHAR.notNull(),
                    "date_time", DataType.TIMESTAMP.notNull(),
                    "extra", DataType.VARCHAR.notNull());

    private final NexmarkConfig config;
    private final Allocator allocator;
    private final NexmarkText text;
    private final BidPlan plan;
    private final ExtraLength extraLength;

    public NexmarkBids(NexmarkConfig config, Allocator allocator) {
        this.config = config;
        this.allocator = allocator;
        this.text = new NexmarkText(allocator, config.seed());
        this.plan = new BidPlan(config);
        this.extraLength = ExtraLength.of(8 + 8 + 8 + 8, config.sizes().bidBytes());
    }

    /**
     * Appends the bids among the positions from {@code from} to {@code to} (exclusive), in order of position; for a
     * generator in order position and event number are the same. Best called for about a batch at a time.
     *
     * @param columns for each column of the builder, which of {@link #SCHEMA} it is
     * @return how many rows were appended
     */
    public int fill(BatchBuilder builder, int[] columns, long from, long to) {
        plan.plan(from, to, false);
        int n = plan.count;
        if (n == 0) {
            return 0;
        }
        for (int i = 0; i < columns.length; i++) {
            ColumnBuilder column = builder.column(i);
            column.reserve(n);
            fill(column, columns[i], plan);
            column.advance(n, 0);
        }
        if (columns.length == 0) {
            for (int i = 0; i < n; i++) {
                builder.addEmptyRow();
            }
        }
        return n;
    }

    /** Writes one column of the planned bids behind the rows that the builder has; room was reserved. */
    void fill(ColumnBuilder column, int which, BidPlan bids) {
        long at = column.valuesAddress() + (long) column.type().layout().widthBytes() * column.rowCount();
        long seed = config.seed();
        switch (which) {
            case EVENT_ID -> BidKernels.eventIds(bids, at);
            case AUCTION -> BidKernels.auctions(bids, seed, config.hot(), at);
            case BIDDER -> BidKernels.bidders(bids, seed, config.hot(), at);
            case PRICE -> BidKernels.prices(bids, seed, at);
            case CHANNEL -> BidKernels.channels(bids, seed, text, at);
            case URL -> fillText(column, bids, NexmarkText.MAX_URL_BYTES, at, true);
            case DATE_TIME -> BidKernels.dateTimes(bids, config.timeline(), at);
            case EXTRA -> fillText(column, bids, extraLength.maxBytes(), at, false);
            default -> throw MillraceException.internal("expected a column of a bid, found " + which);
        }
    }

    private void fillText(ColumnBuilder column, BidPlan bids, int maxBytes, long at, boolean url) {
        long bytes = (long) maxBytes * bids.count + BidKernels.SLACK_BYTES;
        if (bytes > Integer.MAX_VALUE) {
            throw MillraceException.internal(
                    "expected fewer bids at once, found " + bids.count + " of " + maxBytes + " bytes");
        }
        Buffer data = allocator.allocate(MemoryTag.BATCH, bytes);
        int buffer = column.addDataBuffer(data);
        if (url) {
            BidKernels.urls(bids, config.seed(), text, at, data.address(), buffer);
        } else {
            BidKernels.extras(bids, config.seed(), text, extraLength, at, data.address(), buffer);
        }
    }

    /** How many positions hold about this many bids. */
    public static long positionsFor(NexmarkConfig config, int bids) {
        return Math.max(1, (long) bids * config.mix().total() / config.mix().bids());
    }

    @Override
    public void close() {
        text.close();
    }
}
