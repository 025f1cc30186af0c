/**
 * Expressions reduced to what the two evaluators, interpreted and compiled, have in common.
 *
 * <p>Read {@link io.millrace.operators.lowered.Lowered} first, then {@link io.millrace.operators.lowered.Lowering},
 * which makes it from an {@link io.millrace.operators.expression.Expression}. What a function means is settled here,
 * once, so that the evaluators can only differ in how. Immutable values; any thread.
 */
package io.millrace.operators.lowered;
