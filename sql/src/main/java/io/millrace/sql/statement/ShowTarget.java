package io.millrace.sql.statement;

/** What SHOW lists. */
public enum ShowTarget {
    TABLES,
    VIEWS,
    MATERIALIZED_VIEWS,
    FUNCTIONS,
    /** The statement that would create the named object. */
    CREATE
}
