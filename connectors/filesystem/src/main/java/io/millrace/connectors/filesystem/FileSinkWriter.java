package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.MillraceException;
import io.millrace.storage.WritableFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One writer: its worker puts batches into a short queue, and a task on an I/O thread, at most one at a time, encodes
 * them into a file. Queue, phase and failure are guarded by the writer itself; file and encoder belong to the task
 * while it runs, and to whoever finds none running otherwise.
 */
final class FileSinkWriter implements SinkWriter {
    private static final int MAX_QUEUED = 4;

    private final FileSinkRun run;
    private final int index;
    private final Allocator allocator;
    private final IoThreads io;
    private final ArrayDeque<Work> queue = new ArrayDeque<>();
    private Phase phase = Phase.IDLE;
    private boolean closed;
    private RuntimeException failure;

    private WritableFile file;
    private FileEncoder encoder;
    private String openName;
    private final List<String> written = new ArrayList<>();
    private int filesBegun;

    private enum Phase {
        /** No task. */
        IDLE,
        /** A task was submitted and did not begin. */
        SUBMITTED,
        /** The task runs; it ends when the queue is empty. */
        RUNNING
    }

    /** What the task does next: a batch to encode, or a checkpoint to prepare. */
    private record Work(Batch batch, SealedFiles prepared) {}

    FileSinkWriter(FileSinkRun run, int index, ReaderContext context) {
        this.run = run;
        this.index = index;
        this.allocator = context.allocator();
        this.io = context.io();
    }

    @Override
    public synchronized boolean isFull() {
        if (failure != null) {
            throw failure;
        }
        return queue.size() >= MAX_QUEUED;
    }

    @Override
    public void write(Batch batch) {
        if (batch.activeCount() == 0) {
            batch.close();
            return;
        }
        enqueue(new Work(batch, null));
    }

    @Override
    public IoTask<Prepared> prepare(long checkpoint) {
        SealedFiles prepared = new SealedFiles();
        enqueue(new Work(null, prepared));
        return prepared;
    }

    private void enqueue(Work work) {
        synchronized (this) {
            queue.addLast(work);
            if (phase != Phase.IDLE) {
                return;
            }
            phase = Phase.SUBMITTED;
        }
        IoTask<Void> ignored = io.submit("writing files", this::drain);
    }

    private Void drain() {
        synchronized (this) {
            if (phase != Phase.SUBMITTED) {
                return null;
            }
            phase = Phase.RUNNING;
        }
        while (true) {
            Work work;
            synchronized (this) {
                if (closed) {
                    phase = Phase.IDLE;
                    free();
                    return null;
                }
                work = queue.pollFirst();
                if (work == null) {
                    phase = Phase.IDLE;
                    return null;
                }
            }
            perform(work);
        }
    }

    private void perform(Work work) {
        RuntimeException earlier;
        synchronized (this) {
            earlier = failure;
        }
        try {
            if (earlier != null) {
                throw earlier;
            }
            if (work.batch != null) {
                encode(work.batch);
            } else {
                work.prepared.complete(finishFile());
            }
        } catch (RuntimeException failed) {
            synchronized (this) {
                failure = failed;
            }
            if (work.prepared != null) {
                work.prepared.fail(failed);
            }
        } finally {
            if (work.batch != null) {
                work.batch.close();
            }
        }
    }

    private void encode(Batch batch) {
        if (encoder == null) {
            beginFile();
        }
        encoder.write(batch);
    }

    private void beginFile() {
        openName = run.name(index, filesBegun++);
        file = run.create(openName);
        encoder = FileEncoder.of(run, file, allocator);
    }

    /** Ends the open file and makes it durable; the names of the files written since the last checkpoint. */
    private byte[] finishFile() {
        if (encoder == null && index == 0 && filesBegun == 0 && run.isBounded()) {
            // So that a table without rows can be read back.
            beginFile();
        }
        if (encoder != null) {
            encoder.finish();
            file.sync();
            closeFile();
            written.add(openName);
        }
        byte[] names = String.join("\n", written).getBytes(StandardCharsets.UTF_8);
        written.clear();
        return names;
    }

    private void closeFile() {
        FileEncoder endedEncoder = encoder;
        WritableFile endedFile = file;
        encoder = null;
        file = null;
        try {
            if (endedEncoder != null) {
                endedEncoder.close();
            }
        } finally {
            if (endedFile != null) {
                endedFile.close();
            }
        }
    }

    private void free() {
        for (Work work : queue) {
            if (work.batch != null) {
                work.batch.close();
            }
        }
        queue.clear();
        closeFile();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (phase != Phase.RUNNING) {
            phase = Phase.IDLE;
            free();
        }
    }

    /** Done when the task came to it; the end of the task wakes the worker. */
    private static final class SealedFiles implements IoTask<Prepared> {
        private volatile byte[] names;
        private volatile RuntimeException failed;

        void complete(byte[] newNames) {
            names = newNames;
        }

        void fail(RuntimeException newFailure) {
            failed = newFailure;
        }

        @Override
        public boolean isDone() {
            return names != null || failed != null;
        }

        @Override
        public Prepared result() {
            if (failed != null) {
                throw MillraceException.wrap(failed);
            }
            if (names == null) {
                throw MillraceException.internal("result of a checkpoint before it was prepared");
            }
            return Prepared.of(names);
        }

        @Override
        public void cancel() {}
    }
}
