package io.millrace.engine.view;

import io.millrace.memory.types.Schema;
import java.util.List;
import java.util.Objects;

/**
 * A materialized view as it was declared.
 *
 * @param primaryKey columns whose values no two rows share; empty when none was declared
 */
public record ViewDefinition(String name, Schema schema, List<Integer> primaryKey) {
    public ViewDefinition {
        Objects.requireNonNull(name, "name");
        primaryKey = List.copyOf(primaryKey);
        for (int column : primaryKey) {
            Objects.checkIndex(column, schema.size());
        }
    }

    /** The columns by which changes must be partitioned among writers: the primary key, or all. */
    public List<Integer> partitionColumns() {
        return primaryKey.isEmpty() ? java.util.stream.IntStream.range(0, schema.size()).boxed().toList() : primaryKey;
    }

    int[] keyColumns() {
        return primaryKey.stream().mapToInt(Integer::intValue).toArray();
    }
}
