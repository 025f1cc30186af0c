/**
 * {@code --memory} bounds the process. Jobs run in processes of their own, which the real launcher starts, and are
 * looked at from outside every 100 ms. Read {@link io.millrace.it.memory.MemoryBoundIT}; its documentation lists what
 * can be set.
 */
package io.millrace.it.memory;
