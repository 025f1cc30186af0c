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
final class BytesKeyTable implements KeptTable {
    private static final int HASH_BYTES = 8;

    /** Of a kept table, where its mark lies before a row. A freed piece has bits there that are no dirty mark. */
    private static final int MARK_OFFSET = 16;

    /** Of a kept table, where it says whether no checkpoint has the row's key. */
    private static final int NEW_OFFSET = 15;

    private static final int FIRST_CAPACITY = 64;

    /** A directory that is cleared keeps this many entries. */
    private static final int KEPT_CAPACITY = 1 << 15;

    private static final int ROWS_AT_ONCE = 64;
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
    private final RowJournal journal;
    private final int headerBytes;
    private RowLog written;
    private RowLog toCopy;
    private int copyCursor;
    private final long[] ahead;

    /** Takes the journal, which is null for a table that no checkpoint keeps. */
    BytesKeyTable(Allocator allocator, KeyCodec codec, int valueBytes, RowJournal journal) {
        this.journal = journal;
        this.headerBytes = journal == null ? HASH_BYTES : MARK_OFFSET;
        this.ahead = journal == null ? null : new long[ROWS_AT_ONCE];
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
        boolean kept = journal != null;
        byte dirty = kept ? journal.dirty() : 0;
        for (int i = 0; i < count; i++) {
            int start = encoded.start(i);
            int length = encoded.end(i) - start;
            long row = findOrAdd(keys + start, length, Hashing.hashBytes(keys + start, length));
            if (kept && Mem.getByte(row - MARK_OFFSET) != dirty) {
                write(row);
            }
            Mem.putLong(rowsAddress + 8L * i, row);
        }
    }

    @Override
    public void touch(long row) {
        if (journal != null && Mem.getByte(row - MARK_OFFSET) != journal.dirty()) {
            write(row);
        }
    }

    /** Lets a row be written that was not since the last barrier. */
    private void write(long row) {
        if (journal.mustCopy(Mem.getByte(row - MARK_OFFSET))) {
            copyRow(row);
        }
        log(row);
    }

    private void log(long row) {
        if (written == null) {
            written = new RowLog(allocator);
        }
        written.add(row);
        Mem.putByte(row - MARK_OFFSET, journal.dirty());
    }

    @Override
    public long findOrAddKeyOf(KeyedTable other, long otherRow) {
        long key = ((BytesKeyTable) other).keyAddress(otherRow);
        long row = findOrAdd(key + 4, Mem.getInt(key), Mem.getLong(otherRow - HASH_BYTES));
        touch(row);
        return row;
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
        long row = arena.allocate(headerBytes + valueBytes + 4 + length) + headerBytes;
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
        if (journal != null) {
            markNew(row);
        }
        return row;
    }

    /** Marks a row that was just made. */
    private void markNew(long row) {
        Mem.putLong(row - MARK_OFFSET, 0);
        Mem.putByte(row - MARK_OFFSET, journal.clean());
        if (!journal.isLoading()) {
            Mem.putByte(row - NEW_OFFSET, (byte) 1);
            log(row);
        }
    }

    @Override
    public void reserve(long rows) {
        long wanted = capacity;
        while (wanted / 2 <= rows) {
            wanted *= 2;
        }
        if (wanted > capacity) {
            rehash(wanted);
        }
    }

    /** Makes the directory anew, without tombstones, and larger when it is full of rows. */
    private void rehash() {
        rehash(size >= capacity / 4 ? capacity * 2L : capacity);
    }

    private void rehash(long newCapacity) {
        if (journal != null && journal.isFull()) {
            finishCopy();
        }
        Buffer oldDirectory = directory;
        long oldBase = base;
        int oldCapacity = capacity;
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
        if (journal != null && !journal.isLoading()) {
            if (journal.mustCopy(Mem.getByte(row - MARK_OFFSET))) {
                copyRow(row);
            }
            if (Mem.getByte(row - NEW_OFFSET) == 0) {
                journal.removed(keyAddress(row) + 4, Mem.getInt(keyAddress(row)));
            }
        }
        long hash = Mem.getLong(row - HASH_BYTES);
        int mask = capacity - 1;
        int index = (int) hash & mask;
        long wanted = hash & ~ADDRESS_MASK | row;
        while (true) {
            long entry = Mem.getLong(base + 8L * index);
            if (entry == wanted) {
                Mem.putLong(base + 8L * index, TOMBSTONE);
                size--;
                arena.free(row - headerBytes, headerBytes + valueBytes + 4 + Mem.getInt(keyAddress(row)));
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
    public void begin(boolean wholeTable) {
        journal.begin(wholeTable);
        copyCursor = 0;
        toCopy = written;
        written = null;
        if (wholeTable && toCopy != null) {
            toCopy.close();
            toCopy = null;
        }
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
            boolean more = journal.isFull() ? copyFromDirectory() : copyFromLog();
            looked += 64;
            done = looked + journal.progressBytes() - before;
            if (!more) {
                journal.end();
            }
        }
        return done;
    }

    /** Copies what some slots of the directory hold. */
    private boolean copyFromDirectory() {
        int end = Math.min(capacity, copyCursor + ROWS_AT_ONCE);
        int count = 0;
        for (; copyCursor < end; copyCursor++) {
            long entry = Mem.getLong(base + 8L * copyCursor);
            if (entry != 0 && entry != TOMBSTONE) {
                ahead[count++] = entry & ADDRESS_MASK;
            }
        }
        copyAhead(count);
        return copyCursor < capacity;
    }

    /** Copies some of the rows that were written; those removed since then have no such mark. */
    private boolean copyFromLog() {
        int count = 0;
        while (toCopy != null && count < ROWS_AT_ONCE) {
            long row = toCopy.poll();
            if (row == 0) {
                toCopy.close();
                toCopy = null;
            } else {
                ahead[count++] = row;
            }
        }
        copyAhead(count);
        return toCopy != null;
    }

    /**
     * Copies those of the rows that must be. They lie anywhere: all are looked at before the first is copied, so that
     * memory fetches several at a time.
     */
    private void copyAhead(int count) {
        int wanted = 0;
        for (int i = 0; i < count; i++) {
            long row = ahead[i];
            if (journal.mustCopy(Mem.getByte(row - MARK_OFFSET)) && Mem.getInt(keyAddress(row)) >= 0) {
                ahead[wanted++] = row;
            }
        }
        for (int i = 0; i < wanted; i++) {
            // A row that was freed and made again is in the log twice.
            if (journal.mustCopy(Mem.getByte(ahead[i] - MARK_OFFSET))) {
                copyRow(ahead[i]);
            }
        }
    }

    private void copyRow(long row) {
        journal.put(keyAddress(row) + 4, Mem.getInt(keyAddress(row)), row);
        Mem.putByte(row - MARK_OFFSET, journal.clean());
        Mem.putByte(row - NEW_OFFSET, (byte) 0);
    }

    private void finishCopy() {
        while (journal.isCopying()) {
            copy(Long.MAX_VALUE);
        }
    }

    @Override
    public long load(long key, int keyLength) {
        return findOrAdd(key, keyLength, Hashing.hashBytes(key, keyLength));
    }

    @Override
    public long encodedKey(long row) {
        return keyAddress(row);
    }

    @Override
    public long keyHash(long row) {
        return Mem.getLong(row - HASH_BYTES);
    }

    @Override
    public int keyLength(long row) {
        return Mem.getInt(keyAddress(row));
    }

    @Override
    public void copyKey(long row, long to) {
        long key = keyAddress(row);
        Mem.copyShort(key + 4, to, Mem.getInt(key));
    }

    @Override
    public long growthBytes() {
        return occupied >= capacity / 16 * 7 ? 16L * capacity : 0;
    }

    @Override
    public void detach() {
        if (journal != null && journal.sink().closed(this)) {
            throw MillraceException.internal("a table that is copied is not detached");
        }
    }

    @Override
    public void unload(long key, int keyLength) {
        int before = size;
        long row = load(key, keyLength);
        if (size == before) {
            journal.codec().free(row);
        }
        remove(row);
    }

    @Override
    public long heldBytes() {
        return arena.heldBytes()
                + (directory == null ? 0 : directory.capacityBytes())
                + (journal == null ? 0 : journal.heldBytes())
                + (written == null ? 0 : written.heldBytes())
                + (toCopy == null ? 0 : toCopy.heldBytes());
    }

    @Override
    public void clear() {
        if (journal != null && size > 0) {
            throw MillraceException.internal("a table that is kept is not cleared");
        }
        arena.close();
        size = 0;
        occupied = 0;
        if (capacity <= KEPT_CAPACITY) {
            Mem.fill(base, 8L * capacity, (byte) 0);
            return;
        }
        directory.release();
        directory = null;
        allocateDirectory(FIRST_CAPACITY);
    }

    @Override
    public void close() {
        if (directory != null && journal != null && journal.sink().closed(this)) {
            return;
        }
        free();
    }

    @Override
    public void free() {
        arena.close();
        encoded.close();
        if (directory != null) {
            directory.release();
            directory = null;
        }
        if (journal != null) {
            journal.close();
        }
        if (written != null) {
            written.close();
            written = null;
        }
        if (toCopy != null) {
            toCopy.close();
            toCopy = null;
        }
    }
}
