package io.millrace.connectors.kafka;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.TableColumn;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.fault.KillPoint;
import java.util.List;

/** The options of tables that are written, and the sink that they describe. */
final class SinkOptions {
    private static final String DELIVERY = "sink.delivery-guarantee";
    private static final String PREFIX = "sink.transactional-id-prefix";
    private static final String PROGRESS = "sink.progress-topic";
    private static final String CHUNK = "sink.chunk-size";
    private static final String BUFFER = "sink.buffer-size";
    private static final String V1 = "sink.allow-transaction-v1";

    private SinkOptions() {}

    static List<Option> options() {
        return List.of(
                Option.optional(
                        DELIVERY, null, "exactly-once or at-least-once; exactly-once when the job takes checkpoints"),
                Option.optional(PREFIX, "millrace", "what the transactional ids of exactly-once begin with"),
                Option.optional(
                        PROGRESS,
                        null,
                        "a compacted topic for how far output came; the topic's name + .millrace-progress"),
                Option.optional(CHUNK, "16 mb", "records that go out in one transaction"),
                Option.optional(
                        BUFFER, "256 mb", "output that may wait for its checkpoint before the job is held back"),
                Option.optional(V1, "false", "exactly-once on brokers without transaction.version 2, which can hang"),
                Option.optional("sink.partitioner", "default", "default, fixed or round-robin"));
    }

    static Sink sink(TableDescriptor table, ConnectorContext context) {
        TableOptions options = new TableOptions(table);
        for (TableColumn column : table.columns()) {
            if (column.isMetadata()) {
                throw new MillraceException(
                        ErrorCode.UNSUPPORTED,
                        "table " + table.name() + ": metadata column " + column.name() + " cannot be written");
            }
        }
        KafkaSink.Partitioning partitioning =
                switch (options.getWord("sink.partitioner", "default", "default", "fixed", "round-robin")) {
                    case "fixed" -> KafkaSink.Partitioning.FIXED;
                    case "round-robin" -> KafkaSink.Partitioning.ROUND_ROBIN;
                    default -> KafkaSink.Partitioning.DEFAULT;
                };
        KafkaTable kafka = KafkaTable.of(table);
        long chunk = options.getBytes(CHUNK, 16 << 20);
        if (chunk < 1 || chunk > 1 << 30) {
            throw options.invalid(CHUNK, "a size from 1 b to 1 gb");
        }
        TopicOutput output =
                new TopicOutput(
                        table.option(PREFIX, "millrace").strip(),
                        table.option(PROGRESS, kafka.topic() + ".millrace-progress").strip(),
                        (int) chunk,
                        options.getBytes(BUFFER, 256 << 20),
                        options.getBoolean(V1, false));
        return new KafkaSink(
                kafka, context.zone(), partitioning, delivery(options), output, KillPoint::reach, context::warn);
    }

    private static KafkaSink.Delivery delivery(TableOptions options) {
        if (options.table().option(DELIVERY) == null) {
            return KafkaSink.Delivery.AUTOMATIC;
        }
        return switch (options.getWord(DELIVERY, "", "exactly-once", "at-least-once")) {
            case "exactly-once" -> KafkaSink.Delivery.EXACTLY_ONCE;
            default -> KafkaSink.Delivery.AT_LEAST_ONCE;
        };
    }
}
