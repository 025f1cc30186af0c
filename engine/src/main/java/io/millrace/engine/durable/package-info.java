/**
 * Jobs that outlive their process. {@link io.millrace.engine.durable.Durability} is what a user asks for, {@link
 * io.millrace.engine.durable.DurableJob} what a job is given: the lock on its directory, the store of its checkpoints,
 * its incarnation, and the checkpoint it goes on from.
 */
package io.millrace.engine.durable;
