package io.millrace.connectors.nexmark;

import io.millrace.connectors.nexmark.NexmarkConfig.Mix;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Fills batches with all events in the wide form of the public benchmark: a type and three ROWs, of which one is not
 * NULL. Bids are filled column by column; persons and auctions, one event in twelve, come from {@link
 * NexmarkReference}. One thread; {@link #close} frees the texts.
 */
public final class NexmarkEvents implements AutoCloseable {
    public static final int EVENT_TYPE = 0;
    public static final int PERSON = 1;
    public static final int AUCTION = 2;
    public static final int BID = 3;

    private static final DataType PERSON_TYPE =
            DataType.row(
                    List.of(
                            new Field("id", DataType.BIGINT),
                            new Field("name", DataType.VARCHAR),
                            new Field("emailAddress", DataType.VARCHAR),
                            new Field("creditCard", DataType.VARCHAR),
                            new Field("city", DataType.VARCHAR),
                            new Field("state", DataType.VARCHAR),
                            new Field("dateTime", DataType.TIMESTAMP),
                            new Field("extra", DataType.VARCHAR)));
    private static final DataType AUCTION_TYPE =
            DataType.row(
                    List.of(
                            new Field("id", DataType.BIGINT),
                            new Field("itemName", DataType.VARCHAR),
                            new Field("description", DataType.VARCHAR),
                            new Field("initialBid", DataType.BIGINT),
                            new Field("reserve", DataType.BIGINT),
                            new Field("dateTime", DataType.TIMESTAMP),
                            new Field("expires", DataType.TIMESTAMP),
                            new Field("seller", DataType.BIGINT),
                            new Field("category", DataType.BIGINT),
                            new Field("extra", DataType.VARCHAR)));
    private static final DataType BID_TYPE =
            DataType.row(
                    List.of(
                            new Field("auction", DataType.BIGINT),
                            new Field("bidder", DataType.BIGINT),
                            new Field("price", DataType.BIGINT),
                            new Field("channel", DataType.VARCHAR),
                            new Field("url", DataType.VARCHAR),
                            new Field("dateTime", DataType.TIMESTAMP),
                            new Field("extra", DataType.VARCHAR)));
    private static final int[] BID_FIELDS = {
        NexmarkBids.AUCTION,
        NexmarkBids.BIDDER,
        NexmarkBids.PRICE,
        NexmarkBids.CHANNEL,
        NexmarkBids.URL,
        NexmarkBids.DATE_TIME,
        NexmarkBids.EXTRA
    };

    /** The columns of the wide table, in this order. The type is 0 for a person, 1 for an auction, 2 for a bid. */
    public static final Schema SCHEMA =
            Schema.of(
                    "event_type",
                    DataType.INT.notNull(),
                    "person",
                    PERSON_TYPE,
                    "auction",
                    AUCTION_TYPE,
                    "bid",
                    BID_TYPE);

    private final NexmarkConfig config;
    private final NexmarkReference reference;
    private final NexmarkBids bids;
    private final BidPlan plan;

    public NexmarkEvents(NexmarkConfig config, Allocator allocator) {
        this.config = config;
        this.reference = new NexmarkReference(config);
        this.bids = new NexmarkBids(config, allocator);
        this.plan = new BidPlan(config);
    }

    /**
     * Appends the events at the positions from {@code from} to {@code to} (exclusive), one row each.
     *
     * @param columns for each column of the builder, which of {@link #SCHEMA} it is
     * @return how many rows were appended
     */
    public int fill(BatchBuilder builder, int[] columns, long from, long to) {
        int n = Math.toIntExact(to - from);
        plan.plan(from, to, true);
        for (int i = 0; i < columns.length; i++) {
            ColumnBuilder column = builder.column(i);
            switch (columns[i]) {
                case EVENT_TYPE -> fillTypes(column, from, n);
                case PERSON -> fillPersons(column, from, n);
                case AUCTION -> fillAuctions(column, from, n);
                case BID -> fillBids(column, n);
                default -> throw MillraceException.internal("expected a column of an event, found " + columns[i]);
            }
        }
        for (int i = 0; columns.length == 0 && i < n; i++) {
            builder.addEmptyRow();
        }
        return n;
    }

    private int typeAt(long position) {
        Mix mix = config.mix();
        long place = config.eventAt(position) % mix.total();
        return place < mix.persons() ? 0 : place < mix.persons() + mix.auctions() ? 1 : 2;
    }

    private void fillTypes(ColumnBuilder column, long from, int n) {
        column.reserve(n);
        long at = column.valuesAddress() + 4L * column.rowCount();
        for (int i = 0; i < n; i++) {
            Mem.putInt(at + 4L * i, typeAt(from + i));
        }
        column.advance(n, 0);
    }

    private void fillPersons(ColumnBuilder column, long from, int n) {
        int nulls = 0;
        for (int i = 0; i < n; i++) {
            if (typeAt(from + i) != 0) {
                nulls++;
                continue;
            }
            column.appendNulls(nulls);
            nulls = 0;
            NexmarkEvent.Person person = (NexmarkEvent.Person) reference.event(config.eventAt(from + i));
            column.child(0).appendLong(person.id());
            append(column.child(1), person.name());
            append(column.child(2), person.emailAddress());
            append(column.child(3), person.creditCard());
            append(column.child(4), person.city());
            append(column.child(5), person.state());
            column.child(6).appendLong(person.dateTimeMicros());
            append(column.child(7), person.extra());
            column.endStruct();
        }
        column.appendNulls(nulls);
    }

    private void fillAuctions(ColumnBuilder column, long from, int n) {
        int nulls = 0;
        for (int i = 0; i < n; i++) {
            if (typeAt(from + i) != 1) {
                nulls++;
                continue;
            }
            column.appendNulls(nulls);
            nulls = 0;
            NexmarkEvent.Auction auction = (NexmarkEvent.Auction) reference.event(config.eventAt(from + i));
            column.child(0).appendLong(auction.id());
            append(column.child(1), auction.itemName());
            append(column.child(2), auction.description());
            column.child(3).appendLong(auction.initialBid());
            column.child(4).appendLong(auction.reserve());
            column.child(5).appendLong(auction.dateTimeMicros());
            column.child(6).appendLong(auction.expiresMicros());
            column.child(7).appendLong(auction.seller());
            column.child(8).appendLong(auction.category());
            append(column.child(9), auction.extra());
            column.endStruct();
        }
        column.appendNulls(nulls);
    }

    private static void append(ColumnBuilder column, String text) {
        column.appendBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void fillBids(ColumnBuilder column, int n) {
        for (int i = 0; i < BID_FIELDS.length; i++) {
            ColumnBuilder field = column.child(i);
            int width = field.type().layout().widthBytes();
            field.reserve(n);
            Mem.fill(field.valuesAddress() + (long) width * field.rowCount(), (long) width * n, (byte) 0);
            if (plan.count > 0) {
                bids.fill(field, BID_FIELDS[i], plan);
            }
            advancePastGaps(field, n);
        }
        column.reserve(n);
        advancePastGaps(column, n);
    }

    private void advancePastGaps(ColumnBuilder column, int n) {
        int nulls = n - plan.count;
        if (nulls > 0) {
            long validity = column.validityAddress();
            int row = 0;
            for (int i = 0; i <= plan.count; i++) {
                int next = i == plan.count ? n : plan.rows[i];
                if (next > row) {
                    Mem.clearBits(validity, column.rowCount() + row, next - row);
                }
                row = next + 1;
            }
        }
        column.advance(n, nulls);
    }

    @Override
    public void close() {
        bids.close();
    }
}
