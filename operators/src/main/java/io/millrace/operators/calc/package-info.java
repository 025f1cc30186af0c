/**
 * Filter and projection in one operator. Read {@link io.millrace.operators.calc.CalcSpec}.
 *
 * <p>Conditions narrow a batch by a selection; projections replace its columns, and a column that only passes through
 * is shared, not copied. Weights stay beside their rows. One worker a task.
 */
package io.millrace.operators.calc;
