/**
 * Small operators and graphs to run the scheduler with. Read {@link io.millrace.scheduler.testing.TestGraphs}.
 *
 * <p>Every operator holds its {@link io.millrace.scheduler.testing.InputChecks}: what it is given must keep the
 * promises of the operator contract. Rows are functions of their number, so that any answer can be computed without an
 * engine.
 */
package io.millrace.scheduler.testing;
