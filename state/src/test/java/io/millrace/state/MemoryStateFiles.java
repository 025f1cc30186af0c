package io.millrace.state;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.StateFiles;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/** Checkpoint files on the heap, for tests: named by content, counted, and damaged or refused on demand. */
public final class MemoryStateFiles implements StateFiles {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final AtomicInteger failingWrites = new AtomicInteger();
    private final AtomicLong writtenBytes = new AtomicLong();

    /** Makes this many writes fail from now on. */
    public void failWrites(int count) {
        failingWrites.set(count);
    }

    /** Bytes of all files that were finished, each time. */
    public long writtenBytes() {
        return writtenBytes.get();
    }

    public int count() {
        return files.size();
    }

    /** The bytes of a file themselves, to be damaged. */
    public byte[] bytes(CheckpointFile file) {
        return files.get(file.name());
    }

    @Override
    public Writer create() {
        return new MemoryWriter();
    }

    @Override
    public Reader open(CheckpointFile file) {
        byte[] bytes = files.get(file.name());
        if (bytes == null) {
            throw new MillraceException(ErrorCode.FILE_NOT_FOUND, "no file " + file.name());
        }
        return new MemoryReader(file, bytes);
    }

    private final class MemoryWriter implements Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(long address, int lengthBytes) {
            if (failingWrites.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new MillraceException(ErrorCode.DISK_FULL, "no room");
            }
            byte[] piece = new byte[lengthBytes];
            Mem.copyOut(address, piece, 0, lengthBytes);
            bytes.writeBytes(piece);
        }

        @Override
        public long lengthBytes() {
            return bytes.size();
        }

        @Override
        public CheckpointFile finish() {
            byte[] content = bytes.toByteArray();
            CRC32C crc = new CRC32C();
            crc.update(content);
            String name = HexFormat.of().toHexDigits(crc.getValue()) + "-" + Arrays.hashCode(content);
            files.put(name, content);
            writtenBytes.addAndGet(content.length);
            return new CheckpointFile(name, content.length, (int) crc.getValue());
        }

        @Override
        public void close() {}
    }

    private static final class MemoryReader implements Reader {
        private final CheckpointFile file;
        private final byte[] bytes;
        private int at;

        MemoryReader(CheckpointFile file, byte[] bytes) {
            this.file = file;
            this.bytes = bytes;
        }

        @Override
        public void read(long toAddress, int lengthBytes) {
            if (bytes.length - at < lengthBytes) {
                throw new MillraceException(ErrorCode.CORRUPT_DATA, file.name() + " ends early");
            }
            Mem.copyIn(bytes, at, toAddress, lengthBytes);
            at += lengthBytes;
        }

        @Override
        public long remainingBytes() {
            return (long) bytes.length - at;
        }

        @Override
        public void verify() {
            CRC32C crc = new CRC32C();
            crc.update(bytes);
            if ((int) crc.getValue() != file.crc32c()) {
                throw new MillraceException(ErrorCode.CORRUPT_DATA, file.name() + " is damaged");
            }
        }

        @Override
        public void close() {}
    }
}
