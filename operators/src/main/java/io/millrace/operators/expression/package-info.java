/**
 * What is computed in a row, as the planner states it. Read {@link io.millrace.operators.expression.Expression} first.
 *
 * <p>Expressions are immutable and typed; functions go by name and are found in the registry beside. How they run, node
 * by node or compiled, is the business of the packages next door.
 */
package io.millrace.operators.expression;
