package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;

/**
 * Which rows of a table a checkpoint still needs, and the records they are written as. Each row has a mark of one byte:
 *
 * <pre>
 *   dirty  1 or 3, in turn from barrier to barrier: written since the barrier that came last, or the one before
 *   clean  0 or 2, in turn from full copy to full copy: written in none of them
 * </pre>
 *
 * <p>A barrier swaps what dirty is, and for a full copy what clean is, and so marks all rows at once. Thereafter the
 * table copies row by row what bears an old mark, before it lets anyone write such a row. A mark that was copied is the
 * new clean. One thread.
 */
public final class RowJournal implements AutoCloseable {
    private static final int SEALED_BYTES = 1 << 20;
    private static final int FIRST_BYTES = 1 << 10;

    /** Operation of a record: the row of the key is this now. */
    static final int PUT = 1;

    /** Operation of a record: the key has no row any more. */
    static final int DELETE = 2;

    private final Allocator allocator;
    private final RowCodec codec;
    private final boolean flat;
    private final int valueBytes;
    private final RecordSink sink;
    private byte dirty = 1;
    private byte clean;
    private byte oldDirty = 3;
    private byte oldClean;
    private boolean copying;
    private boolean full;
    private boolean loading;
    private boolean closed;
    private StateOutput copies;
    private StateOutput removals;
    private StateOutput scratch;
    private long recordStart;
    private int copiedRecords;
    private int removedRecords;
    private long writtenBytes;
    private long bytesAtBarrier;

    /** A journal of one table, which gives its records to the sink. */
    public RowJournal(Allocator allocator, RowCodec codec, int valueBytes, RecordSink sink) {
        this.allocator = allocator;
        this.codec = codec;
        this.flat = codec.isFlat();
        this.valueBytes = valueBytes;
        this.sink = sink;
    }

    int valueBytes() {
        return valueBytes;
    }

    RowCodec codec() {
        return codec;
    }

    RecordSink sink() {
        return sink;
    }

    /** The mark of rows written since the last barrier. */
    byte dirty() {
        return dirty;
    }

    /** The mark of rows that are as the last checkpoint has them. */
    byte clean() {
        return clean;
    }

    boolean isCopying() {
        return copying;
    }

    public boolean isFull() {
        return full;
    }

    /** Whether rows are being restored: they are not written, but as a checkpoint has them. */
    boolean isLoading() {
        return loading;
    }

    void setLoading(boolean newLoading) {
        loading = newLoading;
    }

    /** Whether a row with this mark belongs to the copy that is made and is not in it yet. */
    boolean mustCopy(byte mark) {
        return copying && (mark == oldDirty || full && mark == oldClean);
    }

    /** Marks all rows: those written since the last barrier, or all of them. */
    void begin(boolean wholeTable) {
        assert !copying : "two copies at once";
        full = wholeTable;
        bytesAtBarrier = writtenBytes;
        copying = true;
        oldDirty = dirty;
        dirty ^= 2;
        if (wholeTable) {
            oldClean = clean;
            clean ^= 2;
            dropRemovals();
        } else {
            sealRemovals();
        }
    }

    /** Everything is copied. */
    void end() {
        sealCopies();
        copying = false;
        sink.copied();
    }

    /** Bytes written so far, over all copies. */
    long writtenBytes() {
        return writtenBytes;
    }

    /** Begins the record of a row, and says where its key is to be written. */
    long beginPut(int keyLength) {
        if (copies == null) {
            // The first is small, as most tables are; a copy that goes on fills large ones.
            boolean first = writtenBytes == bytesAtBarrier;
            copies = new StateOutput(allocator, first ? FIRST_BYTES : SEALED_BYTES + (SEALED_BYTES >> 4));
        }
        recordStart = copies.sizeBytes();
        return beginRecord(copies, PUT, keyLength);
    }

    private static long beginRecord(StateOutput output, int operation, int keyLength) {
        output.reserve(keyLength + 16L);
        output.putByte(operation);
        output.putVarint(keyLength);
        return output.advance(keyLength);
    }

    /** Ends a record with the row. */
    void endPut(long row) {
        try {
            if (flat) {
                copies.putVarint(valueBytes);
                copies.putBytes(row, valueBytes);
            } else {
                putVariable(row);
            }
        } catch (RuntimeException failure) {
            // Whoever has less memory in use afterwards goes on: there must be no half of a record.
            copies.truncate(recordStart);
            throw failure;
        }
        copiedRecords++;
        if (copies.sizeBytes() >= SEALED_BYTES) {
            sealCopies();
        }
    }

    private void putVariable(long row) {
        if (scratch == null) {
            scratch = new StateOutput(allocator, FIRST_BYTES);
        }
        scratch.truncate(0);
        codec.write(row, scratch);
        int length = Math.toIntExact(scratch.sizeBytes());
        copies.putVarint(length);
        copies.putBytes(scratch.address(), length);
    }

    /** Writes the record of a row whose key lies encoded. */
    void put(long key, int keyLength, long row) {
        Mem.copyShort(key, beginPut(keyLength), keyLength);
        endPut(row);
    }

    /** Notes that a key that some checkpoint has is gone. */
    void removed(long key, int keyLength) {
        if (removals == null) {
            removals = new StateOutput(allocator, FIRST_BYTES);
        }
        Mem.copyShort(key, beginRecord(removals, DELETE, keyLength), keyLength);
        removedRecords++;
    }

    private void sealCopies() {
        if (copies != null && copies.sizeBytes() > 0) {
            StateOutput sealed = copies;
            int records = copiedRecords;
            copies = null;
            copiedRecords = 0;
            writtenBytes += sealed.sizeBytes();
            sink.sealed(sealed, records);
        }
    }

    private void sealRemovals() {
        if (removals != null) {
            StateOutput sealed = removals;
            int records = removedRecords;
            removals = null;
            removedRecords = 0;
            sink.sealed(sealed, records);
        }
    }

    private void dropRemovals() {
        if (removals != null) {
            removals.close();
            removals = null;
            removedRecords = 0;
        }
    }

    /** Bytes written so far of what is copied, sealed or not. */
    long progressBytes() {
        return writtenBytes + (copies == null ? 0 : copies.sizeBytes());
    }

    long heldBytes() {
        return (copies == null ? 0 : copies.capacityBytes()) + (removals == null ? 0 : removals.capacityBytes());
    }

    /** Ends a copy that nobody wants any more. */
    void abandon() {
        copying = false;
        if (copies != null) {
            copies.close();
            copies = null;
            copiedRecords = 0;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        abandon();
        dropRemovals();
        if (scratch != null) {
            scratch.close();
            scratch = null;
        }
    }
}
