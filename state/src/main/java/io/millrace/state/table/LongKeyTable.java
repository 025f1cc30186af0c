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
final class LongKeyTable implements KeptTable {
    private static final int KEY_BYTES = 8;
    private static final int FIRST_CAPACITY = 64;

    /** A table that is cleared keeps this many slots. */
    private static final int KEPT_CAPACITY = 1 << 15;

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
    private final RowJournal journal;
    private Buffer marksBuffer;
    private long marks;
    private int copyCursor;
    private Buffer keyScratch;

    /** Takes the journal, which is null for a table that no checkpoint keeps. */
    LongKeyTable(Allocator allocator, int keyColumn, DataType keyType, int valueBytes, RowJournal journal) {
        this.journal = journal;
        this.allocator = allocator;
        this.keyColumn = keyColumn;
        this.keyType = keyType;
        this.valueBytes = valueBytes;
        this.slotBytes = KEY_BYTES + valueBytes;
        allocateSlots(FIRST_CAPACITY);
    }

    private void allocateSlots(int newCapacity) {
        Buffer newSlots = allocator.allocateZeroed(MemoryTag.STATE, (newCapacity + 2L) * slotBytes);
        if (journal != null) {
            try {
                // A multiple of 8, as they are looked through by word.
                marksBuffer = allocator.allocateZeroed(MemoryTag.STATE, newCapacity + 8L);
            } catch (RuntimeException failure) {
                newSlots.release();
                throw failure;
            }
            marks = marksBuffer.address();
        }
        slots = newSlots;
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
        if (marks != 0) {
            touchAll(rowsAddress, count);
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
                        markNew(index);
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
                markNew(index);
                return slot;
            }
            index = index + 1 & mask;
            slot = base + (long) index * slotBytes;
            found = Mem.getLong(slot);
        }
        return slot;
    }

    private long addZero() {
        if (!hasZero) {
            hasZero = true;
            markNew(capacity);
        }
        return zeroSlot();
    }

    private long addNull() {
        if (!hasNull) {
            hasNull = true;
            markNew(capacity + 1);
        }
        return nullSlot();
    }

    private void markNew(int index) {
        if (marks != 0) {
            Mem.putByte(marks + index, journal.isLoading() ? journal.clean() : journal.dirty());
        }
    }

    /** A pass of its own over what was found, so that tables that are not kept go without. */
    private void touchAll(long rows, int count) {
        long slotMarks = marks;
        long first = base + KEY_BYTES;
        double slotsAByte = 1.0 / slotBytes;
        byte dirty = journal.dirty();
        for (int i = 0; i < count; i++) {
            // Exact: a whole number below 2^30, to which the half keeps the rounding errors away.
            int index = (int) ((Mem.getLong(rows + 8L * i) - first) * slotsAByte + 0.5);
            if (Mem.getByte(slotMarks + index) != dirty) {
                write(index);
            }
        }
    }

    @Override
    public void touch(long row) {
        if (marks != 0) {
            int index = (int) ((row - KEY_BYTES - base) / slotBytes);
            if (Mem.getByte(marks + index) != journal.dirty()) {
                write(index);
            }
        }
    }

    /** Lets a row be written that was not since the last barrier. */
    private void write(int index) {
        if (journal.mustCopy(Mem.getByte(marks + index))) {
            copySlot(index);
        }
        Mem.putByte(marks + index, journal.dirty());
    }

    @Override
    public void reserve(long rows) {
        int wanted = capacity;
        while (wanted / 8 * 5 <= rows) {
            wanted = larger(wanted);
        }
        if (wanted > capacity) {
            grow(wanted);
        }
    }

    private int larger(int slotCount) {
        if (slotCount > 1 << 28) {
            throw MillraceException.internal("a table of more than 2^29 keys: size=" + size());
        }
        return slotCount * (slotCount < 1 << 20 ? 4 : 2);
    }

    private void grow() {
        grow(larger(capacity));
    }

    private void grow(int newCapacity) {
        finishCopy();
        Buffer oldSlots = slots;
        Buffer oldMarksBuffer = marksBuffer;
        long oldMarks = marks;
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
            if (oldMarks != 0) {
                Mem.putByte(marks + index, Mem.getByte(oldMarks + i));
            }
        }
        Mem.copyShort(oldBase + (long) oldCapacity * slotBytes, zeroSlot(), 2 * slotBytes);
        oldSlots.release();
        if (oldMarks != 0) {
            Mem.putShort(marks + newCapacity, Mem.getShort(oldMarks + oldCapacity));
            oldMarksBuffer.release();
        }
    }

    @Override
    public long findOrAddKeyOf(KeyedTable other, long otherRow) {
        LongKeyTable source = (LongKeyTable) other;
        long slot = otherRow - KEY_BYTES;
        if (used >= limit) {
            grow();
        }
        boolean isNull = slot == source.nullSlot();
        long row = (isNull ? addNull() : findOrAdd(Mem.getLong(slot))) + KEY_BYTES;
        touch(row);
        return row;
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
    public void begin(boolean wholeTable) {
        journal.begin(wholeTable);
        copyCursor = 0;
    }

    @Override
    public boolean isCopying() {
        return journal != null && journal.isCopying();
    }

    @Override
    public long copy(long maxBytes) {
        long before = journal.progressBytes();
        long looked = 0;
        long done = 0;
        while (journal.isCopying() && done < maxBytes) {
            int from = copyCursor;
            copySlots(Math.min(capacity + 2, copyCursor + 64));
            looked += copyCursor - from;
            done = looked + journal.progressBytes() - before;
            if (copyCursor == capacity + 2) {
                journal.end();
            }
        }
        return done;
    }

    /** Copies what must be of the slots before this one. */
    private void copySlots(int end) {
        boolean full = journal.isFull();
        int index = copyCursor;
        while (index < end) {
            // Dirty marks are odd.
            if (!full && (index & 7) == 0 && (Mem.getLong(marks + index) & 0x0101_0101_0101_0101L) == 0) {
                index += 8;
                continue;
            }
            if (journal.mustCopy(Mem.getByte(marks + index)) && isTaken(index)) {
                copySlot(index);
            }
            index++;
        }
        copyCursor = Math.min(index, capacity + 2);
    }

    private boolean isTaken(int index) {
        if (index >= capacity) {
            return index == capacity ? hasZero : hasNull;
        }
        return Mem.getLong(base + (long) index * slotBytes) != 0;
    }

    /** Writes a slot's record: its key as KeyCodec has it. */
    private void copySlot(int index) {
        long slot = base + (long) index * slotBytes;
        copySlotKey(slot, journal.beginPut(1 + keyType.layout().widthBytes()));
        journal.endPut(slot + KEY_BYTES);
        Mem.putByte(marks + index, journal.clean());
    }

    private void copySlotKey(long slot, long to) {
        boolean isNull = slot == nullSlot();
        Mem.putByte(to, (byte) (isNull ? 1 : 0));
        long value = isNull ? 0 : Mem.getLong(slot);
        switch (keyType.layout().widthBytes()) {
            case 8 -> Mem.putLong(to + 1, value);
            case 4 -> Mem.putInt(to + 1, (int) value);
            case 2 -> Mem.putShort(to + 1, (short) value);
            default -> Mem.putByte(to + 1, (byte) value);
        }
    }

    private void finishCopy() {
        while (journal != null && journal.isCopying()) {
            copy(Long.MAX_VALUE);
        }
    }

    @Override
    public long load(long key, int keyLength) {
        if (used >= limit) {
            grow();
        }
        return (Mem.getByte(key) != 0 ? addNull() : findOrAdd(decoded(key))) + KEY_BYTES;
    }

    private long decoded(long key) {
        return switch (keyType.layout().widthBytes()) {
            case 8 -> Mem.getLong(key + 1);
            case 4 -> Mem.getInt(key + 1);
            case 2 -> Mem.getShort(key + 1);
            default -> Mem.getByte(key + 1);
        };
    }

    @Override
    public long keyHash(long row) {
        if (keyScratch == null) {
            keyScratch = allocator.allocate(MemoryTag.STATE, KEY_BYTES + 1);
        }
        long key = keyScratch.address();
        copySlotKey(row - KEY_BYTES, key);
        return Hashing.hashBytes(key, keyLength(row));
    }

    @Override
    public int keyLength(long row) {
        return 1 + keyType.layout().widthBytes();
    }

    @Override
    public void copyKey(long row, long to) {
        copySlotKey(row - KEY_BYTES, to);
    }

    @Override
    public long growthBytes() {
        return used >= limit / 8 * 7 ? (long) larger(capacity) * (slotBytes + 1) : 0;
    }

    @Override
    public void detach() {
        if (journal != null && journal.sink().closed(this)) {
            throw MillraceException.internal("a table that is copied is not detached");
        }
    }

    @Override
    public long encodedKey(long row) {
        throw MillraceException.internal("an encoded key of a table whose keys are integers");
    }

    @Override
    public void unload(long key, int keyLength) {
        throw MillraceException.internal("a removed key in a table whose rows move");
    }

    @Override
    public long heldBytes() {
        return (slots == null ? 0 : slots.capacityBytes())
                + (marksBuffer == null ? 0 : marksBuffer.capacityBytes())
                + (journal == null ? 0 : journal.heldBytes());
    }

    @Override
    public void clear() {
        if (journal != null) {
            throw MillraceException.internal("a table that is kept is not cleared");
        }
        used = 0;
        hasZero = false;
        hasNull = false;
        if (capacity <= KEPT_CAPACITY) {
            Mem.fill(base, (capacity + 2L) * slotBytes, (byte) 0);
            return;
        }
        slots.release();
        slots = null;
        allocateSlots(FIRST_CAPACITY);
    }

    @Override
    public void close() {
        if (slots != null && journal != null && journal.sink().closed(this)) {
            return;
        }
        free();
    }

    @Override
    public void free() {
        if (slots != null) {
            slots.release();
            slots = null;
        }
        if (marksBuffer != null) {
            marksBuffer.release();
            marksBuffer = null;
            marks = 0;
        }
        if (keyScratch != null) {
            keyScratch.release();
            keyScratch = null;
        }
        if (journal != null) {
            journal.close();
        }
    }
}
