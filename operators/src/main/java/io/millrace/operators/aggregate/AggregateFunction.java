package io.millrace.operators.aggregate;

/** The aggregate functions. All but COUNT give NULL over no values; NULL arguments are left out. */
public enum AggregateFunction {
    /** Rows, or values that are not NULL. */
    COUNT,
    SUM,
    MIN,
    MAX,
    /** Of integers, integer division toward zero, as Flink has it; of DECIMAL, by the type the planner gave. */
    AVG
}
