package io.millrace.connectors.api;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.util.List;
import java.util.Map;

/**
 * A table as DDL declared it, less what the engine itself computes.
 *
 * @param columns physical and metadata columns, in declared order; computed columns are not among them. Empty when the
 *     source is to infer its schema ({@code SELECT … FROM 'x.parquet'}).
 * @param primaryKey column names, empty when there is none
 * @param partitionKeys column names of PARTITIONED BY
 * @param eventTimeColumn name of the column that WATERMARK FOR names, or null; may be a computed one
 */
public record TableDescriptor(
        String name,
        List<TableColumn> columns,
        Map<String, String> options,
        List<String> primaryKey,
        List<String> partitionKeys,
        String eventTimeColumn) {
    public TableDescriptor {
        columns = List.copyOf(columns);
        options = Map.copyOf(options);
        primaryKey = List.copyOf(primaryKey);
        partitionKeys = List.copyOf(partitionKeys);
    }

    public Schema schema() {
        return new Schema(columns.stream().map(c -> new Field(c.name(), c.type())).toList());
    }

    /** The option's value, or null. */
    public String option(String key) {
        return options.get(key);
    }

    public String option(String key, String defaultValue) {
        return options.getOrDefault(key, defaultValue);
    }

    /** The option's value, or an error that names table and option. */
    public String requireOption(String key) {
        String value = options.get(key);
        if (value == null) {
            throw new MillraceException(ErrorCode.INVALID_OPTION, "table " + name + " needs the option '" + key + "'")
                    .withHelp("Add '" + key + "' = '…' to its WITH clause.");
        }
        return value;
    }
}
