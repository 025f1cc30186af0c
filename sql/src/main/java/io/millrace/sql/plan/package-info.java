/**
 * Relational operators made better, still before they become operators that run.
 *
 * <p>Read {@link io.millrace.sql.plan.Optimizer} first. {@link io.millrace.sql.plan.WindowAssign} is the one relational
 * operator of our own; {@link io.millrace.sql.plan.TimeAttributes} tells which columns are event times; {@link
 * io.millrace.sql.plan.SourcePlaces} remembers where the query's text names things. One planning, one thread.
 */
package io.millrace.sql.plan;
