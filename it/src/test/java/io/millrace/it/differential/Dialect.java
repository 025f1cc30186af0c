package io.millrace.it.differential;

/** Whose SQL a text is in. */
enum Dialect {
    ENGINE,
    DUCKDB
}
