package io.millrace.state.table;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.hash.Hashing;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;

/**
 * One integer key, rows in the slots, at most five eighths full. The fastest table there is here; its rows move when it
 * grows. Linear probing as in Knuth, The Art of Computer Programming, vol. 3, 6.4.
 */
final class LongKeyTable implements KeyedTable {
    private static final int KEY_BYTES = 8;
    private static final int FIRST_CAPACITY = 64;

    private final Allocator allocator;
    private final int keyColumn;
    private final DataType keyType;
    private final int valueBytes;
    private final int slotBytes;
    private Buffer slots;
    private long base;
    private int capacity;
    private int used;
    private int limit;
    private boolean hasZero;
    private boolean hasNull;

    LongKeyTable(Allocator allocator, int keyColumn, DataType keyType, int valueBytes) {
        this.allocator = allocator;
        this.keyColumn = keyColumn;
        this.keyType = keyType;
        this.valueBytes = valueBytes;
        this.slotBytes = KEY_BYTES + valueBytes;
        allocateSlots(FIRST_CAPACITY);
    }

    private void allocateSlots(int newCapacity) {
        slots = allocator.allocateZeroed(MemoryTag.STATE, (newCapacity + 2L) * slotBytes);
        base = slots.address();
        capacity = newCapacity;
        limit = newCapacity / 8 * 5;
    }

    private long zeroSlot() {
        return base + (long) capacity * slotBytes;
    }

    private long nullSlot() {
        return base + (capacity + 1L) * slotBytes;
    }

    @Override
    public void findOrAdd(Batch batch, long selectionAddress, int count, long rowsAddress) {
        Column keys = batch.column(keyColumn);
        boolean plain = keys.encoding() == Encoding.FLAT && !keys.hasNulls() && keys.type().layout() == Layout.I64;
        // Growing moves the rows found so far, so the batch begins anew; each time the table is four times as large.
        while (!(plain
                ? tryLongs(keys.valuesAddress(), selectionAddress, count, rowsAddress)
                : tryAny(keys, selectionAddress, count, rowsAddress))) {
            grow();
        }
    }

    /** Whether all fitted. */
    private boolean tryAny(Column keys, long selection, int count, long rows) {
        for (int i = 0; i < count; i++) {
            if (used >= limit) {
                return false;
            }
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            long slot = keys.isNull(row) ? addNull() : findOrAdd(keys.getLong(row));
            Mem.putLong(rows + 8L * i, slot + KEY_BYTES);
        }
        return true;
    }

    private boolean tryLongs(long keys, long selection, int count, long rows) {
        long slotsBase = base;
        int mask = capacity - 1;
        int width = slotBytes;
        int room = limit - used;
        int added = 0;
        for (int i = 0; i < count; i++) {
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            long key = Mem.getLong(keys + 8L * row);
            long slot;
            if (key == 0) {
                slot = addZero();
            } else {
                int index = (int) Hashing.hashLong(key) & mask;
                slot = slotsBase + (long) index * width;
                long found = Mem.getLong(slot);
                while (found != key) {
                    if (found == 0) {
                        if (added == room) {
                            used += added;
                            return false;
                        }
                        Mem.putLong(slot, key);
                        added++;
                        break;
                    }
                    index = index + 1 & mask;
                    slot = slotsBase + (long) index * width;
                    found = Mem.getLong(slot);
                }
            }
            Mem.putLong(rows + 8L * i, slot + KEY_BYTES);
        }
        used += added;
        return true;
    }

    private long findOrAdd(long key) {
        if (key == 0) {
            return addZero();
        }
        int mask = capacity - 1;
        int index = (int) Hashing.hashLong(key) & mask;
        long slot = base + (long) index * slotBytes;
        long found = Mem.getLong(slot);
        while (found != key) {
            if (found == 0) {
                Mem.putLong(slot, key);
                used++;
                return slot;
            }
            index = index + 1 & mask;
            slot = base + (long) index * slotBytes;
            found = Mem.getLong(slot);
        }
        return slot;
    }

    private long addZero() {
        hasZero = true;
        return zeroSlot();
    }

    private long addNull() {
        hasNull = true;
        return nullSlot();
    }

    private void grow() {
        if (capacity > 1 << 28) {
            throw MillraceException.internal("a table of more than 2^29 keys: size=" + size());
        }
        int newCapacity = capacity * (capacity < 1 << 20 ? 4 : 2);
        Buffer oldSlots = slots;
        long oldBase = base;
        int oldCapacity = capacity;
        allocateSlots(newCapacity);
        int mask = newCapacity - 1;
        for (int i = 0; i < oldCapacity; i++) {
            long from = oldBase + (long) i * slotBytes;
            long key = Mem.getLong(from);
            if (key == 0) {
                continue;
            }
            int index = (int) Hashing.hashLong(key) & mask;
            while (Mem.getLong(base + (long) index * slotBytes) != 0) {
                index = index + 1 & mask;
            }
            Mem.copyShort(from, base + (long) index * slotBytes, slotBytes);
        }
        Mem.copyShort(oldBase + (long) oldCapacity * slotBytes, zeroSlot(), 2 * slotBytes);
        oldSlots.release();
    }

    @Override
    public long findOrAddKeyOf(KeyedTable other, long otherRow) {
        LongKeyTable source = (LongKeyTable) other;
        long slot = otherRow - KEY_BYTES;
        if (used >= limit) {
            grow();
        }
        if (slot == source.nullSlot()) {
            return addNull() + KEY_BYTES;
        }
        return findOrAdd(Mem.getLong(slot)) + KEY_BYTES;
    }

    @Override
    public long size() {
        return (long) used + (hasZero ? 1 : 0) + (hasNull ? 1 : 0);
    }

    @Override
    public int valueBytes() {
        return valueBytes;
    }

    @Override
    public boolean isStable() {
        return false;
    }

    @Override
    public long scan(long cursor, int max, RowList into) {
        int index = (int) cursor;
        int listed = 0;
        for (; index < capacity && listed < max; index++) {
            long slot = base + (long) index * slotBytes;
            if (Mem.getLong(slot) != 0) {
                into.add(slot + KEY_BYTES);
                listed++;
            }
        }
        if (index == capacity && listed < max) {
            if (hasZero) {
                into.add(zeroSlot() + KEY_BYTES);
            }
            if (hasNull) {
                into.add(nullSlot() + KEY_BYTES);
            }
            return -1;
        }
        return index;
    }

    @Override
    public void appendKeys(long rowsAddress, int count, ColumnBuilder[] keys) {
        ColumnBuilder builder = keys[0];
        long nullRow = hasNull ? nullSlot() + KEY_BYTES : 0;
        if (keyType.layout() == Layout.I64 && nullRow == 0) {
            builder.reserve(count);
            long to = builder.valuesAddress() + 8L * builder.rowCount();
            for (int i = 0; i < count; i++) {
                Mem.putLong(to + 8L * i, Mem.getLong(Mem.getLong(rowsAddress + 8L * i) - KEY_BYTES));
            }
            builder.advance(count, 0);
            return;
        }
        for (int i = 0; i < count; i++) {
            long row = Mem.getLong(rowsAddress + 8L * i);
            if (row == nullRow) {
                builder.appendNull();
            } else {
                builder.appendLong(Mem.getLong(row - KEY_BYTES));
            }
        }
    }

    @Override
    public void remove(long row) {
        throw MillraceException.internal("remove from a table whose rows move");
    }

    @Override
    public long heldBytes() {
        return slots == null ? 0 : slots.capacityBytes();
    }

    @Override
    public void clear() {
        slots.release();
        slots = null;
        used = 0;
        hasZero = false;
        hasNull = false;
        allocateSlots(FIRST_CAPACITY);
    }

    @Override
    public void close() {
        if (slots != null) {
            slots.release();
            slots = null;
        }
    }
}
