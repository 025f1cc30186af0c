/**
 * The one exception type that leaves the engine, and its codes.
 *
 * <p>Read {@link io.millrace.memory.error.ErrorCode} first: its names are what {@code error[CODE]} prints and its kinds
 * say who can do something about it. A {@link io.millrace.memory.error.MillraceException} is immutable; context, advice
 * and a place in the SQL text are added by making a new one.
 */
package io.millrace.memory.error;
