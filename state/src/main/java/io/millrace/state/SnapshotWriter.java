package io.millrace.state;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.StateFiles;
import io.millrace.state.table.StateOutput;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes the sections of one task's snapshots, a file a snapshot, in the order they were given, on I/O threads: one at
 * a time. The worker gives and never waits, but in {@link #close} when it has not seen {@link #stop} answer that it
 * need not.
 */
final class SnapshotWriter {
    /** {@code MRSTATE1}: first in every file. */
    private static final long MAGIC = 0x314554415453524dL;

    private static final long MAX_QUEUED_BYTES = 32L << 20;

    /** A section to write, or the end of a snapshot. */
    private record Item(Snapshot snapshot, Section section, StateOutput bytes) {
        void release() {
            if (bytes != null) {
                bytes.close();
            }
        }
    }

    private final StateFiles files;
    private final Executor io;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Queue<Item> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean scheduled;
    private boolean writing;
    private boolean closed;
    private boolean broken;

    // Of the I/O thread that runs.
    private StateFiles.Writer file;
    private final List<Section> inFile = new ArrayList<>();
    private Snapshot failed;

    SnapshotWriter(StateFiles files, Executor io) {
        this.files = files;
        this.io = io;
    }

    /** Takes the bytes of a section. */
    void add(Snapshot snapshot, Section section, StateOutput bytes) {
        give(new Item(snapshot, section, bytes));
    }

    /** Takes the snapshot, which is complete; its result follows when it is durable. */
    void end(Snapshot snapshot) {
        give(new Item(snapshot, null, null));
    }

    private void give(Item item) {
        boolean start;
        lock.lock();
        try {
            if (closed) {
                item.release();
                return;
            }
            queue.add(item);
            queuedBytes += item.section == null ? 0 : item.section.lengthBytes;
            start = !scheduled;
            scheduled = true;
        } finally {
            lock.unlock();
        }
        if (start) {
            io.execute(this::run);
        }
    }

    /** Whether the worker may go on copying, or had better wait until some of it is written. */
    boolean hasRoom() {
        lock.lock();
        try {
            return queuedBytes < MAX_QUEUED_BYTES;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a snapshot failed since this was last asked: the next one cannot build upon it. */
    boolean takeBroken() {
        lock.lock();
        try {
            boolean was = broken;
            broken = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            Item item;
            lock.lock();
            try {
                item = queue.poll();
                if (item == null) {
                    scheduled = false;
                    return;
                }
                queuedBytes -= item.section == null ? 0 : item.section.lengthBytes;
                writing = true;
            } finally {
                lock.unlock();
            }
            try {
                write(item);
            } finally {
                item.release();
                lock.lock();
                try {
                    writing = false;
                    idle.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    private void write(Item item) {
        try {
            if (failed == item.snapshot) {
                return;
            }
            if (item.section == null) {
                publish(item.snapshot);
            } else {
                append(item.section, item.bytes.address());
            }
        } catch (RuntimeException | Error failure) {
            fail(item.snapshot, failure);
        }
    }

    private void append(Section section, long address) {
        if (file == null) {
            file = files.create();
            try (Arena arena = Arena.ofConfined()) {
                file.write(arena.allocateFrom(ValueLayout.JAVA_LONG, MAGIC).address(), Long.BYTES);
            }
        }
        section.written(file.lengthBytes(), Section.crc32c(address, section.lengthBytes));
        file.write(address, section.lengthBytes);
        inFile.add(section);
    }

    private void publish(Snapshot snapshot) {
        if (file != null) {
            CheckpointFile published = file.finish();
            inFile.forEach(section -> section.published(published));
            closeFile();
        }
        snapshot.runs =
                snapshot.runs.whenComplete((copied, failure) -> {
                    if (failure == null) {
                        snapshot.result.complete(snapshot.entries());
                        return;
                    }
                    lock.lock();
                    try {
                        broken = true;
                    } finally {
                        lock.unlock();
                    }
                    snapshot.result.completeExceptionally(MillraceException.wrap(failure));
                });
    }

    private void closeFile() {
        StateFiles.Writer closing = file;
        file = null;
        inFile.clear();
        if (closing != null) {
            closing.close();
        }
    }

    private void fail(Snapshot snapshot, Throwable failure) {
        failed = snapshot;
        lock.lock();
        try {
            broken = true;
        } finally {
            lock.unlock();
        }
        MillraceException wrapped = MillraceException.wrap(failure);
        try {
            closeFile();
        } catch (RuntimeException second) {
            wrapped.addSuppressed(second);
        }
        snapshot.result.completeExceptionally(wrapped);
    }

    /** Drops what is not written yet, and fails its snapshots; whether nothing is being written. Does not wait. */
    boolean stop() {
        List<Item> dropped;
        boolean isQuiet;
        lock.lock();
        try {
            closed = true;
            dropped = new ArrayList<>(queue);
            queue.clear();
            queuedBytes = 0;
            isQuiet = !writing;
        } finally {
            lock.unlock();
        }
        MillraceException cancelled =
                new MillraceException(ErrorCode.CANCELLED, "the task ended before its checkpoint");
        for (Item item : dropped) {
            item.release();
            item.snapshot.result.completeExceptionally(cancelled);
        }
        return isQuiet;
    }

    /** As {@link #stop}, and waits for what is being written. */
    void close() {
        stop();
        lock.lock();
        try {
            while (writing) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        closeFile();
    }

    /** Checks the first bytes of a file. */
    static void checkMagic(StateFiles.Reader reader, CheckpointFile file) {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(Long.BYTES).address();
            reader.read(address, Long.BYTES);
            if (Mem.getLong(address) != MAGIC) {
                throw new MillraceException(
                        ErrorCode.CORRUPT_DATA, "checkpoint file " + file.name() + " is no file of state");
            }
        }
    }
}
