package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.hash.Hashing;
import io.millrace.memory.types.DataType;
import java.util.List;

/**
 * Which keys are one task's, when rows of other tasks are read as well: those whose key group it owns, found as an
 * exchange finds it, by the hashes of the key's columns. One thread.
 */
public final class KeyClip {
    private static final int TESTED_KEYS = 1_024;

    private final Allocator allocator;
    private final KeyCodec codec;
    private final List<DataType> types;
    private final int keyGroups;
    private final int taskIndex;
    private final int taskCount;

    /** The keys of one of so many tasks; of at least one column. */
    public KeyClip(Allocator allocator, List<DataType> keyTypes, int keyGroups, int taskIndex, int taskCount) {
        this.allocator = allocator;
        this.codec = new KeyCodec(keyTypes.stream().map(type -> 0).toList(), keyTypes);
        this.types = keyTypes;
        this.keyGroups = keyGroups;
        this.taskIndex = taskIndex;
        this.taskCount = taskCount;
    }

    /** Takes the rows out of a list whose keys are not the task's. */
    public void keepOwn(KeptTable table, RowList rows) {
        try (StateOutput bytes = new StateOutput(allocator, TESTED_KEYS * 16)) {
            long[] keys = new long[TESTED_KEYS];
            boolean[] own = new boolean[TESTED_KEYS];
            int kept = 0;
            for (int from = 0; from < rows.size(); from += TESTED_KEYS) {
                int count = Math.min(TESTED_KEYS, rows.size() - from);
                bytes.truncate(0);
                for (int i = 0; i < count; i++) {
                    long row = rows.get(from + i);
                    keys[i] = bytes.sizeBytes();
                    table.copyKey(row, bytes.advance(table.keyLength(row)));
                }
                for (int i = 0; i < count; i++) {
                    keys[i] += bytes.address();
                }
                test(keys, count, own);
                for (int i = 0; i < count; i++) {
                    if (own[i]) {
                        Mem.putLong(rows.address() + 8L * kept++, rows.get(from + i));
                    }
                }
            }
            rows.setSize(kept);
        }
    }

    /** Says of each of the encoded keys whether it is the task's. */
    void test(long[] keys, int count, boolean[] own) {
        ColumnBuilder[] builders = new ColumnBuilder[types.size()];
        Buffer hashes = allocator.allocate(MemoryTag.STATE, 8L * Math.max(1, count));
        try {
            for (int k = 0; k < builders.length; k++) {
                builders[k] = new ColumnBuilder(allocator, MemoryTag.STATE, types.get(k), count);
            }
            for (int i = 0; i < count; i++) {
                codec.decode(keys[i], builders);
            }
            for (int k = 0; k < builders.length; k++) {
                Column column = builders[k].build();
                try {
                    Hashing.hashColumn(column, 0, count, hashes.address(), k == 0, allocator);
                } finally {
                    column.release();
                }
            }
            for (int i = 0; i < count; i++) {
                int group = Hashing.keyGroup(Mem.getLong(hashes.address() + 8L * i), keyGroups);
                own[i] = Hashing.ownerOf(group, keyGroups, taskCount) == taskIndex;
            }
        } finally {
            hashes.release();
            for (ColumnBuilder builder : builders) {
                if (builder != null) {
                    builder.close();
                }
            }
        }
    }
}
