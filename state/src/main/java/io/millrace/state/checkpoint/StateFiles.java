package io.millrace.state.checkpoint;

import io.millrace.memory.error.MillraceException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/** Where the files of checkpoints are written and read. Thread-safe; methods block. */
public interface StateFiles {
    /** Begins a file; close it, finished or not. */
    Writer create();

    /** Opens a file, whose length has been compared; its checksum is checked as {@link Reader} says. */
    Reader open(CheckpointFile file);

    /**
     * Keeps a local file that will never change, by a second name for it where that can be: then it costs reading it,
     * and no bytes on the disk.
     *
     * @return what {@link Writer#finish} would; null where it has to be copied
     */
    default CheckpointFile tryKeep(Path file) {
        return null;
    }

    /**
     * Gives a file, whose length has been compared, a second, local name; false where it has to be copied. Whoever
     * reads it by that name has compared no checksum.
     */
    default boolean tryLink(CheckpointFile file, Path to) {
        return false;
    }

    /** A damage that was met in a file, with the advice what to do. Reads whatever else is there. */
    default MillraceException explain(MillraceException damage) {
        return damage;
    }

    /** A file being written. One thread. */
    interface Writer extends AutoCloseable {
        /** Appends bytes, unbuffered: some kilobytes a call. */
        void write(long address, int lengthBytes);

        long lengthBytes();

        /**
         * Ends it and gives it its name; it survives a crash when this returns. A file of the same content is kept. It
         * lies there while a checkpoint refers to it, and before that until the second publication after this call.
         */
        CheckpointFile finish();

        /** Removes it unless it was finished. */
        @Override
        void close();
    }

    /** A file being read from its start. One thread. */
    interface Reader extends AutoCloseable {
        /** Reads exactly this many bytes; CORRUPT_DATA when there are fewer. */
        void read(long toAddress, int lengthBytes);

        /**
         * Passes over bytes, which a reader that can seek does not read; {@link #verify} then has nothing to compare.
         */
        default void skip(long bytes) {
            try (Arena arena = Arena.ofConfined()) {
                long scratchBytes = Math.max(1, Math.min(bytes, 64 << 10));
                long scratch = arena.allocate(scratchBytes).address();
                for (long left = bytes; left > 0; left -= scratchBytes) {
                    read(scratch, (int) Math.min(left, scratchBytes));
                }
            }
        }

        /** Bytes not yet read. */
        long remainingBytes();

        /**
         * Reads what remains, and checks the checksum of all of it: CORRUPT_DATA, naming the file, when it is wrong.
         */
        void verify();

        @Override
        void close();
    }
}
