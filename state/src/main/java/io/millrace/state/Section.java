package io.millrace.state;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointFile;
import java.util.zip.CRC32C;

/**
 * A piece of a checkpoint's file that holds whole records of one state. The worker makes it; where it lies is filled in
 * by the I/O thread that wrote it, and looked at by later ones only.
 */
final class Section {
    final int lengthBytes;
    final int records;
    private CheckpointFile file;
    private long offsetBytes;
    private int crc32c;

    Section(long lengthBytes, int records) {
        if (lengthBytes > Integer.MAX_VALUE) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "a row of state of " + lengthBytes + " bytes");
        }
        this.lengthBytes = (int) lengthBytes;
        this.records = records;
    }

    static Section restored(CheckpointFile file, long offsetBytes, int lengthBytes, int crc32c, int records) {
        Section section = new Section(lengthBytes, records);
        section.file = file;
        section.offsetBytes = offsetBytes;
        section.crc32c = crc32c;
        return section;
    }

    void written(long atOffsetBytes, int checksum) {
        offsetBytes = atOffsetBytes;
        crc32c = checksum;
    }

    void published(CheckpointFile in) {
        file = in;
    }

    /** The file it lies in. */
    CheckpointFile file() {
        if (file == null) {
            throw MillraceException.internal("a checkpoint that builds on one that was not written");
        }
        return file;
    }

    long offsetBytes() {
        return offsetBytes;
    }

    int crc32c() {
        return crc32c;
    }

    /** Fails with CORRUPT_DATA, naming the file, when these are not the bytes that were written. */
    void check(long address, String state) {
        int found = crc32c(address, lengthBytes);
        if (found != crc32c) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA,
                    "checkpoint file "
                            + file.name()
                            + " is damaged: state="
                            + state
                            + " offsetBytes="
                            + offsetBytes
                            + " lengthBytes="
                            + lengthBytes
                            + ", expected crc32c="
                            + Integer.toHexString(crc32c)
                            + ", found "
                            + Integer.toHexString(found));
        }
    }

    static int crc32c(long address, int lengthBytes) {
        CRC32C crc = new CRC32C();
        crc.update(Mem.ALL.asSlice(address, lengthBytes).asByteBuffer());
        return (int) crc.getValue();
    }
}
