/**
 * What the parser makes of text: one immutable record for each kind of statement, with its text and place, and with the
 * places of the names and options in it so that a later error can point at them.
 *
 * <p>Read {@link io.millrace.sql.statement.Statement} first. Queries and expressions inside statements stay text,
 * checked for grammar; nothing here resolves a name.
 */
package io.millrace.sql.statement;
