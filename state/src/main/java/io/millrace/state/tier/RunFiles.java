package io.millrace.state.tier;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.fault.KillPoint;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.StateFiles;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Copies runs to where checkpoints are kept and back, checking what comes back. Blocks. */
final class RunFiles {
    private static final int STEP_BYTES = 256 << 10;

    private RunFiles() {}

    /** Copies a run for checkpoints to refer to. */
    static void copyOut(TierRun run, StateFiles files) {
        KillPoint.reach("tier.checkpoint.copy");
        try (FileChannel channel = FileChannel.open(run.path(), StandardOpenOption.READ);
                StateFiles.Writer writer = files.create();
                Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(STEP_BYTES).address();
            ByteBuffer step = Mem.ALL.asSlice(address, STEP_BYTES).asByteBuffer();
            while (channel.read(step.clear()) >= 0) {
                writer.write(address, step.position());
            }
            run.stored(writer.finish());
            KillPoint.reach("tier.checkpoint.copied");
        } catch (IOException failed) {
            throw failure(run.path(), failed);
        }
    }

    /** Copies a run back; CORRUPT_DATA when it is not what was written. */
    static void copyIn(CheckpointFile file, StateFiles files, TierRun run) {
        KillPoint.reach("tier.restore.copy");
        try (StateFiles.Reader reader = files.open(file);
                FileChannel channel =
                        FileChannel.open(run.path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(STEP_BYTES).address();
            ByteBuffer step = Mem.ALL.asSlice(address, STEP_BYTES).asByteBuffer();
            while (reader.remainingBytes() > 0) {
                int length = (int) Math.min(STEP_BYTES, reader.remainingBytes());
                reader.read(address, length);
                step.clear().limit(length);
                while (step.hasRemaining()) {
                    channel.write(step);
                }
            }
            reader.verify();
        } catch (IOException failed) {
            throw failure(run.path(), failed);
        }
        KillPoint.reach("tier.restore.copied");
        run.stored(file);
        run.written(file.lengthBytes());
    }

    private static MillraceException failure(Path path, IOException failed) {
        boolean full = String.valueOf(failed.getMessage()).contains("No space left");
        return new MillraceException(
                full ? ErrorCode.DISK_FULL : ErrorCode.IO_FAILED, path + ": " + failed.getMessage(), failed);
    }
}
