/**
 * From relational operators to the graph of operators that runs.
 *
 * <p>Read {@link io.millrace.sql.translate.GraphTranslator} first, then {@link
 * io.millrace.sql.translate.ExpressionTranslator}. A {@code Chain} is what filters and projections come to, a {@code
 * Stream} what a translated operator emits and where its columns stand. Nothing here changes the plan's meaning or
 * order of operators; that is {@link io.millrace.sql.plan}. One planning, one thread.
 */
package io.millrace.sql.translate;
