/**
 * Order and limit of bounded input. Read {@link io.millrace.operators.sort.SortSpec}.
 *
 * <p>Sorting keeps its whole input in memory, or with a limit what can still be among the first; it has one task. Ties
 * are broken by the whole row, so that an answer does not depend on parallelism.
 */
package io.millrace.operators.sort;
