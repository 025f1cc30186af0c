package io.millrace.connectors.api;

import io.millrace.memory.types.DataType;
import java.util.List;

/**
 * How a table's columns came about from those it had before its query was edited.
 *
 * @param before types of the columns it had
 * @param columns for each that it has now which it was, or -1 for one that is new
 */
public record ColumnChange(List<DataType> before, List<Integer> columns) {
    public ColumnChange {
        before = List.copyOf(before);
        columns = List.copyOf(columns);
    }
}
