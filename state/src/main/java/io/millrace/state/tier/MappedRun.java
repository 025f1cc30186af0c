package io.millrace.state.tier;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The file of a run in the address space, and the blocks of it that hold one entry each, as RocksDB writes them:
 *
 * <pre>
 *   varint 0, varint {@value #KEY_BYTES}, varint bytes of the value
 *   key     i32 number of the run | i32 bucket, big-endian | what RocksDB adds to a key, i64
 *   value
 *   i32 0 | i32 1       where entries begin that say their whole key, and how many do
 *   i8 0 | i32          no compression; checksum: CRC-32C of all before, masked
 * </pre>
 *
 * Numbers are little-endian but where it says so. See RocksDB's description of its table format. The checksum is
 * compared each time. One thread at a time; reading a page that is not in memory blocks.
 */
final class MappedRun implements AutoCloseable {
    private static final int KEY_BYTES = 16;
    private static final int RESTARTS_BYTES = 8;
    private static final int TRAILER_BYTES = 5;
    private static final int MAX_VARINT_BYTES = 5;

    /** More than a block has beside the value. */
    private static final int OTHER_BYTES = 64;

    private static final int PAGE_BYTES = 4 << 10;

    /** What a buffer may have. */
    private static final int WINDOW_BYTES = Integer.MAX_VALUE - 8;

    private static final int CHECKSUM_MASK = 0xa282ead8;

    private final TierRun run;
    private final Arena arena = Arena.ofShared();
    private final long address;
    private final long sizeBytes;
    private final CRC32C checksum = new CRC32C();
    private ByteBuffer window;
    private long windowStart;
    private int valueBytes;
    private int references = 1;

    /** Maps the file of a run. */
    MappedRun(TierRun run) {
        this.run = run;
        try (FileChannel file = FileChannel.open(run.path(), StandardOpenOption.READ)) {
            this.sizeBytes = file.size();
            this.address = file.map(FileChannel.MapMode.READ_ONLY, 0, sizeBytes, arena).address();
        } catch (IOException failed) {
            arena.close();
            throw new MillraceException(ErrorCode.IO_FAILED, run.path() + ": " + failed.getMessage(), failed);
        }
        move(0);
    }

    private void move(long to) {
        windowStart = to;
        window = Mem.ALL.asSlice(address + to, Math.min(WINDOW_BYTES, sizeBytes - to)).asByteBuffer();
    }

    /**
     * The value of an entry, {@link #valueBytes} bytes.
     *
     * @param offset of its block
     * @throws MillraceException CORRUPT_DATA when it is not there
     */
    long value(long offset, int bucket) {
        if (offset < 0 || offset + 2 + MAX_VARINT_BYTES > sizeBytes) {
            throw damage(offset, bucket, "it lies behind the end");
        }
        long at = address + offset;
        if (Mem.getByte(at) != 0 || Mem.getByte(at + 1) != KEY_BYTES) {
            throw damage(offset, bucket, "no entry begins there");
        }
        at += 2;
        long length = 0;
        int shift = 0;
        byte part;
        do {
            part = Mem.getByte(at++);
            length |= (long) (part & 0x7F) << shift;
            shift += 7;
        } while (part < 0 && shift < 7 * MAX_VARINT_BYTES);
        long value = at + KEY_BYTES;
        long end = value + length + RESTARTS_BYTES;
        if (length > WINDOW_BYTES - OTHER_BYTES || end + TRAILER_BYTES > address + sizeBytes) {
            throw damage(offset, bucket, "it lies behind the end");
        }
        if (Integer.reverseBytes(Mem.getInt(at)) != (int) run.number()
                || Integer.reverseBytes(Mem.getInt(at + 4)) != bucket) {
            throw damage(offset, bucket, "another entry is there");
        }
        if (Mem.getByte(end) != 0 || Mem.getInt(end + 1) != checksum(offset, end + 1 - address)) {
            throw damage(offset, bucket, "its checksum is wrong");
        }
        valueBytes = (int) length;
        return value;
    }

    /** As the other, of a value that has so many bytes. */
    long value(long offset, int bucket, int lengthBytes) {
        long value = value(offset, bucket);
        if (valueBytes != lengthBytes) {
            throw damage(offset, bucket, "expected " + lengthBytes + " bytes, found " + valueBytes);
        }
        return value;
    }

    private int checksum(long from, long to) {
        if (from < windowStart || to > windowStart + window.capacity()) {
            move(from);
        }
        // A page that cannot be read is an error here; the machine code of the checksum would end the process.
        for (long page = from + PAGE_BYTES; page < to; page += PAGE_BYTES) {
            Mem.getByte(address + page);
        }
        checksum.reset();
        checksum.update(window.limit((int) (to - windowStart)).position((int) (from - windowStart)));
        int crc = (int) checksum.getValue();
        return Integer.rotateRight(crc, 15) + CHECKSUM_MASK;
    }

    private MillraceException damage(long offset, int bucket, String what) {
        return new MillraceException(
                ErrorCode.CORRUPT_DATA,
                run.path() + " at byte " + offset + ", bucket " + Integer.toHexString(bucket) + ": " + what);
    }

    int valueBytes() {
        return valueBytes;
    }

    /** One more reads it, who closes it too. */
    void retain() {
        references++;
    }

    /** Gives the addresses back when nobody reads it any more; what was read of the file then holds no more. */
    @Override
    public void close() {
        if (--references == 0) {
            arena.close();
        }
    }
}
