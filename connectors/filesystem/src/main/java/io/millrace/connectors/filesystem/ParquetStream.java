package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.BadRecord;
import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.RowFilter;
import io.millrace.connectors.filesystem.StripeFetch.Range;
import io.millrace.formats.parquet.footer.ColumnChunk;
import io.millrace.formats.parquet.reader.ChunkBytes;
import io.millrace.formats.parquet.reader.RowGroupReader;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One row group on its way in. */
final class ParquetStream implements PartStream, StripeFetch.Arrivals {
    private final List<ChunkBytes> chunks = new ArrayList<>();
    private final StripeFetch fetch;
    private final RowGroupReader reader;

    ParquetStream(
            Storage storage,
            ParquetPart part,
            int stripeBytes,
            List<RowFilter> filters,
            Allocator allocator,
            IoThreads io) {
        List<Range> ranges = new ArrayList<>();
        for (ColumnChunk chunk : part.projection().chunks(part.group())) {
            ranges.add(new Range(chunk.offset(), chunk.lengthBytes()));
            chunks.add(new ChunkBytes(chunk.lengthBytes()));
        }
        this.fetch = new StripeFetch(storage, part.file(), ranges, this, stripeBytes, allocator, io);
        this.reader = new RowGroupReader(part.projection(), part.group(), chunks, adapt(filters), allocator);
    }

    private static List<io.millrace.formats.parquet.reader.RowFilter> adapt(List<RowFilter> filters) {
        List<io.millrace.formats.parquet.reader.RowFilter> adapted = new ArrayList<>();
        for (RowFilter filter : filters) {
            adapted.add(
                    new io.millrace.formats.parquet.reader.RowFilter() {
                        @Override
                        public int[] columns() {
                            return filter.columns();
                        }

                        @Override
                        public void narrow(Batch batch) {
                            filter.narrow(batch);
                        }
                    });
        }
        return adapted;
    }

    @Override
    public StripeFetch fetch() {
        return fetch;
    }

    @Override
    public void arrived(int range, Buffer holder, int offset, int lengthBytes) {
        chunks.get(range).append(holder, offset, lengthBytes);
    }

    @Override
    public long unreadBytes() {
        long unread = 0;
        for (ChunkBytes chunk : chunks) {
            unread += chunk.heldBytes();
        }
        return unread;
    }

    @Override
    public boolean ready(int batchRows) {
        return reader.ready(batchRows);
    }

    @Override
    public Batch read(int batchRows, Consumer<BadRecord> bad) {
        return reader.read(batchRows);
    }

    @Override
    public long position() {
        return reader.rowsRead();
    }

    @Override
    public long rowsRead() {
        return reader.rowsRead();
    }

    @Override
    public long rowsDecoded() {
        return reader.rowsDecoded();
    }

    @Override
    public boolean isFinished() {
        return reader.isFinished();
    }

    @Override
    public void close() {
        fetch.close();
        reader.close();
    }
}
