package io.millrace.connectors.kafka;

import io.millrace.connectors.api.TableOptions;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a scan begins or ends, as a table says it.
 *
 * @param timestampMillis for {@link Kind#TIMESTAMP}
 * @param offsets by partition, for {@link Kind#SPECIFIC}
 */
record OffsetRule(Kind kind, long timestampMillis, Map<Integer, Long> offsets) {
    /** The ways to say it. */
    enum Kind {
        EARLIEST,
        LATEST,
        GROUP,
        TIMESTAMP,
        SPECIFIC,
        /** Of an end: there is none. */
        NEVER
    }

    static OffsetRule startOf(TableOptions options) {
        String defaultMode =
                options.table().option("properties.group.id") == null ? "earliest-offset" : "group-offsets";
        String mode =
                options.getWord(
                        "scan.startup.mode",
                        defaultMode,
                        "earliest-offset",
                        "latest-offset",
                        "group-offsets",
                        "timestamp",
                        "specific-offsets");
        return of(options, mode, "scan.startup");
    }

    static OffsetRule endOf(TableOptions options) {
        String mode =
                options.getWord(
                        "scan.bounded.mode",
                        "unbounded",
                        "unbounded",
                        "latest-offset",
                        "group-offsets",
                        "timestamp",
                        "specific-offsets");
        return of(options, mode, "scan.bounded");
    }

    private static OffsetRule of(TableOptions options, String mode, String prefix) {
        return switch (mode) {
            case "earliest-offset" -> new OffsetRule(Kind.EARLIEST, 0, Map.of());
            case "latest-offset" -> new OffsetRule(Kind.LATEST, 0, Map.of());
            case "group-offsets" -> {
                if (options.table().option("properties.group.id") == null) {
                    throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            "table "
                                    + options.table().name()
                                    + ": '"
                                    + prefix
                                    + ".mode' = 'group-offsets' needs the option 'properties.group.id'");
                }
                yield new OffsetRule(Kind.GROUP, 0, Map.of());
            }
            case "timestamp" -> {
                options.table().requireOption(prefix + ".timestamp-millis");
                yield new OffsetRule(
                        Kind.TIMESTAMP, options.getLong(prefix + ".timestamp-millis", 0, 0, Long.MAX_VALUE), Map.of());
            }
            case "specific-offsets" -> {
                options.table().requireOption(prefix + ".specific-offsets");
                yield new OffsetRule(Kind.SPECIFIC, 0, offsets(options, prefix + ".specific-offsets"));
            }
            default -> new OffsetRule(Kind.NEVER, 0, Map.of());
        };
    }

    /** {@code partition:0,offset:42;partition:1,offset:300}. */
    private static Map<Integer, Long> offsets(TableOptions options, String key) {
        Map<Integer, Long> offsets = new TreeMap<>();
        for (String pair : options.table().option(key).split(";", -1)) {
            String[] parts = pair.strip().split(",", -1);
            boolean wellFormed =
                    parts.length == 2
                            && parts[0].strip().matches("partition:\\d{1,9}")
                            && parts[1].strip().matches("offset:\\d{1,18}");
            if (!wellFormed) {
                throw options.invalid(key, "partition:0,offset:42;partition:1,offset:300");
            }
            int partition = Integer.parseInt(parts[0].strip().substring("partition:".length()));
            offsets.put(partition, Long.parseLong(parts[1].strip().substring("offset:".length())));
        }
        return offsets;
    }
}
