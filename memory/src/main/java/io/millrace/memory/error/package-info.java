/**
 * The one exception type that leaves the engine, and its codes. Read {@link io.millrace.memory.error.ErrorCode} first.
 */
package io.millrace.memory.error;
