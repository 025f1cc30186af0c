package io.millrace.memory.buffer;

/**
 * Memory as the operating system or the C library gave it.
 *
 * @param address first usable byte, a multiple of 64
 * @param capacityBytes usable bytes
 * @param rawAddress what must be given back
 * @param rawBytes what must be given back and what the budget is charged
 * @param mapped whether it was mapped on its own
 */
record MemoryBlock(long address, long capacityBytes, long rawAddress, long rawBytes, boolean mapped) {}
