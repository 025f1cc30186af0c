package io.millrace.state.tier;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.Records;
import io.millrace.state.table.RowConversion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Reads the parts of keys from one column or several, bucket after bucket, and merges them. Columns of which no two
 * have parts of one key may be mixed with any rows; else the rows must all be parts. One thread.
 */
final class BucketReader implements AutoCloseable {
    private static final int FIRST_BYTES = 16 << 10;
    private static final int STEPS_BEFORE_SEEK = 4;

    /** One column. */
    private static final class Input {
        final RocksIterator entries;
        boolean valid;
        boolean sought;
        int bucket;

        Input(RocksIterator entries) {
            this.entries = entries;
        }
    }

    private final Allocator allocator;
    private final int mask;
    private final List<Input> inputs = new ArrayList<>();
    private final Records records;
    private final ByteBuffer key = ByteBuffer.allocateDirect(8).order(ByteOrder.BIG_ENDIAN);
    private Buffer buffer;
    private ByteBuffer value;
    private long readBytes;

    /**
     * A reader of these columns.
     *
     * @param bits the least that any run in them has
     * @param all whether all will be read, in order; else {@link #seek} comes first
     */
    BucketReader(StateTier tier, Allocator allocator, List<StateTier.Column> columns, int bits, boolean all) {
        this(tier, allocator, columns, bits, all, null);
    }

    /** As the other, of rows that have to be converted. */
    BucketReader(
            StateTier tier,
            Allocator allocator,
            List<StateTier.Column> columns,
            int bits,
            boolean all,
            RowConversion conversion) {
        this.allocator = allocator;
        this.mask = RunWriter.maskOf(bits);
        this.records = new Records(allocator, conversion);
        try {
            for (StateTier.Column column : columns) {
                Input input = new Input(tier.iterate(column, all));
                inputs.add(input);
                if (all) {
                    input.entries.seekToFirst();
                    look(input);
                }
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private void look(Input input) {
        input.valid = input.entries.isValid();
        if (input.valid) {
            input.entries.key(key.clear());
            input.bucket = key.getInt(0);
            return;
        }
        try {
            input.entries.status();
        } catch (RocksDBException failed) {
            throw StateTier.failure("reading", "a run of state", failed);
        }
    }

    /** Goes to the bucket that a hash lies in, which lies behind all that it went to before. */
    void seek(long hash) {
        int bucket = (int) (hash >>> 32) & mask;
        for (Input input : inputs) {
            // What is looked up in order often lies near: a step costs less than a seek.
            for (int step = 0; step < STEPS_BEFORE_SEEK && isBefore(input, bucket); step++) {
                input.entries.next();
                look(input);
            }
            if (input.sought && !isBefore(input, bucket)) {
                continue;
            }
            input.sought = true;
            input.entries.seek(key.clear().putInt(bucket).putInt(0).flip());
            look(input);
        }
    }

    private static boolean isBefore(Input input, int bucket) {
        return input.valid && Integer.compareUnsigned(input.bucket, bucket) < 0;
    }

    /** Whether both hashes lie in one bucket. */
    boolean isSame(long hash, long other) {
        return ((int) (hash >>> 32) & mask) == ((int) (other >>> 32) & mask);
    }

    /**
     * Adds the rows of whole buckets until the table holds so many, if there are so many.
     *
     * @return whether there are more
     */
    boolean read(CodedTable into, long rows) {
        while (into.table().size() < rows) {
            Input first = null;
            for (Input input : inputs) {
                if (input.valid && (first == null || Integer.compareUnsigned(input.bucket, first.bucket) < 0)) {
                    first = input;
                }
            }
            if (first == null) {
                return false;
            }
            read(first.bucket & mask, into, null);
        }
        return true;
    }

    /** Adds what the bucket of a hash holds, where {@link #seek} went. */
    void readBucket(long hash, CodedTable into, Records.KeyFilter filter) {
        read((int) (hash >>> 32) & mask, into, filter);
    }

    private void read(int bucket, CodedTable into, Records.KeyFilter filter) {
        for (Input input : inputs) {
            while (input.valid && (input.bucket & mask) == bucket) {
                int length = fetch(input.entries);
                records.apply(buffer.address(), length, into, filter);
                readBytes += length;
                input.entries.next();
                look(input);
            }
        }
    }

    /** Copies the value; returns its length. */
    private int fetch(RocksIterator entries) {
        if (buffer == null) {
            reserve(FIRST_BYTES);
        }
        int length = entries.value(value.clear());
        if (length > value.capacity()) {
            reserve(length);
            length = entries.value(value.clear());
        }
        if (length > value.capacity()) {
            throw new MillraceException(ErrorCode.CORRUPT_DATA, "a value of " + length + " bytes that changes");
        }
        return length;
    }

    private void reserve(int bytes) {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
        buffer = allocator.allocate(MemoryTag.STATE, bytes);
        value = Mem.ALL.asSlice(buffer.address(), buffer.capacityBytes()).asByteBuffer();
    }

    /** Bytes of values so far. */
    long readBytes() {
        return readBytes;
    }

    @Override
    public void close() {
        for (Input input : inputs) {
            input.entries.close();
        }
        inputs.clear();
        records.close();
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
