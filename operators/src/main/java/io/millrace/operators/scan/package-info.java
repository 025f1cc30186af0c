/**
 * Reading a connector's source. Read {@link io.millrace.operators.scan.ScanSpec}, then {@code SplitTimes} for how
 * watermarks come about.
 *
 * <p>A scan's tasks share one source run; each polls a reader of its own, turns what the reader says of its splits into
 * watermarks, notices idle splits and sets rows without an event time aside. One worker a task.
 */
package io.millrace.operators.scan;
