/** The injected clock. Read {@link io.millrace.memory.time.Clock}; only {@code SystemClock} asks the machine. */
package io.millrace.memory.time;
