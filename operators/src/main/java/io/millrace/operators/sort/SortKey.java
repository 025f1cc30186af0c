package io.millrace.operators.sort;

/** One column of ORDER BY. */
public record SortKey(int column, boolean descending, boolean nullsFirst) {}
