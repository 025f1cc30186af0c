/** Hash aggregation. Read {@link io.millrace.operators.aggregate.AggregateSpec}. */
package io.millrace.operators.aggregate;
