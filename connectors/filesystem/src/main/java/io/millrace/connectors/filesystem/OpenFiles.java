package io.millrace.connectors.filesystem;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.fault.KillPoint;
import io.millrace.memory.time.Clock;
import io.millrace.storage.WritableFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that one writer has begun, one a partition. A file ends when it is large or old enough, when too many are
 * open, and at each checkpoint. Blocks on them; one thread at a time.
 */
final class OpenFiles implements AutoCloseable {
    /** Beyond this the one that was written least lately is ended. */
    private static final int MAX_OPEN = 24;

    private static final long DEFAULT_ROLL_BYTES = 128L << 20;
    private static final long DEFAULT_ROLL_NANOS = 1_800_000_000_000L;

    private final FileSinkRun run;
    private final int writer;
    private final Allocator allocator;
    private final Clock clock;
    private final int[] partitionColumns;
    private final int[] fileColumns;
    private final long rollBytes;
    private final long rollNanos;
    private final Map<String, OpenFile> open = new LinkedHashMap<>(16, 0.75f, true);
    private List<SealedFiles.Ended> ended = new ArrayList<>();
    private int begun;

    private record OpenFile(WritableFile file, FileEncoder encoder, SealedFiles.Ended name, long begunNanos) {
        void close() {
            try {
                encoder.close();
            } finally {
                file.close();
            }
        }
    }

    OpenFiles(FileSinkRun run, int writer, Allocator allocator, Clock clock) {
        this.run = run;
        this.writer = writer;
        this.allocator = allocator;
        this.clock = clock;
        this.partitionColumns = run.partitionColumns();
        this.fileColumns = run.fileColumns();
        // A batch job's files are as large as its writers make them, unless the table says otherwise.
        boolean endless = run.takesCheckpoints() || !run.isBounded();
        FileLayout layout = run.layout();
        this.rollBytes = layout.rollBytes() >= 0 ? layout.rollBytes() : endless ? DEFAULT_ROLL_BYTES : Long.MAX_VALUE;
        this.rollNanos = layout.rollNanos() >= 0 ? layout.rollNanos() : endless ? DEFAULT_ROLL_NANOS : Long.MAX_VALUE;
    }

    /** Whether no file was ever begun. */
    boolean isUnused() {
        return begun == 0;
    }

    /** Appends the rows of a batch that count, each to the file of its partition; the batch stays the caller's. */
    void write(Batch batch) {
        if (partitionColumns.length == 0) {
            write("", batch);
            return;
        }
        Map<String, int[]> rows = new LinkedHashMap<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        List<String> keys = run.layout().partitionKeys();
        for (int i = 0; i < batch.activeCount(); i++) {
            int row = batch.row(i);
            String partition = PartitionPath.of(keys, partitionColumns, batch, row);
            int count = counts.merge(partition, 1, Integer::sum);
            int[] own = rows.computeIfAbsent(partition, p -> new int[16]);
            if (count > own.length) {
                own = Arrays.copyOf(own, 2 * own.length);
                rows.put(partition, own);
            }
            own[count - 1] = row;
        }
        rows.forEach((partition, own) -> writeRows(partition, batch, Arrays.copyOf(own, counts.get(partition))));
    }

    private void writeRows(String partition, Batch batch, int[] rows) {
        Selection selection = Selection.of(allocator, rows);
        Column[] columns = new Column[fileColumns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = batch.column(fileColumns[i]).retain();
        }
        try (Batch share = new Batch(run.schema(), columns, batch.rowCount(), selection, null)) {
            write(partition, share);
        }
    }

    private void write(String partition, Batch batch) {
        OpenFile file = open.get(partition);
        long now = clock.nanoTime();
        if (file != null && now - file.begunNanos >= rollNanos) {
            end(partition);
            file = null;
        }
        file = file == null ? begin(partition) : file;
        file.encoder.write(batch);
        if (file.file.lengthBytes() >= rollBytes) {
            end(partition);
        }
    }

    private OpenFile begin(String partition) {
        if (open.size() == MAX_OPEN) {
            end(open.keySet().iterator().next());
        }
        String hidden = run.names().hidden(writer, begun++);
        // Before the file can be seen: whoever sees it knows that its time runs.
        long begunNanos = clock.nanoTime();
        WritableFile file = run.create(hidden);
        boolean done = false;
        try {
            OpenFile opened =
                    new OpenFile(
                            file,
                            FileEncoder.of(run, file, allocator),
                            new SealedFiles.Ended(hidden, partition),
                            begunNanos);
            open.put(partition, opened);
            done = true;
            return opened;
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    /** Begins a file without rows, so that a table without rows can be read back. */
    void beginEmpty() {
        begin("");
    }

    private void end(String partition) {
        OpenFile file = open.get(partition);
        file.encoder.finish();
        KillPoint.reach("file.sink.sync");
        file.file.sync();
        KillPoint.reach("file.sink.synced");
        open.remove(partition);
        ended.add(file.name);
        file.close();
    }

    /** Ends all files and makes them durable; those that were ended since this was last asked. */
    List<SealedFiles.Ended> seal() {
        for (String partition : List.copyOf(open.keySet())) {
            end(partition);
        }
        List<SealedFiles.Ended> sealed = ended;
        ended = new ArrayList<>();
        return sealed;
    }

    @Override
    public void close() {
        RuntimeException first = null;
        for (OpenFile file : open.values()) {
            try {
                file.close();
            } catch (RuntimeException failed) {
                first = first == null ? failed : first;
            }
        }
        open.clear();
        if (first != null) {
            throw first;
        }
    }
}
