package io.millrace.connectors.kafka;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.TableColumn;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import io.millrace.formats.FormatFactory;
import io.millrace.formats.FormatOption;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** {@code 'connector' = 'kafka'}, with Flink's option names. */
public final class KafkaConnectorFactory implements ConnectorFactory {
    private static final long DEFAULT_DISCOVERY_NANOS = 300_000_000_000L;

    @Override
    public String identifier() {
        return "kafka";
    }

    @Override
    public List<Option> options() {
        List<Option> options =
                new ArrayList<>(
                        List.of(
                                Option.required("topic", "the topic"),
                                Option.required("properties.bootstrap.servers", "addresses of brokers, host:port,…"),
                                Option.prefixed(
                                        "properties.",
                                        "properties of the Kafka client, of those that cannot name code"),
                                Option.optional(
                                        "sasl.username", null, "of PLAIN or SCRAM, as properties.sasl.mechanism says"),
                                Option.optional("sasl.password", null, "of PLAIN or SCRAM"),
                                Option.optional("format", null, "format of the records' values"),
                                Option.optional("value.format", null, "the same as format"),
                                Option.optional(
                                        "scan.startup.mode",
                                        null,
                                        "earliest-offset, latest-offset, group-offsets, timestamp or specific-offsets;"
                                                + " group-offsets when there is a group.id, else earliest-offset"),
                                Option.optional("scan.startup.timestamp-millis", null, "of mode timestamp"),
                                Option.optional(
                                        "scan.startup.specific-offsets",
                                        null,
                                        "partition:0,offset:42;partition:1,offset:300"),
                                Option.optional(
                                        "scan.bounded.mode",
                                        "unbounded",
                                        "unbounded, latest-offset, group-offsets, timestamp or specific-offsets"),
                                Option.optional("scan.bounded.timestamp-millis", null, "of mode timestamp"),
                                Option.optional(
                                        "scan.bounded.specific-offsets",
                                        null,
                                        "partition:0,offset:42;partition:1,offset:300"),
                                Option.optional(
                                        "scan.topic-partition-discovery.interval",
                                        "5 min",
                                        "how often to look; 0 for never")));
        options.addAll(SinkOptions.options());
        for (FormatFactory format : ServiceLoader.load(FormatFactory.class)) {
            for (FormatOption option : format.options()) {
                options.add(Option.optional(option.key(), option.defaultValue(), option.description()));
                options.add(Option.optional("value." + option.key(), null, "the same as " + option.key()));
            }
        }
        return options;
    }

    @Override
    public Source createSource(TableDescriptor table, ConnectorContext context) {
        if (table.columns().isEmpty()) {
            throw new MillraceException(ErrorCode.SQL_INVALID, "table " + table.name() + ": kafka needs columns");
        }
        for (TableColumn column : table.columns()) {
            if (column.isMetadata()) {
                MetadataColumn.of(table, column);
            }
        }
        TableOptions options = new TableOptions(table);
        return new KafkaSource(
                KafkaTable.of(table),
                context.zone(),
                OffsetRule.startOf(options),
                OffsetRule.endOf(options),
                options.getNanos("scan.topic-partition-discovery.interval", DEFAULT_DISCOVERY_NANOS));
    }

    @Override
    public Sink createSink(TableDescriptor table, ConnectorContext context) {
        return SinkOptions.sink(table, context);
    }
}
