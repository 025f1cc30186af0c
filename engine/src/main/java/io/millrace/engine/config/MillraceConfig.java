package io.millrace.engine.config;

import io.millrace.engine.memory.MemorySplit;
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

    public MillraceConfig {
        settings = Map.copyOf(settings);
        Objects.requireNonNull(clock, "clock");
        MemorySplit.check(memoryBytes);
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

    /** How the memory is divided, the heap being what it is in this process. */
    public MemorySplit memorySplit() {
        return MemorySplit.ofThisProcess(memoryBytes);
    }

    /** What is left for rows when the heap is as large as it may get. */
    public long offHeapBytes() {
        return memorySplit().budgetBytes();
    }
}
