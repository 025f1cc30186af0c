package io.millrace.connectors.api;

import io.millrace.memory.types.DataType;

/**
 * A column that a connector produces or takes.
 *
 * @param metadataKey null for a column of the record itself; else what the connector knows of the record ({@code
 *     offset}, {@code partition}, {@code timestamp} …)
 */
public record TableColumn(String name, DataType type, String metadataKey) {
    public boolean isMetadata() {
        return metadataKey != null;
    }
}
