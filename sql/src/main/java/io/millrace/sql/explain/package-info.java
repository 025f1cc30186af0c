/**
 * What EXPLAIN answers, as text and as JSON. Read {@link io.millrace.sql.explain.Explainer}.
 */
package io.millrace.sql.explain;
