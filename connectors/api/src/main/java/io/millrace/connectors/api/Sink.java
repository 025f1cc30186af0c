package io.millrace.connectors.api;

/** A table that can be written. Immutable, thread-safe. */
public interface Sink {
    /** The richest changelog it takes. */
    ChangelogKind accepts();

    default String describe() {
        return getClass().getSimpleName();
    }

    /** Begins an execution with this many writers. May block; called on no worker. */
    SinkRun start(SinkRequest request);
}
