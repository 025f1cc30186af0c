/** Aggregation by windows of event time, on panes. Read {@link io.millrace.operators.window.WindowAggregateSpec}. */
package io.millrace.operators.window;
