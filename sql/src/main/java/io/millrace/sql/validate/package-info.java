/**
 * Names and types: from parsed queries to relational operators, with Calcite's validator and converter.
 *
 * <p>Read {@link io.millrace.sql.validate.RelPlanner} first. {@code TableSpace} finds tables, {@link
 * io.millrace.sql.validate.FunctionTable} functions; {@code UnsupportedSyntax} refuses early what the engine cannot
 * run; {@code ValidationErrors} turns Calcite's messages into ours. Views and tables with computed columns or an event
 * time expand into queries over {@link io.millrace.sql.validate.StoredTable}s; the event time passes through a marker
 * function there, by which later phases know it. An instance serves one planning on one thread.
 */
package io.millrace.sql.validate;
