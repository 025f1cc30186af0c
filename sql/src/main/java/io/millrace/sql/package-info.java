/**
 * SQL text to operator graph.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.sql;
