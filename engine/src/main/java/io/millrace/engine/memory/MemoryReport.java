package io.millrace.engine.memory;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.buffer.OwnerUsage;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where memory goes now. Its parts are looked at one after the other while the engine runs.
 *
 * @param split what the process was started with
 * @param usedBytes of the budget
 * @param peakBytes the most that was used of the budget
 * @param byTag of the budget, by what it is for
 * @param owners of the budget, by who has it
 */
public record MemoryReport(
        MemorySplit split,
        ResidentSize resident,
        JvmMemory jvm,
        long usedBytes,
        long peakBytes,
        Map<MemoryTag, Long> byTag,
        OwnerUsage owners) {
    /** Of the rows that {@link #rows} gives. */
    public static final Schema SCHEMA =
            new Schema(
                    List.of(
                            new Field("area", DataType.VARCHAR),
                            new Field("name", DataType.VARCHAR),
                            new Field("used_bytes", DataType.BIGINT),
                            new Field("peak_bytes", DataType.BIGINT),
                            new Field("limit_bytes", DataType.BIGINT)));

    /** Of this process, in which {@code root} hands out what {@code split} leaves for the budget. */
    public static MemoryReport of(MemorySplit split, Allocator root) {
        return new MemoryReport(
                split,
                ResidentSize.now(),
                JvmMemory.now(),
                root.budget().usedBytes(),
                root.budget().peakBytes(),
                root.budget().usageByTag(),
                root.usage());
    }

    /** As a table; what is not known or not bounded is null. An owner's bytes include those of the lines under it. */
    public List<List<Object>> rows() {
        List<List<Object>> rows = new ArrayList<>();
        add(rows, "process", "bounded by --memory", known(resident.boundedBytes()), null, split.memoryBytes());
        add(rows, "process", "anonymous", known(resident.anonymousBytes()), null, null);
        add(rows, "process", "shared", known(resident.sharedBytes()), null, null);
        add(rows, "process", "file pages", known(resident.fileBytes()), null, null);
        add(rows, "jvm", "heap in use", jvm.heapUsedBytes(), null, null);
        add(rows, "jvm", "heap", jvm.heapCommittedBytes(), null, split.heapBytes());
        add(rows, "jvm", "direct buffers", jvm.directBytes(), null, split.directBytes());
        add(rows, "jvm", "metaspace", jvm.metaspaceBytes(), null, null);
        add(rows, "jvm", "code", jvm.codeBytes(), null, null);
        add(rows, "budget", "all", usedBytes, peakBytes, split.budgetBytes());
        byTag.forEach((tag, bytes) -> add(rows, "tag", tag.name().toLowerCase(Locale.ROOT), bytes, null, null));
        owners.children().forEach(owner -> add(rows, owner));
        return rows;
    }

    private static void add(List<List<Object>> rows, OwnerUsage owner) {
        add(rows, "owner", owner.owner(), owner.heldBytes(), null, null);
        owner.children().forEach(child -> add(rows, child));
    }

    private static void add(List<List<Object>> rows, String area, String name, Long used, Long peak, Long limit) {
        rows.add(Arrays.asList(area, name, used, peak, limit));
    }

    private static Long known(long bytes) {
        return bytes < 0 ? null : bytes;
    }
}
