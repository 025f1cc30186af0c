package io.millrace.connectors.kafka;

import io.millrace.connectors.api.CheckpointFiles;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.formats.EncodedBytes;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Encodes rows into chunks and has them stored with the checkpoint; nothing is sent before that is durable. What it
 * prepares, numbers big endian:
 *
 * <pre>
 *   u8 version (1) | i64 bytes of its chunks; the chunks themselves are the files, in order
 * </pre>
 *
 * <p>A worker's; a chunk belongs to the task that stores it once that has begun.
 */
final class ChunkWriter implements SinkWriter, RecordTarget {
    static final byte VERSION = 1;
    private static final int MAX_STORING = 2;
    private static final int FIRST_BYTES = 64 << 10;

    private final ExactlyOnceRun run;
    private final ReaderContext context;
    private final Allocator allocator;
    private final RowRecords rows;
    private EncodedBytes chunk;
    private List<Storing> stored = new ArrayList<>();

    /** Of this checkpoint and those before, what may not be stored yet. */
    private final List<Storing> underWay = new ArrayList<>();

    private long lastWriteNanos;
    private boolean closed;

    /** Who frees a chunk's bytes: the task, once it has begun. */
    private enum Phase {
        WAITING,
        RUNNING,
        ABANDONED
    }

    private static final class Storing {
        final EncodedBytes bytes;
        final int lengthBytes;
        final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
        IoTask<String> task;

        Storing(EncodedBytes bytes) {
            this.bytes = bytes;
            this.lengthBytes = bytes.lengthBytes();
        }

        String store(CheckpointFiles files) {
            if (!phase.compareAndSet(Phase.WAITING, Phase.RUNNING)) {
                return "";
            }
            try (bytes) {
                ByteBuffer content = bytes.view();
                return files.write(content);
            }
        }

        void abandon() {
            if (phase.compareAndSet(Phase.WAITING, Phase.ABANDONED)) {
                bytes.close();
            }
        }
    }

    ChunkWriter(ExactlyOnceRun run, RowRecords rows, ReaderContext context) {
        this.run = run;
        this.rows = rows;
        this.context = context;
        this.allocator = context.allocator();
    }

    @Override
    public boolean isFull() {
        underWay.removeIf(one -> one.task.isDone());
        return underWay.size() >= MAX_STORING || run.output().holdsBack(context.clock().nanoTime(), lastWriteNanos);
    }

    @Override
    public boolean wantsCheckpoint() {
        return run.output().wantsCheckpoint();
    }

    @Override
    public void write(Batch batch) {
        lastWriteNanos = context.clock().nanoTime();
        rows.write(batch, this);
    }

    @Override
    public void add(int partition, byte[] key, long valueAddress, int valueBytes) {
        if (chunk == null) {
            chunk = new EncodedBytes(allocator, FIRST_BYTES);
            Chunk.begin(chunk);
        }
        Chunk.add(chunk, partition, key, valueAddress, valueBytes);
        if (chunk.lengthBytes() >= run.chunkBytes()) {
            store();
        }
    }

    private void store() {
        Storing storing = new Storing(chunk);
        chunk = null;
        run.output().stored(storing.lengthBytes);
        stored.add(storing);
        underWay.add(storing);
        storing.task = context.io().submit("store output of " + run.name(), () -> storing.store(run.files()));
    }

    @Override
    public void endEpoch(long epoch) {
        rows.endEpoch(this);
    }

    @Override
    public IoTask<Prepared> prepare(long checkpoint) {
        rows.endEpoch(this);
        if (chunk != null) {
            store();
        }
        List<Storing> sealed = stored;
        stored = new ArrayList<>();
        return new Sealed(sealed);
    }

    /** Done when all chunks are stored. */
    private record Sealed(List<Storing> chunks) implements IoTask<Prepared> {
        @Override
        public boolean isDone() {
            for (Storing chunk : chunks) {
                if (!chunk.task.isDone()) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public Prepared result() {
            if (chunks.isEmpty()) {
                return Prepared.NOTHING;
            }
            List<String> names = new ArrayList<>();
            long bytes = 0;
            for (Storing chunk : chunks) {
                names.add(chunk.task.result());
                bytes += chunk.lengthBytes;
            }
            return new Prepared(ByteBuffer.allocate(1 + Long.BYTES).put(VERSION).putLong(bytes).array(), names);
        }

        @Override
        public void cancel() {}
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        rows.close();
        if (chunk != null) {
            chunk.close();
            chunk = null;
        }
        underWay.forEach(Storing::abandon);
    }
}
