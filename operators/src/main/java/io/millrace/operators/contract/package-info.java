/**
 * The contract between an operator and whoever drives it. Read {@link io.millrace.operators.contract.Operator} first.
 *
 * <pre>
 *   OperatorSpec   in the plan; immutable                        (one a node)
 *   OperatorRun    one execution: what its tasks share           (one a node and execution)
 *   Operator       state and work; one worker at a time          (one a task)
 * </pre>
 *
 * <p>Control travels in-band, in order with the batches: watermarks, epoch markers, the end. The runtime calls the
 * operator for each and forwards it downstream itself when the operator has emitted all it had to.
 */
package io.millrace.operators.contract;
