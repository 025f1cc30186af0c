/**
 * From SQL text to the operator graph.
 *
 * <p>Read {@link io.millrace.sql.SqlPlanner} first; it is what a session uses, after {@link
 * io.millrace.sql.parser.SqlScript} has cut a script and {@link io.millrace.sql.parser.StatementParser} has read a
 * statement. The way of a query:
 *
 * <pre>
 *   parser     text → statement                       syntax errors with a place
 *   validate   query → relational operators           names, types, views expanded
 *   plan       relational operators → better ones     rules; windows recognised
 *   translate  relational operators → operator graph  expressions, scans, exchanges
 * </pre>
 *
 * <p>{@code catalog} holds what names stand for, {@code ddl} makes it from statements, {@code types} maps types. All
 * errors that leave this module are {@link io.millrace.memory.error.MillraceException}s.
 */
package io.millrace.sql;
