package io.millrace.engine.changelog;

import io.millrace.connectors.api.ChangelogKind;

/** How changes become rows. */
public enum FoldMode {
    /** Without a key and without retractions: rows are only added. */
    APPEND,
    /** By whole row: each distinct row with how often it is there. */
    BY_ROW,
    /** By primary key, from retractions and additions: at most one row a key. */
    BY_KEY,
    /** By primary key: the last row wins, and one with a negative weight deletes. */
    LAST_WINS;

    /** The mode for changes of this kind into a table with or without a primary key. */
    public static FoldMode of(ChangelogKind kind, boolean hasKey) {
        if (!hasKey) {
            return kind == ChangelogKind.APPEND ? APPEND : BY_ROW;
        }
        return kind == ChangelogKind.RETRACT ? BY_KEY : LAST_WINS;
    }
}
