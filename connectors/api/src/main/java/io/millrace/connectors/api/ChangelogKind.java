package io.millrace.connectors.api;

/** What changes an edge may carry. */
public enum ChangelogKind {
    /** Rows are only added; batches have no weights. */
    APPEND,
    /** Rows are added and taken away, by weight; the whole row is named. */
    RETRACT,
    /** Rows replace or delete the one with the same primary key. */
    UPSERT
}
