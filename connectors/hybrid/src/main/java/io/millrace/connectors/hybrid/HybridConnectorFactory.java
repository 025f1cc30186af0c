package io.millrace.connectors.hybrid;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.ReplayableTopic;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.List;

/** {@code 'connector' = 'hybrid'}: a bounded stage, then a live one. */
public final class HybridConnectorFactory implements ConnectorFactory {
    static final String STAGES = "stages";
    static final String ON_GAP = "handover.on-gap";

    @Override
    public String identifier() {
        return "hybrid";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.required(STAGES, "Two tables, 'history,live': a bounded one, then a Kafka topic."),
                Option.optional(
                        Handover.BY,
                        null,
                        "offset, event-id or event-time; else the strongest whose columns are named."),
                Option.optional(
                        Handover.PARTITION_COLUMN, null, "History's column with the partition a row came from."),
                Option.optional(Handover.OFFSET_COLUMN, null, "History's column with the offset a row came from."),
                Option.optional(Handover.ID_COLUMNS, null, "Columns, by comma, that together name an event."),
                Option.optional(Handover.OVERLAP, "10 min", "The last of history, in which ids are looked up."),
                Option.optional(Handover.TOLERANCE, "5 s", "How far before history's end the topic is read from."),
                Option.optional(ON_GAP, "fail", "fail or count: what to do about rows that are in neither."));
    }

    @Override
    public Source createSource(TableDescriptor table, ConnectorContext context) {
        String[] stages = table.requireOption(STAGES).split(",", -1);
        if (stages.length != 2) {
            throw new MillraceException(
                    ErrorCode.INVALID_OPTION,
                    "table "
                            + table.name()
                            + ": expected '"
                            + STAGES
                            + "' to name two tables, found '"
                            + table.option(STAGES)
                            + "'");
        }
        Source history = context.source(stages[0].strip());
        Source live = context.source(stages[1].strip());
        if (!history.isBounded()) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            "table " + table.name() + ": its first stage " + stages[0].strip() + " never ends")
                    .withHelp("History comes first: 'stages' = 'history,live'.");
        }
        if (!(live instanceof ReplayableTopic topic)) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            "table "
                                    + table.name()
                                    + ": its second stage "
                                    + stages[1].strip()
                                    + " cannot be read from a given offset")
                    .withHelp("The live stage is a table with 'connector' = 'kafka'.");
        }
        String onGap = table.option(ON_GAP, "fail");
        if (!onGap.equals("fail") && !onGap.equals("count")) {
            throw new MillraceException(
                    ErrorCode.INVALID_OPTION,
                    "table " + table.name() + ": expected '" + ON_GAP + "' to be fail or count, found '" + onGap + "'");
        }
        Handover handover = Handover.of(table, history.schema(), live.schema());
        return new HybridSource(table, history, topic, handover, onGap.equals("count"), context::warn);
    }
}
