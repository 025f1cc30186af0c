package io.millrace.engine.changelog;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.hash.Hashing;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes that were not yet applied, folded as they come: rows of one key are a group, and within it each distinct row
 * has its net weight. Owns the batches. One thread.
 *
 * <pre>
 *   entry  | u64 hash of the key | i64 net weight | i32 batch | i32 row | i32 next of the group + 1 | i32 1 when first |
 *   heads  i32 first entry + 1 of a group, open addressing by the key's hash
 * </pre>
 */
public final class PendingRows implements AutoCloseable {
    private static final long ENTRY_BYTES = 32;
    private static final int FIRST_ENTRIES = 256;

    private final Allocator allocator;
    private final FoldMode mode;
    private final int[] keyColumns;
    private final int[] allColumns;
    private final List<Batch> batches = new ArrayList<>();

    private Buffer entries;
    private Buffer heads;
    private int entryCount;
    private int groupCount;
    private int headMask;
    private long rowsTaken;

    /**
     * An empty one.
     *
     * @param keyColumns that make a group; all of them for {@link FoldMode#BY_ROW}; none when there is one group
     */
    public PendingRows(Allocator allocator, FoldMode mode, int[] keyColumns, int[] allColumns) {
        this.allocator = allocator;
        this.mode = mode;
        this.keyColumns = keyColumns;
        this.allColumns = allColumns;
    }

    /** Rows taken since {@link #clear}. */
    public long rowsTaken() {
        return rowsTaken;
    }

    /** Takes the batch and folds its rows. */
    public void add(Batch batch) {
        int number = batches.size();
        batches.add(batch);
        int count = batch.activeCount();
        rowsTaken += count;
        Buffer hashes = allocator.allocate(MemoryTag.VIEW, 8L * Math.max(1, count));
        try {
            long address = hashes.address();
            if (keyColumns.length == 0) {
                Mem.fill(address, hashes.capacityBytes(), (byte) 0);
            }
            for (int i = 0; i < keyColumns.length; i++) {
                Hashing.hashColumn(
                        batch.column(keyColumns[i]), batch.selectionAddress(), count, address, i == 0, allocator);
            }
            for (int position = 0; position < count; position++) {
                int row = batch.row(position);
                long weight = batch.weight(row);
                if (weight != 0) {
                    fold(Mem.getLong(address + 8L * position), number, row, weight);
                }
            }
        } finally {
            hashes.release();
        }
    }

    private void fold(long hash, int batch, int row, long weight) {
        if (entries == null || (entryCount + 1) * ENTRY_BYTES > entries.capacityBytes()) {
            growEntries();
        }
        if (heads == null || groupCount * 2 > headMask) {
            growHeads();
        }
        int slot = (int) hash & headMask;
        long headsAddress = heads.address();
        int head;
        while ((head = Mem.getInt(headsAddress + 4L * slot)) != 0) {
            long entry = entry(head - 1);
            if (Mem.getLong(entry) == hash
                    && RowEquality.same(batchOf(entry), rowOf(entry), batches.get(batch), row, keyColumns)) {
                foldInto(head - 1, hash, batch, row, weight);
                return;
            }
            slot = slot + 1 & headMask;
        }
        Mem.putInt(headsAddress + 4L * slot, entryCount + 1);
        groupCount++;
        append(hash, batch, row, weight, true);
    }

    private void foldInto(int head, long hash, int batch, int row, long weight) {
        if (mode == FoldMode.LAST_WINS) {
            set(entry(head), batch, row, weight);
            return;
        }
        long unused = 0;
        for (int i = head; i >= 0; i = next(i)) {
            long entry = entry(i);
            long net = Mem.getLong(entry + 8);
            if (net == 0) {
                unused = entry;
            } else if (mode == FoldMode.BY_ROW
                    || RowEquality.same(batchOf(entry), rowOf(entry), batches.get(batch), row, allColumns)) {
                Mem.putLong(entry + 8, net + weight);
                return;
            }
        }
        if (unused != 0) {
            set(unused, batch, row, weight);
            return;
        }
        int second = next(head);
        append(hash, batch, row, weight, false);
        Mem.putInt(entry(entryCount - 1) + 24, second + 1);
        Mem.putInt(entry(head) + 24, entryCount);
    }

    private static void set(long entry, int batch, int row, long weight) {
        Mem.putLong(entry + 8, weight);
        Mem.putInt(entry + 16, batch);
        Mem.putInt(entry + 20, row);
    }

    private void append(long hash, int batch, int row, long weight, boolean first) {
        long entry = entry(entryCount);
        Mem.putLong(entry, hash);
        set(entry, batch, row, weight);
        Mem.putInt(entry + 24, 0);
        Mem.putInt(entry + 28, first ? 1 : 0);
        entryCount++;
    }

    private void growEntries() {
        long capacity = entries == null ? FIRST_ENTRIES : entryCount * 2L;
        Buffer grown = allocator.allocate(MemoryTag.VIEW, capacity * ENTRY_BYTES);
        if (entries != null) {
            Mem.copy(entries.address(), grown.address(), entryCount * ENTRY_BYTES);
            entries.release();
        }
        entries = grown;
    }

    private void growHeads() {
        int capacity = heads == null ? FIRST_ENTRIES * 2 : (headMask + 1) * 2;
        Buffer grown = allocator.allocateZeroed(MemoryTag.VIEW, 4L * capacity);
        if (heads != null) {
            heads.release();
        }
        heads = grown;
        headMask = capacity - 1;
        for (int i = 0; i < entryCount; i++) {
            if (isFirst(i)) {
                int slot = (int) hash(i) & headMask;
                while (Mem.getInt(grown.address() + 4L * slot) != 0) {
                    slot = slot + 1 & headMask;
                }
                Mem.putInt(grown.address() + 4L * slot, i + 1);
            }
        }
    }

    private long entry(int index) {
        return entries.address() + index * ENTRY_BYTES;
    }

    private Batch batchOf(long entry) {
        return batches.get(Mem.getInt(entry + 16));
    }

    private static int rowOf(long entry) {
        return Mem.getInt(entry + 20);
    }

    /** Entries, numbered from 0; each belongs to a group. */
    public int entryCount() {
        return entryCount;
    }

    /** Whether the entry begins a group. */
    public boolean isFirst(int index) {
        return Mem.getInt(entry(index) + 28) != 0;
    }

    /** The next entry of the group, or -1. */
    public int next(int index) {
        return Mem.getInt(entry(index) + 24) - 1;
    }

    /** Of the key's columns. */
    public long hash(int index) {
        return Mem.getLong(entry(index));
    }

    /** Net weight; zero for an entry that no longer counts. */
    public long weight(int index) {
        return Mem.getLong(entry(index) + 8);
    }

    /** Where the entry's row lies; a view. */
    public Batch batch(int index) {
        return batchOf(entry(index));
    }

    /** The entry's row in its batch. */
    public int row(int index) {
        return rowOf(entry(index));
    }

    /** Forgets all entries and closes the batches; keeps its tables, unless they were large. */
    public void clear() {
        batches.forEach(Batch::close);
        batches.clear();
        entryCount = 0;
        groupCount = 0;
        rowsTaken = 0;
        if (heads != null && headMask >= FIRST_ENTRIES * 16) {
            freeTables();
        } else if (heads != null) {
            Mem.fill(heads.address(), 4L * (headMask + 1), (byte) 0);
        }
    }

    private void freeTables() {
        if (entries != null) {
            entries.release();
            entries = null;
        }
        if (heads != null) {
            heads.release();
            heads = null;
        }
    }

    @Override
    public void close() {
        batches.forEach(Batch::close);
        batches.clear();
        entryCount = 0;
        freeTables();
    }
}
