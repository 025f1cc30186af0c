/**
 * Where tests make the process die. Read {@link io.millrace.memory.fault.KillPoint}.
 *
 * <p>Stateless unless a test has asked for it; any thread.
 */
package io.millrace.memory.fault;
