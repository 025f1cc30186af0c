/**
 * Exchanges: how batches and control get from a task to the tasks that read it.
 *
 * <pre>
 *   operator -> EdgeWriter --> Sender -> Channel ->  task 0 of the reader
 *                         \--> Sender -> Channel ->  task 1 …
 * </pre>
 *
 * <p>Read {@link io.millrace.scheduler.exchange.EdgeWriter} first. An edge writer belongs to the emitting task; it
 * decides which rows go where. A {@link io.millrace.scheduler.exchange.Sender} keeps what its channel has no room for,
 * so that nothing emitted is lost and nothing overtakes. A {@link io.millrace.scheduler.exchange.Channel} between tasks
 * is a ring with one producer and one consumer, which carries batches and control (watermarks, epoch markers) in one
 * order; slots beyond its capacity in batches are left to control. Inside a task it is a plain queue. Ownership of a
 * batch passes with it.
 */
package io.millrace.scheduler.exchange;
