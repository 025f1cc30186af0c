package io.millrace.state.table;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.hash.Hashing;

/**
 * Keys of any types; rows lie in blocks and never move. The directory holds 16 bits of the hash beside each row's
 * address, so that most probes touch a row only when it is the right one (as in Leis et al., Morsel-Driven Parallelism,
 * 2014).
 */
final class BytesKeyTable implements KeyedTable {
    private static final int HASH_BYTES = 8;
    private static final int FIRST_CAPACITY = 64;
    private static final long ADDRESS_MASK = 0xffff_ffff_ffffL;

    /** A directory entry whose row was removed: probes go past it. */
    private static final long TOMBSTONE = 1;

    private final Allocator allocator;
    private final KeyCodec codec;
    private final int valueBytes;
    private final ByteHeap arena;
    private final KeyCodec.Encoded encoded;
    private Buffer directory;
    private long base;
    private int capacity;
    private int occupied;
    private int size;

    BytesKeyTable(Allocator allocator, KeyCodec codec, int valueBytes) {
        this.allocator = allocator;
        this.codec = codec;
        this.valueBytes = valueBytes;
        this.arena = new ByteHeap(allocator);
        this.encoded = new KeyCodec.Encoded(allocator);
        allocateDirectory(FIRST_CAPACITY);
    }

    private void allocateDirectory(int newCapacity) {
        directory = allocator.allocateZeroed(MemoryTag.STATE, 8L * newCapacity);
        base = directory.address();
        capacity = newCapacity;
    }

    @Override
    public void findOrAdd(Batch batch, long selectionAddress, int count, long rowsAddress) {
        codec.encode(batch, selectionAddress, count, encoded);
        long keys = encoded.address();
        for (int i = 0; i < count; i++) {
            int start = encoded.start(i);
            int length = encoded.end(i) - start;
            long row = findOrAdd(keys + start, length, Hashing.hashBytes(keys + start, length));
            Mem.putLong(rowsAddress + 8L * i, row);
        }
    }

    @Override
    public long findOrAddKeyOf(KeyedTable other, long otherRow) {
        long key = ((BytesKeyTable) other).keyAddress(otherRow);
        return findOrAdd(key + 4, Mem.getInt(key), Mem.getLong(otherRow - HASH_BYTES));
    }

    /** Where the row's key lies: i32 length, then the bytes. */
    private long keyAddress(long row) {
        return row + valueBytes;
    }

    private long findOrAdd(long key, int length, long hash) {
        if (occupied >= capacity / 2) {
            rehash();
        }
        int mask = capacity - 1;
        int index = (int) hash & mask;
        long salt = hash & ~ADDRESS_MASK;
        long entry = Mem.getLong(base + 8L * index);
        while (entry != 0) {
            if ((entry & ~ADDRESS_MASK) == salt && entry != TOMBSTONE) {
                long row = entry & ADDRESS_MASK;
                long found = keyAddress(row);
                if (Mem.getLong(row - HASH_BYTES) == hash
                        && Mem.getInt(found) == length
                        && Mem.sameBytes(found + 4, key, length)) {
                    return row;
                }
            }
            index = index + 1 & mask;
            entry = Mem.getLong(base + 8L * index);
        }
        long row = arena.allocate(HASH_BYTES + valueBytes + 4 + length) + HASH_BYTES;
        if ((row & ~ADDRESS_MASK) != 0) {
            throw MillraceException.internal("an address of more than 48 bits");
        }
        Mem.putLong(row - HASH_BYTES, hash);
        Mem.fill(row, valueBytes, (byte) 0);
        Mem.putInt(row + valueBytes, length);
        Mem.copyShort(key, row + valueBytes + 4, length);
        Mem.putLong(base + 8L * index, salt | row);
        occupied++;
        size++;
        return row;
    }

    /** Makes the directory anew, without tombstones, and larger when it is full of rows. */
    private void rehash() {
        Buffer oldDirectory = directory;
        long oldBase = base;
        int oldCapacity = capacity;
        long newCapacity = size >= oldCapacity / 4 ? oldCapacity * 2L : oldCapacity;
        if (newCapacity > 1 << 30) {
            throw MillraceException.internal("a table of more than 2^29 keys: size=" + size);
        }
        allocateDirectory((int) newCapacity);
        int mask = capacity - 1;
        for (int i = 0; i < oldCapacity; i++) {
            long entry = Mem.getLong(oldBase + 8L * i);
            if (entry == 0 || entry == TOMBSTONE) {
                continue;
            }
            int index = (int) Mem.getLong((entry & ADDRESS_MASK) - HASH_BYTES) & mask;
            while (Mem.getLong(base + 8L * index) != 0) {
                index = index + 1 & mask;
            }
            Mem.putLong(base + 8L * index, entry);
        }
        occupied = size;
        oldDirectory.release();
    }

    @Override
    public void remove(long row) {
        long hash = Mem.getLong(row - HASH_BYTES);
        int mask = capacity - 1;
        int index = (int) hash & mask;
        long wanted = hash & ~ADDRESS_MASK | row;
        while (true) {
            long entry = Mem.getLong(base + 8L * index);
            if (entry == wanted) {
                Mem.putLong(base + 8L * index, TOMBSTONE);
                size--;
                arena.free(row - HASH_BYTES, HASH_BYTES + valueBytes + 4 + Mem.getInt(keyAddress(row)));
                return;
            }
            if (entry == 0) {
                throw MillraceException.internal("removal of a row that is not in the table");
            }
            index = index + 1 & mask;
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int valueBytes() {
        return valueBytes;
    }

    @Override
    public boolean isStable() {
        return true;
    }

    @Override
    public long scan(long cursor, int max, RowList into) {
        int index = (int) cursor;
        for (int listed = 0; index < capacity && listed < max; index++) {
            long entry = Mem.getLong(base + 8L * index);
            if (entry != 0 && entry != TOMBSTONE) {
                into.add(entry & ADDRESS_MASK);
                listed++;
            }
        }
        return index == capacity ? -1 : index;
    }

    @Override
    public void appendKeys(long rowsAddress, int count, ColumnBuilder[] keys) {
        for (int i = 0; i < count; i++) {
            codec.decode(keyAddress(Mem.getLong(rowsAddress + 8L * i)) + 4, keys);
        }
    }

    @Override
    public long heldBytes() {
        return arena.heldBytes() + (directory == null ? 0 : directory.capacityBytes());
    }

    @Override
    public void clear() {
        arena.close();
        directory.release();
        directory = null;
        size = 0;
        occupied = 0;
        allocateDirectory(FIRST_CAPACITY);
    }

    @Override
    public void close() {
        arena.close();
        encoded.close();
        if (directory != null) {
            directory.release();
            directory = null;
        }
    }
}
