package io.millrace.engine.view;

import io.millrace.memory.types.Schema;
import io.millrace.memory.types.TypeKind;
import java.util.List;
import java.util.Objects;

/**
 * A materialized view as it was declared.
 *
 * @param primaryKey columns whose values no two rows share; empty when none was declared
 * @param finalColumn the TIMESTAMP column that tells when a row is final, or -1 when none does
 * @param finalLagMicros by how much the frontier must have reached past that column's value
 */
public record ViewDefinition(
        String name, Schema schema, List<Integer> primaryKey, int finalColumn, long finalLagMicros) {
    /** A view of whose rows nothing tells when they are final. */
    public ViewDefinition(String name, Schema schema, List<Integer> primaryKey) {
        this(name, schema, primaryKey, -1, 0);
    }

    public ViewDefinition {
        Objects.requireNonNull(name, "name");
        primaryKey = List.copyOf(primaryKey);
        if (finalColumn >= 0 && schema.type(finalColumn).kind() != TypeKind.TIMESTAMP) {
            throw new IllegalArgumentException(
                    "expected a TIMESTAMP to tell when a row is final, found " + schema.field(finalColumn));
        }
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
