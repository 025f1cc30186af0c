package io.millrace.engine.view;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.MillraceException;

/**
 * From a key's hash to where its row lies: open addressing with linear probing, off-heap, in 64 parts that grow on
 * their own, so that no growth stops the writer for long. Several rows may have one hash; the caller compares keys. One
 * thread.
 *
 * <pre>
 *   entry  | u64 hash | u64 location + 1 |     a location of zero means the entry is free
 *   part   bits 24..29 of the hash; the slot within is its low bits, so neither depends on the key group
 * </pre>
 */
final class RowIndex implements AutoCloseable {
    private static final int PARTS = 64;
    private static final int PART_SHIFT = 24;
    private static final long ENTRY_BYTES = 16;
    private static final int FIRST_CAPACITY = 8;

    private final Allocator allocator;
    private final Buffer[] buffers = new Buffer[PARTS];
    private final long[] addresses = new long[PARTS];
    private final int[] masks = new int[PARTS];
    private final int[] used = new int[PARTS];

    RowIndex(Allocator allocator) {
        this.allocator = allocator;
    }

    private static int part(long hash) {
        return (int) (hash >>> PART_SHIFT) & PARTS - 1;
    }

    /** The first entry with this hash, or 0. Valid until the next insertion or removal. */
    long seek(long hash) {
        int part = part(hash);
        return buffers[part] == null ? 0 : scan(part, hash, (int) hash & masks[part]);
    }

    /** The next entry with the same hash, or 0. */
    long seekNext(long hash, long entry) {
        int part = part(hash);
        int slot = (int) ((entry - addresses[part]) / ENTRY_BYTES);
        return scan(part, hash, slot + 1 & masks[part]);
    }

    private long scan(int part, long hash, int fromSlot) {
        long base = addresses[part];
        int mask = masks[part];
        for (int slot = fromSlot; ; slot = slot + 1 & mask) {
            long entry = base + slot * ENTRY_BYTES;
            if (Mem.getLong(entry + 8) == 0) {
                return 0;
            }
            if (Mem.getLong(entry) == hash) {
                return entry;
            }
        }
    }

    static long location(long entry) {
        return Mem.getLong(entry + 8) - 1;
    }

    void insert(long hash, long location) {
        int part = part(hash);
        if (buffers[part] == null || used[part] * 4L >= (masks[part] + 1) * 3L) {
            grow(part);
        }
        put(part, hash, location + 1);
        used[part]++;
    }

    private void put(int part, long hash, long stored) {
        long base = addresses[part];
        int mask = masks[part];
        int slot = (int) hash & mask;
        while (Mem.getLong(base + slot * ENTRY_BYTES + 8) != 0) {
            slot = slot + 1 & mask;
        }
        Mem.putLong(base + slot * ENTRY_BYTES, hash);
        Mem.putLong(base + slot * ENTRY_BYTES + 8, stored);
    }

    private void grow(int part) {
        Buffer before = buffers[part];
        int capacityBefore = before == null ? 0 : masks[part] + 1;
        int capacity = before == null ? FIRST_CAPACITY : capacityBefore * 2;
        long from = addresses[part];
        buffers[part] = allocator.allocateZeroed(MemoryTag.VIEW, capacity * ENTRY_BYTES);
        addresses[part] = buffers[part].address();
        masks[part] = capacity - 1;
        for (int slot = 0; slot < capacityBefore; slot++) {
            long entry = from + slot * ENTRY_BYTES;
            if (Mem.getLong(entry + 8) != 0) {
                put(part, Mem.getLong(entry), Mem.getLong(entry + 8));
            }
        }
        if (before != null) {
            before.release();
        }
    }

    /** Changes where the row lies. */
    void move(long hash, long from, long to) {
        Mem.putLong(find(hash, from) + 8, to + 1);
    }

    void remove(long hash, long location) {
        int part = part(hash);
        long base = addresses[part];
        int mask = masks[part];
        int hole = (int) ((find(hash, location) - base) / ENTRY_BYTES);
        for (int slot = hole + 1 & mask; ; slot = slot + 1 & mask) {
            long entry = base + slot * ENTRY_BYTES;
            long stored = Mem.getLong(entry + 8);
            if (stored == 0) {
                break;
            }
            int home = (int) Mem.getLong(entry) & mask;
            if ((slot - home & mask) >= (slot - hole & mask)) {
                Mem.putLong(base + hole * ENTRY_BYTES, Mem.getLong(entry));
                Mem.putLong(base + hole * ENTRY_BYTES + 8, stored);
                hole = slot;
            }
        }
        Mem.putLong(base + hole * ENTRY_BYTES + 8, 0);
        used[part]--;
    }

    private long find(long hash, long location) {
        for (long entry = seek(hash); entry != 0; entry = seekNext(hash, entry)) {
            if (location(entry) == location) {
                return entry;
            }
        }
        throw MillraceException.internal("no row of a view at location=" + location);
    }

    @Override
    public void close() {
        for (int part = 0; part < PARTS; part++) {
            if (buffers[part] != null) {
                buffers[part].release();
                buffers[part] = null;
            }
        }
    }
}
