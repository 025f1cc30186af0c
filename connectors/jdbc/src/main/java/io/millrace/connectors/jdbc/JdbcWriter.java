package io.millrace.connectors.jdbc;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Makes texts of rows and has them stored. What it prepares: {@code u8 version (1) | i64 bytes of its chunks}, big
 * endian; the chunks are the files, in order. A worker's.
 */
final class JdbcWriter implements SinkWriter {
    private static final int MAX_STORING = 2;

    private final JdbcRun run;
    private final ReaderContext context;
    private final int[] columns;
    private final int[] keyColumns;
    private final boolean folds;
    private final Map<ByteBuffer, Map<ByteBuffer, Long>> changes = new LinkedHashMap<>();
    private final List<Storing> underWay = new ArrayList<>();
    private List<Storing> stored = new ArrayList<>();
    private long lastWriteNanos;
    private ByteArrayOutputStream chunk = new ByteArrayOutputStream();

    private record Storing(IoTask<String> task, int lengthBytes) {}

    JdbcWriter(JdbcRun run, Schema schema, ChangelogKind kind, ReaderContext context) {
        this.run = run;
        this.context = context;
        this.columns = IntStream.range(0, schema.size()).toArray();
        this.keyColumns = run.table().keyColumns(schema);
        this.folds = keyColumns.length > 0 && kind == ChangelogKind.RETRACT;
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
        try (batch) {
            for (int i = 0; i < batch.activeCount(); i++) {
                int row = batch.row(i);
                if (folds) {
                    changes.computeIfAbsent(ByteBuffer.wrap(RowText.of(batch, row, keyColumns)), key -> new HashMap<>())
                            .merge(ByteBuffer.wrap(RowText.of(batch, row, columns)), batch.weight(row), Long::sum);
                } else if (batch.weight(row) < 0) {
                    add(0, RowText.of(batch, row, keyColumns));
                } else {
                    add(1, RowText.of(batch, row, columns));
                }
            }
        }
    }

    private void add(int operation, byte[] row) {
        if (chunk.size() == 0) {
            chunk.write(RowText.VERSION);
        }
        chunk.write(operation);
        chunk.write(row, 0, row.length);
        if (chunk.size() >= run.table().chunkBytes()) {
            store();
        }
    }

    private void store() {
        ByteBuffer content = ByteBuffer.wrap(chunk.toByteArray());
        chunk = new ByteArrayOutputStream();
        int length = content.remaining();
        run.output().stored(length);
        Storing storing =
                new Storing(
                        context.io().submit("store rows of " + run.table().name(), () -> run.files().write(content)),
                        length);
        stored.add(storing);
        underWay.add(storing);
    }

    @Override
    public void endEpoch(long epoch) {
        changes.forEach(this::fold);
        changes.clear();
    }

    private void fold(ByteBuffer key, Map<ByteBuffer, Long> rows) {
        byte[] now = null;
        boolean taken = false;
        for (Map.Entry<ByteBuffer, Long> row : rows.entrySet()) {
            long weight = row.getValue();
            taken |= weight < 0;
            if (weight > 1 || weight > 0 && now != null) {
                throw new MillraceException(
                                ErrorCode.CONTRACT_BROKEN,
                                "table "
                                        + run.table().name()
                                        + ": expected one row of key "
                                        + String.join(", ", RowText.next(key.duplicate(), keyColumns.length))
                                        + ", found several")
                        .withHelp("The PRIMARY KEY of the table must be unique in what is inserted.");
            }
            now = weight > 0 ? row.getKey().array() : now;
        }
        if (now != null) {
            add(1, now);
        } else if (taken) {
            add(0, key.array());
        }
    }

    @Override
    public IoTask<Prepared> prepare(long checkpoint) {
        endEpoch(0);
        if (chunk.size() > 0) {
            store();
        }
        List<Storing> sealed = stored;
        stored = new ArrayList<>();
        return new Sealed(sealed);
    }

    private record Sealed(List<Storing> chunks) implements IoTask<Prepared> {
        @Override
        public boolean isDone() {
            return chunks.stream().allMatch(chunk -> chunk.task.isDone());
        }

        @Override
        public Prepared result() {
            if (chunks.isEmpty()) {
                return Prepared.NOTHING;
            }
            List<String> names = chunks.stream().map(chunk -> chunk.task.result()).toList();
            long bytes = chunks.stream().mapToLong(Storing::lengthBytes).sum();
            return new Prepared(ByteBuffer.allocate(1 + Long.BYTES).put(RowText.VERSION).putLong(bytes).array(), names);
        }

        @Override
        public void cancel() {}
    }

    @Override
    public void close() {
        changes.clear();
        chunk = new ByteArrayOutputStream();
    }
}
