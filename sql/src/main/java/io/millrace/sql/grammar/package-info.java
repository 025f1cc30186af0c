/**
 * The generated parser and the few node types that its productions make.
 *
 * <p>{@code MillraceSqlParser} is made at build time from Calcite's own grammar template and the productions in {@code
 * src/main/codegen}: the entry is {@code StatementEof} in {@code statements.ftl}. To add a statement, add a production
 * there, a record to {@link io.millrace.sql.statement.Statement}, and any new keyword to {@code parser.tdd}, as
 * non-reserved. A parser serves one text and one thread.
 */
package io.millrace.sql.grammar;
