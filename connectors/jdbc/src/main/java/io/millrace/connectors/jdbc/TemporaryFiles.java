package io.millrace.connectors.jdbc;

import io.millrace.connectors.api.CheckpointFiles;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Where a job without checkpoints keeps its rows until it commits. Thread-safe; close it. */
final class TemporaryFiles implements CheckpointFiles, AutoCloseable {
    private final List<Path> files = new ArrayList<>();

    @Override
    public String write(ByteBuffer content) {
        try {
            Path file = Files.createTempFile("millrace-rows-", ".chunk");
            synchronized (this) {
                files.add(file);
            }
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
                while (content.hasRemaining()) {
                    int ignored = out.write(content);
                }
            }
            return file.toString();
        } catch (IOException failed) {
            throw new MillraceException(ErrorCode.IO_FAILED, "cannot keep rows: " + failed.getMessage(), failed);
        }
    }

    @Override
    public byte[] read(String name) {
        try {
            return Files.readAllBytes(Path.of(name));
        } catch (IOException failed) {
            throw new MillraceException(ErrorCode.IO_FAILED, "cannot read rows: " + failed.getMessage(), failed);
        }
    }

    @Override
    public synchronized void close() {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException failed) {
                throw new MillraceException(ErrorCode.IO_FAILED, "cannot delete " + file, failed);
            }
        }
        files.clear();
    }
}
