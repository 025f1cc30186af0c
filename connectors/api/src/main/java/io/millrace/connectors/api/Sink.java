package io.millrace.connectors.api;

import java.util.List;

/** A table that can be written. Immutable, thread-safe. */
public interface Sink {
    /** The richest changelog it takes. */
    ChangelogKind accepts();

    /**
     * Columns of what is written by which rows must come together: all rows that agree in them go to one writer, in
     * order. Empty when any writer takes any row.
     */
    default List<Integer> writerKey(ChangelogKind written) {
        return List.of();
    }

    /** Whether what was written before must be there for what is written next to make sense, as of a view. */
    default boolean keepsRows() {
        return false;
    }

    /** Whether what its writers seal is understood only by a sink that is given the same columns. */
    default boolean sealsByColumn() {
        return false;
    }

    default String describe() {
        return getClass().getSimpleName();
    }

    /** Begins an execution with this many writers. May block; called on no worker. */
    SinkRun start(SinkRequest request);
}
