package io.millrace.operators.aggregate;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.KeyedTables;
import io.millrace.state.table.RowList;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;
import java.util.List;
import java.util.Locale;

/**
 * How often each value occurs in each group: what DISTINCT and retractable MIN and MAX keep. A table from (group,
 * value) to an entry; the entries of a group are linked from the i64 head in the group's row.
 *
 * <pre>
 *   entry  i64 count (may be negative within an epoch) | i64 next entry, 0 at the end
 *          | i64 once linked, address of what points here: the head, or the next entry of another
 * </pre>
 */
final class ValueBag implements AutoCloseable {
    private static final int ENTRY_BYTES = 24;

    /** Of an entry's key: behind the null byte, before the value. */
    private static final int GROUP_BYTES = 8;

    private final Allocator allocator;
    private final DataType valueType;
    private final Schema entrySchema;
    private final KeptTable entries;
    private final RowList found;
    private final RowList absent;
    private Buffer key;

    ValueBag(Allocator allocator, DataType valueType) {
        this.allocator = allocator;
        this.valueType = valueType;
        this.entrySchema = Schema.of("group", DataType.BIGINT.notNull(), "value", valueType);
        this.entries =
                KeyedTables.create(
                        allocator, List.of(0, 1), List.of(DataType.BIGINT.notNull(), valueType), ENTRY_BYTES, true);
        this.found = new RowList(allocator, 16);
        this.absent = new RowList(allocator, 16);
    }

    /** Counts the values, each into the bag whose head lies {@code offset} bytes into its group's row. */
    RowList find(Column argument, RowSet rows, int offset) {
        found.setSize(rows.count);
        Buffer groups = allocator.allocate(MemoryTag.STATE, 8L * Math.max(1, rows.count));
        for (int i = 0; i < rows.count; i++) {
            Mem.putLong(groups.address() + 8L * i, rows.target(i) + offset);
        }
        Column groupColumn =
                new Column(DataType.BIGINT.notNull(), Encoding.FLAT, rows.count, 0, groups, null, null, null);
        Column values;
        try (ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.STATE, valueType, rows.count)) {
            builder.gather(argument, rows.selection, rows.count);
            values = builder.build();
        } catch (RuntimeException failure) {
            groupColumn.release();
            throw failure;
        }
        try (Batch batch = new Batch(entrySchema, new Column[] {groupColumn, values}, rows.count)) {
            entries.findOrAdd(batch, 0, rows.count, found.address());
        }
        return found;
    }

    static long count(long entry) {
        return Mem.getLong(entry);
    }

    /** Adds to an entry's count and links it to its bag when it is new. */
    static void add(long entry, long weight, long head) {
        Mem.putLong(entry, Mem.getLong(entry) + weight);
        if (Mem.getLong(entry + 16) == 0) {
            long next = Mem.getLong(head);
            Mem.putLong(entry + 16, head);
            Mem.putLong(entry + 8, next);
            Mem.putLong(head, entry);
            if (next != 0) {
                Mem.putLong(next + 16, entry + 8);
            }
        }
    }

    private static void unlink(long entry) {
        long next = Mem.getLong(entry + 8);
        long from = Mem.getLong(entry + 16);
        Mem.putLong(from, next);
        if (next != 0) {
            Mem.putLong(next + 16, from);
        }
        Mem.putLong(entry + 16, 0);
    }

    /** Drops those of the entries, which were all added to, that no longer occur. One may be listed more than once. */
    void removeAbsent(RowList listed) {
        absent.clear();
        for (int i = 0; i < listed.size(); i++) {
            long entry = listed.get(i);
            if (Mem.getLong(entry) == 0 && Mem.getLong(entry + 16) != 0) {
                unlink(entry);
                absent.add(entry);
            }
        }
        for (int i = 0; i < absent.size(); i++) {
            entries.remove(absent.get(i));
        }
    }

    /** Drops all entries of a bag. */
    void clear(long head) {
        for (long entry = Mem.getLong(head); entry != 0; ) {
            long next = Mem.getLong(entry + 8);
            entries.remove(entry);
            entry = next;
        }
        Mem.putLong(head, 0);
    }

    /** The values of a bag that occur, as a column that the caller releases; their counts go to {@code counts}. */
    Column values(long head, RowList counts) {
        return values(head, counts, false);
    }

    /** As the other, with those too that were taken away more often than they were added, when {@code owed}. */
    Column values(long head, RowList counts, boolean owed) {
        counts.clear();
        try (RowList live = new RowList(allocator, 16);
                ColumnBuilder groups = new ColumnBuilder(allocator, MemoryTag.STATE, DataType.BIGINT.notNull(), 16);
                ColumnBuilder values = new ColumnBuilder(allocator, MemoryTag.STATE, valueType, 16)) {
            for (long entry = Mem.getLong(head); entry != 0; ) {
                long next = Mem.getLong(entry + 8);
                long count = Mem.getLong(entry);
                if (count == 0) {
                    unlink(entry);
                    entries.remove(entry);
                } else if (count > 0 || owed) {
                    live.add(entry);
                    counts.add(count);
                }
                entry = next;
            }
            entries.appendKeys(live.address(), live.size(), new ColumnBuilder[] {groups, values});
            return values.build();
        }
    }

    String layout() {
        return "bag:" + valueType.layout().name().toLowerCase(Locale.ROOT);
    }

    /**
     * Writes the values of a bag that occur, or are taken away more often than they were added: varint how many, then
     * each as i64 count, varint length, null byte and value as keys have them.
     */
    void write(long head, StateOutput output) {
        int live = 0;
        for (long entry = Mem.getLong(head); entry != 0; entry = Mem.getLong(entry + 8)) {
            live += Mem.getLong(entry) == 0 ? 0 : 1;
        }
        output.putVarint(live);
        for (long entry = Mem.getLong(head); entry != 0; entry = Mem.getLong(entry + 8)) {
            long count = Mem.getLong(entry);
            if (count != 0) {
                long key = entries.encodedKey(entry);
                int length = Mem.getInt(key) - GROUP_BYTES;
                output.putLong(count);
                output.putVarint(length);
                output.putBytes(key + 4, 1);
                output.putBytes(key + 4 + 1 + GROUP_BYTES, length - 1);
            }
        }
    }

    /** Fills the bag of a head that is 0. */
    void read(StateInput input, long head) {
        int live = input.getVarint();
        for (int i = 0; i < live; i++) {
            long count = input.getLong();
            int length = input.getVarint();
            long value = input.skip(length);
            reserveKey(length + GROUP_BYTES);
            long to = key.address();
            Mem.putByte(to, Mem.getByte(value));
            Mem.putLong(to + 1, head);
            Mem.copy(value + 1, to + 1 + GROUP_BYTES, length - 1L);
            add(entries.load(to, length + GROUP_BYTES), count, head);
        }
    }

    private void reserveKey(int bytes) {
        if (key == null || key.capacityBytes() < bytes) {
            Buffer larger = allocator.allocate(MemoryTag.STATE, 2L * bytes);
            if (key != null) {
                key.release();
            }
            key = larger;
        }
    }

    long heldBytes() {
        return entries.heldBytes();
    }

    @Override
    public void close() {
        if (key != null) {
            key.release();
            key = null;
        }
        entries.close();
        found.close();
        absent.close();
    }
}
