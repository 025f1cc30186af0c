/**
 * Answers to queries, from the engine under many configurations and from DuckDB, in a form that can be compared.
 *
 * <p>Read {@link io.millrace.it.oracle.Answer}, then {@link io.millrace.it.oracle.EngineSession} and {@link
 * io.millrace.it.oracle.DuckDb}. One thread.
 */
package io.millrace.it.oracle;
