/**
 * From text to statements.
 *
 * <p>{@link io.millrace.sql.parser.SqlScript} cuts a script at its semicolons, {@link
 * io.millrace.sql.parser.StatementParser} parses one statement, and {@code SyntaxErrors} turns the generated parser's
 * complaints into one line with a place. Statements are parsed one by one, so that those before a mistake can run.
 * Everything here is stateless.
 */
package io.millrace.sql.parser;
