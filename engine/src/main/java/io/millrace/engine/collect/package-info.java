/**
 * A query's result on its way to whoever runs it.
 *
 * <p>Read {@link io.millrace.engine.collect.CollectSink}. Workers put batches into a bounded queue and never wait; one
 * reader takes them, on a thread of its own. Batches are the job's memory, so the job ends when the reader has given
 * them back.
 */
package io.millrace.engine.collect;
