package io.millrace.operators.aggregate;

import io.millrace.memory.types.Schema;
import java.util.List;

/**
 * What a {@link GroupTable} groups and keeps.
 *
 * @param name of the state
 * @param keys columns of the batches that will come
 * @param retracting whether batches may carry weights below zero
 * @param tracked whether {@link GroupTable#appendChanges} will be asked for
 * @param total whether the group without keys is there even without rows, as that of a query without GROUP BY is
 */
public record GroupSpec(
        String name,
        Schema input,
        List<Integer> keys,
        List<AggregateCall> calls,
        boolean retracting,
        boolean tracked,
        boolean total) {
    public GroupSpec {
        keys = List.copyOf(keys);
        calls = List.copyOf(calls);
    }
}
