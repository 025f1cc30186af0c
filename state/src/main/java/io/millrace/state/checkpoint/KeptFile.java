package io.millrace.state.checkpoint;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.storage.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A local file that was written before and gets its name as one that is: writing to it is passing over it. One thread.
 */
final class KeptFile implements WritableFile {
    private final Path path;
    private final FileChannel channel;
    private long passedBytes;

    KeptFile(Path path) {
        this.path = path;
        try {
            this.channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException failed) {
            throw failure(failed);
        }
    }

    private MillraceException failure(IOException failed) {
        return new MillraceException(ErrorCode.IO_FAILED, path + ": " + failed.getMessage(), failed);
    }

    /** Reads on; returns how many bytes, below 1 at the end. */
    int read(ByteBuffer into) {
        try {
            return channel.read(into);
        } catch (IOException failed) {
            throw failure(failed);
        }
    }

    @Override
    public void write(ByteBuffer bytes) {
        passedBytes += bytes.remaining();
        bytes.position(bytes.limit());
    }

    @Override
    public long lengthBytes() {
        return passedBytes;
    }

    @Override
    public void sync() {
        try {
            channel.force(true);
        } catch (IOException failed) {
            throw failure(failed);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw failure(failed);
        }
    }
}
