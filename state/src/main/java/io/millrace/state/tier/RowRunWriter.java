package io.millrace.state.tier;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.state.table.BatchRecords;
import io.millrace.state.table.StateOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Writes a run of rows in order. Little-endian:
 *
 * <pre>
 *   run    i64 {@code MRROWS01} | pages
 *   page   i32 length of its bytes | i32 rows | i32 CRC32C of the bytes | bytes: a batch, as {@link BatchRecords} has it
 * </pre>
 *
 * On an I/O thread.
 */
final class RowRunWriter implements AutoCloseable {
    static final long MAGIC = 0x313053574f52524dL;
    static final int PAGE_HEADER_BYTES = 12;

    /** How large pages are to be, about. */
    static final int PAGE_BYTES = 64 << 10;

    private static final int MAX_PAGE_ROWS = 4 << 10;

    private final TierRun run;
    private final StateOutput page;
    private final FileChannel file;
    private long rowCount;
    private long fileBytes;

    RowRunWriter(TierRun run, Allocator allocator) {
        this.run = run;
        this.page = new StateOutput(allocator, PAGE_BYTES + PAGE_BYTES / 4);
        try {
            this.file = FileChannel.open(run.path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException failed) {
            page.close();
            throw RunFiles.failure(run.path(), failed);
        }
        page.putLong(MAGIC);
    }

    /** How many rows make a page, when so many take so many bytes. */
    static int pageRows(long rows, long bytes) {
        return (int) Math.clamp(rows * PAGE_BYTES / Math.max(1, bytes), 1, MAX_PAGE_ROWS);
    }

    /** Appends a page of rows, which are none before those that were appended. The batch has no selection. */
    void append(Batch rows) {
        long header = page.sizeBytes();
        page.advance(PAGE_HEADER_BYTES);
        BatchRecords.writeFlat(rows, page);
        long from = header + PAGE_HEADER_BYTES;
        int length = Math.toIntExact(page.sizeBytes() - from);
        long at = page.address() + header;
        Mem.putInt(at, length);
        Mem.putInt(at + 4, rows.rowCount());
        Mem.putInt(at + 8, crc32c(page.address() + from, length));
        rowCount += rows.rowCount();
        flush();
    }

    static int crc32c(long address, int lengthBytes) {
        CRC32C crc = new CRC32C();
        crc.update(Mem.ALL.asSlice(address, lengthBytes).asByteBuffer());
        return (int) crc.getValue();
    }

    private void flush() {
        ByteBuffer bytes = Mem.ALL.asSlice(page.address(), page.sizeBytes()).asByteBuffer();
        fileBytes += page.sizeBytes();
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException failed) {
            throw RunFiles.failure(run.path(), failed);
        }
        page.truncate(0);
    }

    /** Ends the file. */
    void finish() {
        flush();
        close();
        run.written(fileBytes, rowCount);
    }

    @Override
    public void close() {
        page.close();
        try {
            file.close();
        } catch (IOException failed) {
            throw RunFiles.failure(run.path(), failed);
        }
    }
}
