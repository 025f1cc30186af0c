/**
 * Types, schema, off-heap buffers, columns, batches, allocator, clock and errors.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.memory;
