package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.util.List;

/**
 * How a table's files lie below its directory, and when one ends.
 *
 * @param partitionKeys columns that name directories and are not in the files; empty for none
 * @param rollBytes of a file after which the next one begins
 * @param rollNanos after which the next file begins
 * @param successFiles whether a directory that is complete gets a file {@code _SUCCESS}
 * @param partitionTime when a partition is complete; null when only the end of the input completes it
 */
record FileLayout(
        List<String> partitionKeys, long rollBytes, long rollNanos, boolean successFiles, PartitionTime partitionTime) {
    private static final String ROLL_SIZE = "sink.rolling-policy.file-size";
    private static final String ROLL_INTERVAL = "sink.rolling-policy.rollover-interval";
    private static final String POLICY = "sink.partition-commit.policy.kind";
    private static final String TRIGGER = "sink.partition-commit.trigger";
    private static final String DELAY = "sink.partition-commit.delay";
    private static final String PATTERN = "partition.time-extractor.timestamp-pattern";

    static List<Option> options() {
        return List.of(
                Option.optional(ROLL_SIZE, null, "a file of this size is ended; 128 mb for jobs without end"),
                Option.optional(ROLL_INTERVAL, null, "a file of this age is ended, at the next row; 30 min"),
                Option.optional(POLICY, null, "success-file: a complete directory gets a file _SUCCESS"),
                Option.optional(
                        TRIGGER,
                        "process-time",
                        "partition-time: a partition is complete when the watermark has passed its time and the delay;"
                                + " process-time: at the end of the input"),
                Option.optional(DELAY, "0 s", "from a partition's time to its end"),
                Option.optional(PATTERN, null, "a partition's time, as '$dt $hour:00:00'; else its first column"));
    }

    static FileLayout of(TableDescriptor table) {
        TableOptions options = new TableOptions(table);
        Schema schema = table.schema();
        for (String key : table.partitionKeys()) {
            requireNameable(table, key, schema.type(schema.indexOf(key)));
        }
        if (!table.partitionKeys().isEmpty() && table.partitionKeys().size() == schema.size()) {
            throw new MillraceException(
                    ErrorCode.SQL_INVALID,
                    "table " + table.name() + ": expected a column that is not in PARTITIONED BY, found none");
        }
        boolean success = table.option(POLICY) != null && options.getWord(POLICY, "", "success-file").length() > 0;
        boolean byTime =
                options.getWord(TRIGGER, "process-time", "process-time", "partition-time").equals("partition-time");
        if (byTime && table.partitionKeys().isEmpty()) {
            throw options.invalid(TRIGGER, "process-time for a table without PARTITIONED BY");
        }
        PartitionTime time =
                byTime
                        ? new PartitionTime(
                                table.option(PATTERN, "$" + table.partitionKeys().getFirst()),
                                options.getNanos(DELAY, 0) / 1_000)
                        : null;
        return new FileLayout(
                table.partitionKeys(),
                options.getBytes(ROLL_SIZE, -1),
                options.getNanos(ROLL_INTERVAL, -1),
                success,
                time);
    }

    private static void requireNameable(TableDescriptor table, String key, DataType type) {
        boolean nameable =
                type.kind().isInteger()
                        || switch (type.kind()) {
                            case VARCHAR, BOOLEAN, DATE, TIMESTAMP, DECIMAL -> true;
                            default -> false;
                        };
        if (!nameable) {
            throw new MillraceException(
                    ErrorCode.UNSUPPORTED,
                    "table " + table.name() + ": a directory cannot be named by column " + key + " of type " + type);
        }
    }
}
