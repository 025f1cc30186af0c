package io.millrace.engine.config;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How an engine is opened.
 *
 * @param memoryBytes the resident size the process may reach, heap and native included: {@code --memory}
 * @param parallelism workers, and tasks an operator has by default
 * @param settings of each new session, as SET would change them
 */
public record MillraceConfig(long memoryBytes, int parallelism, Map<String, String> settings, Clock clock) {
    public static final long DEFAULT_MEMORY_BYTES = 2L << 30;
    public static final long MIN_MEMORY_BYTES = 512L << 20;

    /** What a JVM of this kind needs besides its heap: code, metadata, threads, native libraries. */
    private static final long JVM_BYTES = 160L << 20;

    /** The least that queries can work with. */
    private static final long MIN_OFF_HEAP_BYTES = 64L << 20;

    public MillraceConfig {
        settings = Map.copyOf(settings);
        Objects.requireNonNull(clock, "clock");
        if (memoryBytes < MIN_MEMORY_BYTES) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            "memory: expected at least "
                                    + (MIN_MEMORY_BYTES >> 20)
                                    + "m, found "
                                    + memoryBytes
                                    + " bytes")
                    .withHelp("It bounds the resident size of the process; --memory 2g is the default.");
        }
        if (parallelism < 1 || parallelism > 1024) {
            throw new MillraceException(
                    ErrorCode.INVALID_OPTION, "parallelism: expected 1 to 1024, found " + parallelism);
        }
    }

    /** 2 GiB, a worker a core, default settings, the machine's clock. */
    public static MillraceConfig defaults() {
        return new MillraceConfig(
                DEFAULT_MEMORY_BYTES, Runtime.getRuntime().availableProcessors(), Map.of(), Clock.system());
    }

    public MillraceConfig withMemoryBytes(long bytes) {
        return new MillraceConfig(bytes, parallelism, settings, clock);
    }

    public MillraceConfig withParallelism(int workers) {
        return new MillraceConfig(memoryBytes, workers, settings, clock);
    }

    public MillraceConfig withSetting(String key, String value) {
        Map<String, String> changed = new TreeMap<>(settings);
        changed.put(key, value);
        return new MillraceConfig(memoryBytes, parallelism, changed, clock);
    }

    public MillraceConfig withClock(Clock newClock) {
        return new MillraceConfig(memoryBytes, parallelism, settings, newClock);
    }

    /**
     * What is left for rows when the heap is as large as it may get: at least a quarter of the memory, because an
     * embedding process may have a heap that is none of ours.
     */
    public long offHeapBytes() {
        long left = memoryBytes - Runtime.getRuntime().maxMemory() - JVM_BYTES - memoryBytes / 16;
        return Math.max(Math.max(memoryBytes / 4, MIN_OFF_HEAP_BYTES), left);
    }
}
