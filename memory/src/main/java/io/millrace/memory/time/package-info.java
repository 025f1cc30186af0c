/**
 * The injected clock. Read {@link io.millrace.memory.time.Clock}.
 *
 * <p>Only {@code SystemClock} asks the machine; a check of the build holds everyone else to the injected one, so that a
 * simulation owns time. Thread-safe.
 */
package io.millrace.memory.time;
