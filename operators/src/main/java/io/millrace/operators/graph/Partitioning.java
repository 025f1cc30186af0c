package io.millrace.operators.graph;

import java.util.List;

/** How rows find the task that takes them. */
public sealed interface Partitioning {
    /** Task i to task i; both sides have the same parallelism, and are chained where nothing else reads the first. */
    record Forward() implements Partitioning {}

    /**
     * To the owner of the key group of these columns' hash ({@link io.millrace.memory.hash.Hashing}): columns hashed in
     * this order and combined.
     */
    record Hash(List<Integer> columns) implements Partitioning {
        public Hash {
            columns = List.copyOf(columns);
        }
    }

    /** All to task 0. */
    record Gather() implements Partitioning {}

    /** Whole batches to each task in turn. */
    record RoundRobin() implements Partitioning {}

    /** Every row to every task. */
    record Broadcast() implements Partitioning {}

    Partitioning FORWARD = new Forward();
    Partitioning GATHER = new Gather();
    Partitioning ROUND_ROBIN = new RoundRobin();
    Partitioning BROADCAST = new Broadcast();
}
