package io.millrace.engine.memory;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;

/**
 * How the resident size that a process may reach is divided. The parts add up to it, in whole MiB:
 *
 * <pre>
 *   heap     a quarter, at most 8 GiB     plans, metadata, the clients' own objects; -Xmx
 *   direct   a sixteenth, at most 1 GiB   the clients' direct buffers; -XX:MaxDirectMemorySize
 *   jvm      144 MiB                      the AOT cache, code, metaspace, symbols, compilers, collector, stacks
 *   slack    a sixteenth, at most 2 GiB   what the C library and RocksDB keep beside what was asked of them
 *   budget   the rest                     rows, state, views, RocksDB's cache: whatever the allocator hands out
 * </pre>
 *
 * @param memoryBytes the whole, {@code --memory}
 */
public record MemorySplit(
        long memoryBytes, long heapBytes, long directBytes, long jvmBytes, long slackBytes, long budgetBytes) {
    public static final long MIN_MEMORY_BYTES = 512L << 20;

    private static final long MIB = 1L << 20;
    private static final long MAX_HEAP_MIB = 8192;
    private static final long MAX_DIRECT_MIB = 1024;
    private static final long MAX_SLACK_MIB = 2048;
    private static final long JVM_MIB = 144;

    /** The least that queries can work with, when the heap is not ours to choose. */
    private static final long MIN_BUDGET_BYTES = 64 * MIB;

    /** What the launcher starts a process with. Fails with INVALID_OPTION below {@link #MIN_MEMORY_BYTES}. */
    public static MemorySplit of(long memoryBytes) {
        check(memoryBytes);
        long mib = memoryBytes / MIB;
        return of(memoryBytes, Math.min(mib / 4, MAX_HEAP_MIB) * MIB);
    }

    /**
     * The same for a process whose heap may grow to {@code heapBytes}, whoever chose that: what is over is the
     * budget's, at least a quarter of the whole, because an embedding process may have a heap that is none of ours.
     */
    public static MemorySplit of(long memoryBytes, long heapBytes) {
        check(memoryBytes);
        long mib = memoryBytes / MIB;
        long direct = Math.min(mib / 16, MAX_DIRECT_MIB) * MIB;
        long jvm = JVM_MIB * MIB;
        long slack = Math.min(mib / 16, MAX_SLACK_MIB) * MIB;
        long left = mib * MIB - heapBytes - direct - jvm - slack;
        long budget = Math.max(Math.max(memoryBytes / 4, MIN_BUDGET_BYTES), left);
        return new MemorySplit(memoryBytes, heapBytes, direct, jvm, slack, budget);
    }

    /** For the process that this is. */
    public static MemorySplit ofThisProcess(long memoryBytes) {
        return of(memoryBytes, Runtime.getRuntime().maxMemory());
    }

    /** Fails with INVALID_OPTION when a process cannot work with so little. */
    public static void check(long memoryBytes) {
        if (memoryBytes < MIN_MEMORY_BYTES) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            "memory: expected at least "
                                    + MIN_MEMORY_BYTES / MIB
                                    + "m, found "
                                    + memoryBytes
                                    + " bytes")
                    .withHelp("It bounds the resident size of the process; --memory 2g is the default.");
        }
    }
}
