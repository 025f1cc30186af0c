/**
 * What a connector is: a factory found by ServiceLoader that turns a table's options into a source or a sink.
 *
 * <p>Read {@link io.millrace.connectors.api.ConnectorFactory}, then {@link io.millrace.connectors.api.SourceReader} and
 * {@link io.millrace.connectors.api.SinkWriter}. The life of a source:
 *
 * <pre>
 *   Source           what a table is; immutable, lives as long as the plan
 *   SourceRun        one execution of it; shared by all its readers, thread-safe: assigns splits, knows global bounds
 *   SourceReader     one task's share: many splits, polled by one worker at a time, never blocks
 *   SourceOutput     where a reader puts batches, and says what it knows of each split's time
 * </pre>
 *
 * <p>Readers and writers run on a worker, which they must not block: whatever may wait (files, sockets, fsync) goes to
 * {@link io.millrace.connectors.api.IoThreads} and is polled for.
 */
package io.millrace.connectors.api;
