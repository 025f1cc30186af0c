/**
 * History read in the order of event time where that is hard: more overlapping files than can be held open, rows
 * without a time. Read {@link io.millrace.it.backfill.BackfillOrderTest}.
 *
 * <p>With a declared delay of nothing every disorder that the engine made itself would show as late rows.
 */
package io.millrace.it.backfill;
