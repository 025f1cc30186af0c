/**
 * Rows that the query itself states. Read {@link io.millrace.operators.values.ValuesSpec}.
 *
 * <p>Task 0 emits them all, in order; with weights they are a changelog, which is how a retraction is stated by hand.
 * One worker a task.
 */
package io.millrace.operators.values;
