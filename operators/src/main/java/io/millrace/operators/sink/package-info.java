/**
 * Writing to a connector's sink; materialized views and a client's results are sinks of the engine. Read {@link
 * io.millrace.operators.sink.SinkSpec}.
 *
 * <p>Tasks hand batches to writers and have them prepare at the end; the run, which they share, commits what all of
 * them prepared.
 */
package io.millrace.operators.sink;
