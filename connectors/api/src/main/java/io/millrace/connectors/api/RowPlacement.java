package io.millrace.connectors.api;

import java.util.List;

/**
 * How rows are dealt to the tasks of a node: by the key group of a hash over columns.
 *
 * @param columns of the rows, in the order in which they are hashed; none when all rows go to task 0
 * @param keyGroups into which hashes are divided
 */
public record RowPlacement(List<Integer> columns, int keyGroups) {
    public RowPlacement {
        columns = List.copyOf(columns);
    }
}
