/**
 * Expressions over batches: the front door for operators.
 *
 * <p>Read {@link io.millrace.operators.evaluation.ExpressionEvaluator} (columns from rows) and {@link
 * io.millrace.operators.evaluation.PredicateEvaluator} (rows from rows). Both begin interpreted and compile what pays
 * after some rows, on the I/O threads, unless the context says {@code INTERPRETED}. An evaluator belongs to one
 * operator and is used by its thread alone.
 */
package io.millrace.operators.evaluation;
