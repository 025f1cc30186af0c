package io.millrace.sql.statement;

import java.util.List;

/**
 * The body of CREATE TABLE, as written.
 *
 * @param watermark or null
 * @param primaryKey empty when none is declared
 * @param comment or null
 */
public record TableDefinition(
        List<ColumnDefinition> columns,
        Watermark watermark,
        List<Name> primaryKey,
        List<Name> partitionedBy,
        List<TableOption> options,
        String comment) {
    public TableDefinition {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        partitionedBy = List.copyOf(partitionedBy);
        options = List.copyOf(options);
    }

    /** {@code WATERMARK FOR column AS expression}. */
    public record Watermark(Name column, StatementSource expression) {}
}
