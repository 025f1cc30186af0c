/**
 * Where the process's memory goes: how {@code --memory} is divided before anything runs, and what is taken of it.
 *
 * <p>Read {@link io.millrace.engine.memory.MemorySplit} first; the launcher computes the same figures, and a test in
 * {@code it} holds both equal. {@link io.millrace.engine.memory.MemoryReport} is what {@code EXPLAIN MEMORY}, {@code
 * GET /v1/memory} and the metrics show. Values here are immutable.
 */
package io.millrace.engine.memory;
