package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.connectors.filesystem.ParquetTable.PinnedFile;
import io.millrace.formats.parquet.ParquetProjection;
import io.millrace.formats.parquet.RowGroup;
import io.millrace.memory.types.Schema;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** One execution: hands out row groups, in the order of the files, to whichever reader asks next. Thread-safe. */
final class ParquetRun implements SourceRun {
    private final Storage storage;
    private final Schema projected;
    private final int readerCount;
    private final List<Part> parts;
    private final long rowsTotal;
    private final AtomicInteger next = new AtomicInteger();
    private final LongAdder rowsRead = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();

    /** A row group to be read. */
    record Part(StoredFile file, ParquetProjection projection, RowGroup group) {}

    ParquetRun(Storage storage, List<PinnedFile> files, Schema schema, ScanRequest request) {
        this.storage = storage;
        this.projected = schema.project(request.projection());
        this.readerCount = request.readerCount();
        this.parts = new ArrayList<>();
        long rows = 0;
        for (PinnedFile file : files) {
            ParquetProjection projection = ParquetProjection.of(file.footer(), projected);
            for (RowGroup group : file.footer().rowGroups()) {
                if (group.rowCount() > 0) {
                    parts.add(new Part(file.file(), projection, group));
                    rows += group.rowCount();
                }
            }
        }
        this.rowsTotal = rows;
    }

    @Override
    public SourceReader open(int readerIndex, ReaderContext context) {
        return new ParquetReader(this, readerIndex, context);
    }

    /** The next row group, or null when all were handed out. */
    Part take() {
        int index = next.getAndIncrement();
        return index < parts.size() ? parts.get(index) : null;
    }

    Storage storage() {
        return storage;
    }

    int readerCount() {
        return readerCount;
    }

    void fetched(long bytes) {
        bytesRead.add(bytes);
    }

    void emitted(long rows) {
        rowsRead.add(rows);
    }

    @Override
    public SourceProgress progress() {
        return new SourceProgress(rowsRead.sum(), rowsTotal, bytesRead.sum(), -1, false);
    }

    @Override
    public void close() {}
}
