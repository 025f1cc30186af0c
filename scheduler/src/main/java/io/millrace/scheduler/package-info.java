/**
 * Workers, tasks, exchanges, barriers, recovery and the seeded simulation.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.scheduler;
