package io.millrace.it.differential;

/** Types of random expressions, and a value of each to shrink to. */
enum ValueType {
    INTEGER("CAST(1 AS BIGINT)"),
    DOUBLE("CAST(0.5 AS DOUBLE)"),
    DECIMAL("CAST(1.25 AS DECIMAL(12, 2))"),
    TEXT("'a'"),
    BOOLEAN("TRUE"),
    DATE("DATE '2026-01-31'"),
    TIMESTAMP("TIMESTAMP '2026-01-31 23:50:00'");

    private final String simplest;

    ValueType(String simplest) {
        this.simplest = simplest;
    }

    Expr simplest() {
        return Expr.leaf(this, simplest);
    }
}
