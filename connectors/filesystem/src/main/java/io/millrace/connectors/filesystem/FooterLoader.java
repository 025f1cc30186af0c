package io.millrace.connectors.filesystem;

import io.millrace.formats.parquet.footer.ParquetFooter;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.storage.ReadableFile;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;

/** Reads the footers of Parquet files. Blocks. */
final class FooterLoader {
    /** Most footers lie within this many bytes of the end, so that one read suffices. */
    private static final int FIRST_READ_BYTES = 64 << 10;

    /** Planning has no budget of its own to draw on; this is the most that one footer may take. */
    private static final long LIMIT_BYTES = 512L << 20;

    private FooterLoader() {}

    static ParquetFooter load(Storage storage, StoredFile file) {
        long length = file.lengthBytes();
        if (length == 0) {
            throw new MillraceException(ErrorCode.CORRUPT_DATA, "Parquet file=" + file.location() + " is empty")
                    .withHelp("The file was not written whole; write it again or leave it out.");
        }
        try (Allocator memory = Allocator.root(LIMIT_BYTES);
                ReadableFile open = storage.open(file.location())) {
            int firstBytes = (int) Math.min(length, FIRST_READ_BYTES);
            Buffer tail = memory.allocate(MemoryTag.READ, firstBytes + (long) ParquetFooter.TAIL_BYTES);
            try {
                open.read(length - firstBytes, tail.address(), firstBytes);
                long end = tail.address() + firstBytes - ParquetFooter.TAIL_BYTES;
                int footerBytes = ParquetFooter.footerBytes(file.location(), length, end);
                if (footerBytes <= firstBytes - ParquetFooter.TAIL_BYTES) {
                    return ParquetFooter.parse(file.location(), length, end - footerBytes, footerBytes);
                }
                return loadLong(open, file, footerBytes, memory);
            } finally {
                tail.release();
            }
        }
    }

    private static ParquetFooter loadLong(ReadableFile open, StoredFile file, int footerBytes, Allocator memory) {
        Buffer whole = memory.allocate(MemoryTag.READ, footerBytes);
        try {
            long offset = file.lengthBytes() - ParquetFooter.TAIL_BYTES - footerBytes;
            open.read(offset, whole.address(), footerBytes);
            return ParquetFooter.parse(file.location(), file.lengthBytes(), whole.address(), footerBytes);
        } finally {
            whole.release();
        }
    }
}
