package io.millrace.state.tier;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import io.millrace.state.table.BatchRecords;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** Reads the pages of a run that a {@link RowRunWriter} wrote, one after the other. On an I/O thread. */
final class RowRunReader implements AutoCloseable {
    private final TierRun run;
    private final Schema schema;
    private final Allocator allocator;
    private final FileChannel file;
    private final long fileBytes;
    private final StateInput input = new StateInput();
    private long position = Long.BYTES;
    private long rowsLeft;

    /** At the first page of a run that is written. */
    RowRunReader(TierRun run, Schema schema, Allocator allocator, StateOutput scratch) {
        this.run = run;
        this.schema = schema;
        this.allocator = allocator;
        this.rowsLeft = run.rows();
        try {
            this.file = FileChannel.open(run.path(), StandardOpenOption.READ);
        } catch (IOException failed) {
            throw RunFiles.failure(run.path(), failed);
        }
        try {
            this.fileBytes = file.size();
            if (fileBytes < Long.BYTES || Mem.getLong(read(0, Long.BYTES, scratch)) != RowRunWriter.MAGIC) {
                throw damaged("is no run of rows");
            }
        } catch (IOException failed) {
            close();
            throw RunFiles.failure(run.path(), failed);
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /** The rows of the next page, which the caller owns; null after the last. */
    Batch next(StateOutput scratch) {
        if (rowsLeft == 0) {
            if (position != fileBytes) {
                throw damaged("has " + (fileBytes - position) + " bytes after its last row");
            }
            return null;
        }
        if (fileBytes - position < RowRunWriter.PAGE_HEADER_BYTES) {
            throw damaged("ends " + rowsLeft + " rows too early");
        }
        long header = read(position, RowRunWriter.PAGE_HEADER_BYTES, scratch);
        int length = Mem.getInt(header);
        int rows = Mem.getInt(header + 4);
        int crc32c = Mem.getInt(header + 8);
        long from = position + RowRunWriter.PAGE_HEADER_BYTES;
        if (length <= 0 || length > fileBytes - from || rows <= 0 || rows > rowsLeft) {
            throw damaged("has no page at offset=" + position);
        }
        long bytes = read(from, length, scratch);
        int found = RowRunWriter.crc32c(bytes, length);
        if (found != crc32c) {
            throw damaged(
                    "at offset="
                            + position
                            + ": expected crc32c="
                            + Integer.toHexString(crc32c)
                            + ", found "
                            + Integer.toHexString(found));
        }
        Batch page = BatchRecords.read(allocator, schema, input.wrap(bytes, length));
        position = from + length;
        rowsLeft -= page.rowCount();
        return page;
    }

    private long read(long at, int lengthBytes, StateOutput scratch) {
        scratch.truncate(0);
        long address = scratch.advance(lengthBytes);
        ByteBuffer bytes = Mem.ALL.asSlice(address, lengthBytes).asByteBuffer();
        try {
            while (bytes.hasRemaining()) {
                if (file.read(bytes, at + bytes.position()) < 0) {
                    throw damaged("ends too early");
                }
            }
        } catch (IOException failed) {
            throw RunFiles.failure(run.path(), failed);
        }
        return address;
    }

    private MillraceException damaged(String how) {
        return new MillraceException(ErrorCode.CORRUPT_DATA, "run " + run.path() + " " + how);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException failed) {
            throw RunFiles.failure(run.path(), failed);
        }
    }
}
