package io.millrace.connectors.kafka;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.formats.FormatFactory;
import io.millrace.formats.FormatOption;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** {@code 'connector' = 'upsert-kafka'}: a topic whose records replace and delete each other by primary key. */
public final class UpsertKafkaConnectorFactory implements ConnectorFactory {
    @Override
    public String identifier() {
        return "upsert-kafka";
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
                                Option.optional("sasl.username", null, "of PLAIN or SCRAM"),
                                Option.optional("sasl.password", null, "of PLAIN or SCRAM"),
                                Option.required("key.format", "format of the records' keys"),
                                Option.required("value.format", "format of the records' values")));
        options.addAll(SinkOptions.options());
        for (FormatFactory format : ServiceLoader.load(FormatFactory.class)) {
            for (FormatOption option : format.options()) {
                options.add(Option.optional("key." + option.key(), null, "of keys: " + option.description()));
                options.add(Option.optional("value." + option.key(), null, "of values: " + option.description()));
            }
        }
        return options;
    }

    @Override
    public Sink createSink(TableDescriptor table, ConnectorContext context) {
        if (table.primaryKey().isEmpty()) {
            throw new MillraceException(
                            ErrorCode.SQL_INVALID, "table " + table.name() + ": 'upsert-kafka' needs a primary key")
                    .withHelp("Declare PRIMARY KEY (…) NOT ENFORCED.");
        }
        table.requireOption("key.format");
        table.requireOption("value.format");
        return SinkOptions.sink(table, context);
    }
}
