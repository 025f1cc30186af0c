/**
 * The interpreted evaluator: one vectorised loop a node over whole columns.
 *
 * <p>Read {@link io.millrace.operators.interpreted.Node} and {@link io.millrace.operators.interpreted.Interpreter}
 * first. A node computes only the rows it is asked for, so that an error in any other never surfaces; constants stay
 * constants, and a function of one dictionary column is computed once an entry. {@link
 * io.millrace.operators.interpreted.Filter}s give rows instead of a BOOLEAN column. Everything made here belongs to one
 * evaluator and one thread.
 */
package io.millrace.operators.interpreted;
