/**
 * Hash aggregation. Read {@link io.millrace.operators.aggregate.AggregateSpec} for what it means and {@link
 * io.millrace.operators.aggregate.GroupTable} for how it is done; windows use the same table.
 *
 * <p>A group is a row of a keyed table: its accumulators one behind the other, then, where changes are tracked, flags
 * and the results as last emitted. Accumulators read zero bytes as empty and take values away again when a weight is
 * negative. All of it belongs to one task.
 */
package io.millrace.operators.aggregate;
