/**
 * The floor everything stands on: types, off-heap memory, columns, batches, hashing, clock and errors.
 *
 * <p>Read {@link io.millrace.memory.batch.Batch} first, then {@link io.millrace.memory.column.Column} and {@link
 * io.millrace.memory.buffer.Allocator}. Nothing here knows a file, a topic, an operator or SQL.
 */
package io.millrace.memory;
