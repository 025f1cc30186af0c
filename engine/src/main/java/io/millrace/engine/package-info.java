/**
 * The embeddable front door: configuration, sessions, queries, views and metrics.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.engine;
