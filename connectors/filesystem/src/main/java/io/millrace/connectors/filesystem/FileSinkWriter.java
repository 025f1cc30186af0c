package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.MillraceException;
import java.util.ArrayDeque;
import java.util.List;

/**
 * One writer: its worker puts batches into a short queue, and a task on an I/O thread, at most one at a time, encodes
 * them into files. Queue, phase and failure are guarded by the writer itself; the files belong to the task while it
 * runs, and to whoever finds none running otherwise.
 */
final class FileSinkWriter implements SinkWriter {
    private static final int MAX_QUEUED = 4;

    private final FileSinkRun run;
    private final int index;
    private final IoThreads io;
    private final ArrayDeque<Work> queue = new ArrayDeque<>();
    private Phase phase = Phase.IDLE;
    private boolean closed;
    private RuntimeException failure;

    private final OpenFiles files;
    private long watermarkMicros = Long.MIN_VALUE;

    private enum Phase {
        /** No task. */
        IDLE,
        /** A task was submitted and did not begin. */
        SUBMITTED,
        /** The task runs; it ends when the queue is empty. */
        RUNNING
    }

    /** What the task does next: a batch to encode, or a checkpoint to prepare. */
    private record Work(Batch batch, Sealing prepared, long watermarkMicros) {}

    FileSinkWriter(FileSinkRun run, int index, ReaderContext context) {
        this.run = run;
        this.index = index;
        this.io = context.io();
        this.files = new OpenFiles(run, index, context.allocator(), context.clock());
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
        enqueue(new Work(batch, null, 0));
    }

    @Override
    public void watermark(long newWatermarkMicros) {
        watermarkMicros = newWatermarkMicros;
    }

    @Override
    public IoTask<Prepared> prepare(long checkpoint) {
        Sealing prepared = new Sealing();
        boolean ended = checkpoint == Long.MAX_VALUE;
        enqueue(new Work(null, prepared, ended ? Long.MAX_VALUE : watermarkMicros));
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
                files.write(work.batch);
            } else {
                work.prepared.complete(seal(work.watermarkMicros));
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

    /** Ends the open files and makes them durable. */
    private Prepared seal(long watermarkMicros) {
        boolean over = watermarkMicros == Long.MAX_VALUE;
        if (over && index == 0 && run.isBounded() && files.isUnused() && run.partitionColumns().length == 0) {
            files.beginEmpty();
        }
        List<SealedFiles.Ended> ended = files.seal();
        run.sealed(ended);
        return new SealedFiles(index, watermarkMicros, ended).toPrepared();
    }

    private void free() {
        for (Work work : queue) {
            if (work.batch != null) {
                work.batch.close();
            }
        }
        queue.clear();
        files.close();
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
    private static final class Sealing implements IoTask<Prepared> {
        private volatile Prepared files;
        private volatile RuntimeException failed;

        void complete(Prepared newFiles) {
            files = newFiles;
        }

        void fail(RuntimeException newFailure) {
            failed = newFailure;
        }

        @Override
        public boolean isDone() {
            return files != null || failed != null;
        }

        @Override
        public Prepared result() {
            if (failed != null) {
                throw MillraceException.wrap(failed);
            }
            if (files == null) {
                throw MillraceException.internal("result of a checkpoint before it was prepared");
            }
            return files;
        }

        @Override
        public void cancel() {}
    }
}
