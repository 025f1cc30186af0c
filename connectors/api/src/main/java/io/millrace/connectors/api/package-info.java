/**
 * The contract of a connector: source, split, split reader, sink and committer.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.connectors.api;
