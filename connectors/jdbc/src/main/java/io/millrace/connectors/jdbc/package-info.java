/**
 * Tables in databases that are written: {@code 'connector' = 'jdbc'}, PostgreSQL.
 *
 * <p>Read {@link io.millrace.connectors.jdbc.JdbcConnectorFactory}, then {@code JdbcRun}. Writers store their rows with
 * the checkpoint; once that is durable, all rows of a checkpoint and its number go to the database in one transaction:
 *
 * <pre>
 *   JdbcWriter   worker: rows as text, folded by primary key; chunks stored on I/O threads
 *   JdbcRun      the thread that commits: one transaction a checkpoint
 *   RowText      a row as bytes
 *
 *   table millrace_progress (sink TEXT PRIMARY KEY, incarnation BIGINT, checkpoint BIGINT)
 * </pre>
 *
 * <p>The row of a sink in {@code millrace_progress} is locked by each transaction. It names the last execution that
 * took over, so that one before it is FENCED, and the last checkpoint that was committed, so that repeating one changes
 * nothing. The table is made when it is not there.
 *
 * <p>A job without checkpoints commits once, at its end; one that has no end needs checkpoints.
 */
package io.millrace.connectors.jdbc;
