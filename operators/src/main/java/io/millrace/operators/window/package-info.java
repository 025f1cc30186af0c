/**
 * Windows of event time. Read {@link io.millrace.operators.window.WindowAggregateSpec} for what they mean and {@code
 * WindowAggregateOperator} for how panes make them.
 *
 * <p>A pane is the greatest piece of time of which every window is a whole number; it has a group table of its own,
 * which is dropped whole when the watermark has passed its last window. All of it belongs to one task.
 */
package io.millrace.operators.window;
