package io.millrace.connectors.nexmark;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.TableColumn;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.memory.types.TypeKind;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code 'connector' = 'nexmark'}. A table that declares {@code event_type}, {@code person}, {@code auction} (a ROW) or
 * {@code bid} has all events in wide form; any other has the bids.
 */
public final class NexmarkConnectorFactory implements ConnectorFactory {
    @Override
    public String identifier() {
        return "nexmark";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.optional("events.num", "0", "events to generate; 0 for no end"),
                Option.optional("first-event.number", "0", "the event to begin with"),
                Option.optional("first-event.rate", "10000", "events a second of event time"),
                Option.optional("tps", null, "the same as first-event.rate"),
                Option.optional("next-event.rate", null, "events a second of event time, from next-event.from on"),
                Option.optional("next-event.from", null, "the event at which the rate changes to next-event.rate"),
                Option.optional("rate.limited", "false", "whether events come no sooner than their rate says"),
                Option.optional("max-emit-speed", null, "the opposite of rate.limited"),
                Option.optional("keep-alive", "false", "whether the source stays open after its last event"),
                Option.optional("rate.shape", null, "accepted and without effect: the rate is constant"),
                Option.optional("rate.period", null, "accepted and without effect: the rate is constant"),
                Option.optional("base-time", "2026-01-01", "event time of event 0, or 'now'"),
                Option.optional("seed", "0", "another seed, other events"),
                Option.optional("out-of-order.group-size", "1", "events are permuted within groups of this many"),
                Option.optional("person.proportion", "1", "persons among the proportions' sum of events"),
                Option.optional("auction.proportion", "3", "auctions among the proportions' sum of events"),
                Option.optional("bid.proportion", "46", "bids among the proportions' sum of events"),
                Option.optional("person.avg-size", "200b", "size that extra pads a person to, on average"),
                Option.optional("auction.avg-size", "500b", "size that extra pads an auction to, on average"),
                Option.optional("bid.avg-size", "100b", "size that extra pads a bid to, on average"),
                Option.optional("bid.hot-ratio.auctions", "2", "one bid in so many is not for a hot auction"),
                Option.optional("bid.hot-ratio.bidders", "4", "one bid in so many is not by a hot bidder"),
                Option.optional("auction.hot-ratio.sellers", "4", "one auction in so many is not by a hot seller"));
    }

    @Override
    public Source createSource(TableDescriptor table, ConnectorContext context) {
        TableOptions options = new TableOptions(table);
        NexmarkConfig config = NexmarkConfig.of(table, context.clock());
        long first = options.getLong("first-event.number", 0, 0, Long.MAX_VALUE / 2);
        long count = options.getLong("events.num", 0, 0, Long.MAX_VALUE / 2);
        int group = config.disorderEvents();
        if (first % group != 0) {
            throw options.invalid("first-event.number", "a multiple of out-of-order.group-size=" + group);
        }
        if (count % group != 0) {
            throw options.invalid("events.num", "a multiple of out-of-order.group-size=" + group);
        }
        boolean limited = options.getBoolean("rate.limited", false) || !options.getBoolean("max-emit-speed", true);
        NexmarkSource.Range range =
                new NexmarkSource.Range(
                        first,
                        count == 0 ? Long.MAX_VALUE : first + count,
                        limited,
                        options.getBoolean("keep-alive", false));
        boolean wide = table.columns().stream().anyMatch(NexmarkConnectorFactory::isWide);
        Schema all = wide ? NexmarkEvents.SCHEMA : NexmarkBids.SCHEMA;
        if (table.columns().isEmpty()) {
            int[] columns = new int[all.size()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = i;
            }
            return new NexmarkSource(config, range, wide, all, columns, context.clock());
        }
        int[] columns = new int[table.columns().size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = columnOf(table, table.columns().get(i), all);
        }
        return new NexmarkSource(config, range, wide, table.schema(), columns, context.clock());
    }

    private static boolean isWide(TableColumn column) {
        return column.name().equals("event_type") || column.type().kind() == TypeKind.ROW;
    }

    private static int columnOf(TableDescriptor table, TableColumn column, Schema all) {
        int index = column.isMetadata() ? -1 : all.indexOf(column.name());
        if (index < 0) {
            List<String> names = new ArrayList<>();
            all.fields().forEach(f -> names.add(f.name()));
            throw new MillraceException(
                            ErrorCode.UNKNOWN_COLUMN,
                            "table "
                                    + table.name()
                                    + ": connector 'nexmark' has no "
                                    + (column.isMetadata() ? "metadata " : "")
                                    + "column "
                                    + column.name())
                    .withHelp("It has " + String.join(", ", names) + ".");
        }
        if (!sameShape(all.type(index), column.type())) {
            throw new MillraceException(
                    ErrorCode.SQL_INVALID,
                    "table "
                            + table.name()
                            + ", column "
                            + column.name()
                            + ": expected "
                            + all.type(index).withNullable(true)
                            + ", found "
                            + column.type().withNullable(true));
        }
        return index;
    }

    /** Whether values lie alike: kinds and layouts, field by field; names and NOT NULL are the table's own. */
    private static boolean sameShape(DataType expected, DataType found) {
        boolean same =
                expected.kind() == found.kind()
                        && expected.layout() == found.layout()
                        && expected.children().size() == found.children().size();
        if (!same || expected.kind() == TypeKind.VARCHAR && found.precision() != expected.precision()) {
            return false;
        }
        for (int i = 0; i < expected.children().size(); i++) {
            Field child = expected.children().get(i);
            if (!sameShape(child.type(), found.children().get(i).type())) {
                return false;
            }
        }
        return true;
    }
}
