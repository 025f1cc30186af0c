package io.millrace.connectors.api;

import java.util.List;

/**
 * A simple comparison of one column with literals, for pruning.
 *
 * @param column index into {@link Source#schema()}
 * @param values objects as {@link io.millrace.memory.column.Column#getObject} gives them, never null: one, or several
 *     for {@link Comparison#IN}, none for the null tests
 */
public record ScanPredicate(int column, Comparison comparison, List<Object> values) {
    /** SQL's comparisons; a NULL satisfies only IS_NULL. */
    public enum Comparison {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        IN,
        IS_NULL,
        IS_NOT_NULL
    }

    public ScanPredicate {
        values = List.copyOf(values);
    }
}
