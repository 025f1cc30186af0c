/**
 * Off-heap memory: one budget for the process, allocators that own what they hand out, reference-counted buffers.
 *
 * <p>Read {@link io.millrace.memory.buffer.Allocator} first. {@link io.millrace.memory.buffer.Mem} is the one class
 * that reads and writes raw addresses; bulk kernels use {@link io.millrace.memory.buffer.Mem#ALL} with the Vector API.
 * Allocators and buffers may be used from any thread; what lies in a buffer belongs to whoever owns the buffer.
 *
 * <p>A buffer of 2 MiB or more is mapped on its own at a 2 MiB boundary and asks for transparent huge pages; smaller
 * ones come in powers of two and are kept for reuse, a bounded number a size.
 */
package io.millrace.memory.buffer;
