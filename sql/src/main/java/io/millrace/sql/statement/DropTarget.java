package io.millrace.sql.statement;

/** What DROP drops. */
public enum DropTarget {
    TABLE("table"),
    VIEW("view"),
    MATERIALIZED_VIEW("materialized view");

    private final String words;

    DropTarget(String words) {
        this.words = words;
    }

    /** As a message names it. */
    public String words() {
        return words;
    }
}
