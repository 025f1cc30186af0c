/**
 * Runs a job on one thread, in an order drawn from a seed, with at most one fault.
 *
 * <p>Read {@link io.millrace.scheduler.simulation.Simulation}. Tasks, exchanges, epochs and the job's beginning and end
 * are the ones that run on threads; what the seed decides is which worker acts next, which of its tasks, for how many
 * calls, when an I/O call gets done, when the supervisor looks, and how time passes. The same seed gives the same
 * schedule, so that whatever goes wrong can be looked at again. What it cannot show are races within one step: between
 * tasks there is only the ring.
 */
package io.millrace.scheduler.simulation;
