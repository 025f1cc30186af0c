package io.millrace.sql.statement;

import org.apache.calcite.sql.SqlDataTypeSpec;

/** A column of CREATE TABLE. */
public sealed interface ColumnDefinition {
    Name name();

    /** Or null. */
    String comment();

    /** Stored by the connector. */
    record Physical(Name name, SqlDataTypeSpec type, String comment) implements ColumnDefinition {}

    /** {@code name AS expression}. */
    record Computed(Name name, StatementSource expression, String comment) implements ColumnDefinition {}

    /**
     * Told by the connector about each record, such as a Kafka offset.
     *
     * @param key the connector's name for it, or null: the column's own name
     * @param virtual read only: an INSERT does not write it
     */
    record Metadata(Name name, SqlDataTypeSpec type, String key, boolean virtual, String comment)
            implements ColumnDefinition {}
}
