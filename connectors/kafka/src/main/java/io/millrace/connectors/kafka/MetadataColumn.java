package io.millrace.connectors.kafka;

import io.millrace.connectors.api.TableColumn;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.NearestName;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import java.util.Arrays;
import java.util.List;

/** What Kafka knows of a record beside its value, by the name a table's METADATA column gives. */
enum MetadataColumn {
    TOPIC("topic", DataType.VARCHAR),
    PARTITION("partition", DataType.INT),
    OFFSET("offset", DataType.BIGINT),
    TIMESTAMP("timestamp", DataType.timestampLtz(3)),
    TIMESTAMP_TYPE("timestamp-type", DataType.VARCHAR),
    LEADER_EPOCH("leader-epoch", DataType.INT),
    HEADERS("headers", DataType.map(DataType.VARCHAR, DataType.BINARY));

    private final String key;
    private final DataType type;

    MetadataColumn(String key, DataType type) {
        this.key = key;
        this.type = type;
    }

    /** The column's meaning; an error that names table and column when there is none or its type cannot hold it. */
    static MetadataColumn of(TableDescriptor table, TableColumn column) {
        for (MetadataColumn known : values()) {
            if (known.key.equals(column.metadataKey())) {
                known.check(table, column);
                return known;
            }
        }
        List<String> keys = Arrays.stream(values()).map(k -> k.key).toList();
        throw new MillraceException(
                        ErrorCode.UNKNOWN_COLUMN,
                        "table "
                                + table.name()
                                + ", column "
                                + column.name()
                                + ": connector 'kafka' has no metadata '"
                                + column.metadataKey()
                                + "'")
                .withHelp(NearestName.advice(column.metadataKey(), keys, "It has " + String.join(", ", keys) + "."));
    }

    private void check(TableDescriptor table, TableColumn column) {
        DataType found = column.type();
        boolean fits =
                switch (this) {
                    case PARTITION, LEADER_EPOCH -> found.layout() == Layout.I32 || found.layout() == Layout.I64;
                    case TIMESTAMP ->
                            found.kind().isTimestamp() && found.layout() == Layout.I64 && found.precision() >= 3;
                    case HEADERS ->
                            found.kind() == type.kind()
                                    && found.elementType().children().get(0).type().layout() == Layout.VIEW
                                    && found.elementType().children().get(1).type().layout() == Layout.VIEW;
                    default -> found.kind() == type.kind();
                };
        if (!fits) {
            throw new MillraceException(
                    ErrorCode.SQL_INVALID,
                    "table "
                            + table.name()
                            + ", column "
                            + column.name()
                            + ": expected "
                            + type
                            + " for metadata '"
                            + key
                            + "', found "
                            + found.withNullable(true));
        }
    }
}
