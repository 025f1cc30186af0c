/**
 * Order and limit of bounded input. Read {@link io.millrace.operators.sort.SortSpec}, then {@link
 * io.millrace.operators.sort.SortOperator}.
 *
 * <p>Sorting keeps its whole input, or with a limit what can still be among the first; it has one task. What does not
 * fit in memory leaves it in sorted pieces for a {@link io.millrace.state.tier.RowTier}, which merges them at the end.
 * Ties are broken by the whole row, so that an answer does not depend on parallelism, nor on what left memory when.
 */
package io.millrace.operators.sort;
