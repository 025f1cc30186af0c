package io.millrace.connectors.kafka;

import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import io.millrace.formats.FormatFactory;
import io.millrace.formats.FormatOption;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.NearestName;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.IsolationLevel;

/**
 * A table's options, read and checked.
 *
 * @param properties of the Kafka client
 * @param formatOptions the format's own, keys as the format names them
 * @param keyFormat of a table whose records have keys, made of its primary key; else null
 * @param timeoutMillis how long a broker may take to answer
 */
record KafkaTable(
        TableDescriptor table,
        String topic,
        Map<String, String> properties,
        FormatFactory format,
        Map<String, String> formatOptions,
        FormatFactory keyFormat,
        Map<String, String> keyFormatOptions,
        int timeoutMillis) {
    private static final int DEFAULT_TIMEOUT_MILLIS = 15_000;

    static KafkaTable of(TableDescriptor table) {
        String topic = table.requireOption("topic").strip();
        if (topic.isEmpty() || topic.contains(";")) {
            throw new MillraceException(
                    ErrorCode.UNSUPPORTED,
                    "table " + table.name() + ": expected one topic, found 'topic' = '" + topic + "'");
        }
        table.requireOption(ClientProperties.PREFIX + "bootstrap.servers");
        Map<String, String> properties = ClientProperties.of(table);
        String name = table.option("value.format", table.option("format"));
        if (name == null) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION, "table " + table.name() + " needs the option 'format'")
                    .withHelp("Add 'format' = 'json' to its WITH clause.");
        }
        FormatFactory format = FormatFactory.named(name);
        int timeout =
                new TableOptions(table)
                        .getInt(
                                ClientProperties.PREFIX + "default.api.timeout.ms",
                                DEFAULT_TIMEOUT_MILLIS,
                                1,
                                Integer.MAX_VALUE);
        String key = table.option("key.format");
        FormatFactory keyFormat = key == null ? null : FormatFactory.named(key);
        return new KafkaTable(
                table,
                topic,
                properties,
                format,
                formatOptions(table, format, "value."),
                keyFormat,
                keyFormat == null ? Map.of() : formatOptions(table, keyFormat, "key."),
                timeout);
    }

    /** Whether rows replace and delete each other by primary key. */
    boolean isUpsert() {
        return keyFormat != null;
    }

    /** The columns of the primary key. */
    int[] keyColumns(Schema schema) {
        return table.primaryKey().stream().mapToInt(schema::indexOf).toArray();
    }

    private static Map<String, String> formatOptions(TableDescriptor table, FormatFactory format, String side) {
        Map<String, String> found = new HashMap<>();
        List<String> known = new ArrayList<>();
        for (FormatOption option : format.options()) {
            known.add(option.key());
            String value = table.option(side + option.key(), side.equals("value.") ? table.option(option.key()) : null);
            if (value != null) {
                found.put(option.key(), value);
            }
        }
        String prefix = format.identifier() + ".";
        for (String key : table.options().keySet()) {
            String own = key.startsWith(side) ? key.substring(side.length()) : key;
            if (own.startsWith(prefix) && !known.contains(own)) {
                throw new MillraceException(
                                ErrorCode.UNKNOWN_OPTION, "table " + table.name() + ": unknown option '" + key + "'")
                        .withHelp(NearestName.advice(own, known, "Known: " + String.join(", ", known) + "."));
            }
        }
        return found;
    }

    String servers() {
        return properties.get("bootstrap.servers");
    }

    IsolationLevel isolation() {
        return "read_uncommitted".equals(properties.get("isolation.level"))
                ? IsolationLevel.READ_UNCOMMITTED
                : IsolationLevel.READ_COMMITTED;
    }
}
