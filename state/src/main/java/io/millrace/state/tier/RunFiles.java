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

/**
 * Gives runs to where checkpoints are kept, and takes them back: by a second name where that can be, or a copy. Blocks.
 */
final class RunFiles {
    private static final int STEP_BYTES = 256 << 10;

    private RunFiles() {}

    /** Keeps a run for checkpoints to refer to. */
    static void copyOut(TierRun run, StateFiles files) {
        KillPoint.reach("tier.checkpoint.copy");
        CheckpointFile kept = files.tryKeep(run.path());
        if (kept != null) {
            run.stored(kept);
            KillPoint.reach("tier.checkpoint.copied");
            return;
        }
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

    /**
     * Takes a run back.
     *
     * @param mayLink whether it may be done without comparing its checksum; else CORRUPT_DATA when it is wrong
     * @return whether the checksum is right, and not still to be {@linkplain Check compared}
     */
    static boolean takeBack(CheckpointFile file, StateFiles files, TierRun run, boolean mayLink) {
        run.stored(file);
        run.written(file.lengthBytes());
        KillPoint.reach("tier.restore.copy");
        boolean linked = mayLink && files.tryLink(file, run.path());
        if (!linked) {
            copyIn(file, files, run);
        }
        KillPoint.reach("tier.restore.copied");
        return !linked;
    }

    private static void copyIn(CheckpointFile file, StateFiles files, TierRun run) {
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
        run.stored(file);
        run.written(file.lengthBytes());
    }

    /** Compares the checksum of a file, some of it at a time. Thread-safe. */
    static final class Check implements AutoCloseable {
        private static final int STEPS = 16;

        private final CheckpointFile file;
        private final StateFiles files;
        private StateFiles.Reader reader;
        private boolean isRight;

        Check(CheckpointFile file, StateFiles files) {
            this.file = file;
            this.files = files;
        }

        /** Reads all that was not read; the damage there is, with the advice what to do, or null. */
        synchronized MillraceException damage() {
            if (isRight) {
                return null;
            }
            try {
                while (step()) {
                    // All of it.
                }
                return null;
            } catch (MillraceException failure) {
                return failure.code() == ErrorCode.CORRUPT_DATA ? files.explain(failure) : null;
            } finally {
                close();
            }
        }

        /** Reads on; whether there is more. CORRUPT_DATA when the checksum is wrong. */
        synchronized boolean step() {
            if (reader == null) {
                reader = files.open(file);
            }
            try (Arena arena = Arena.ofConfined()) {
                long address = arena.allocate(STEP_BYTES).address();
                for (int i = 0; i < STEPS && reader.remainingBytes() > 0; i++) {
                    reader.read(address, (int) Math.min(STEP_BYTES, reader.remainingBytes()));
                }
            }
            if (reader.remainingBytes() > 0) {
                return true;
            }
            reader.verify();
            isRight = true;
            return false;
        }

        @Override
        public synchronized void close() {
            if (reader != null) {
                reader.close();
                reader = null;
            }
        }
    }

    static MillraceException failure(Path path, IOException failed) {
        boolean full = String.valueOf(failed.getMessage()).contains("No space left");
        return new MillraceException(
                full ? ErrorCode.DISK_FULL : ErrorCode.IO_FAILED, path + ": " + failed.getMessage(), failed);
    }
}
