package io.millrace.formats.parquet;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes a row group into batches. It does no I/O: whoever has it appends fetched bytes to the {@link ChunkBytes} it
 * was given, asks {@link #ready} and then {@link #read}. One thread at a time.
 */
public final class RowGroupReader implements AutoCloseable {
    private final ParquetProjection projection;
    private final RowGroup group;
    private final List<ColumnReader> readers = new ArrayList<>();
    private final Decompressor decompressor = new Decompressor();
    private long rowsRead;

    /**
     * Takes the chunks' bytes.
     *
     * @param chunks in the order of {@link ParquetProjection#chunks}
     */
    public RowGroupReader(ParquetProjection projection, RowGroup group, List<ChunkBytes> chunks, Allocator allocator) {
        this.projection = projection;
        this.group = group;
        String file = projection.footer().file();
        if (chunks.size() != projection.leaves().size()) {
            chunks.forEach(ChunkBytes::close);
            throw MillraceException.internal(
                    "expected " + projection.leaves().size() + " chunks, found " + chunks.size() + " file=" + file);
        }
        for (int i = 0; i < chunks.size(); i++) {
            SchemaNode leaf = projection.leaves().get(i);
            ChunkLocation where = new ChunkLocation(file, group.ordinal(), leaf.path());
            DataType type = projection.schema().type(i);
            DataType own = TypeMapping.typeOf(leaf, where);
            PageSource pages =
                    new PageSource(
                            group.columns().get(leaf.leaf()), leaf, chunks.get(i), decompressor, allocator, where);
            Conversion conversion = Conversion.between(leaf, type, own, file);
            readers.add(new FlatColumnReader(leaf, type, conversion, pages, allocator, where));
        }
    }

    public RowGroup group() {
        return group;
    }

    /** Rows in the batches so far; the index in the row group of the next one. */
    public long rowsRead() {
        return rowsRead;
    }

    public boolean isFinished() {
        return rowsRead == group.rowCount();
    }

    private int next(int maxRows) {
        return (int) Math.min(maxRows, group.rowCount() - rowsRead);
    }

    /** Whether the bytes of the next batch have arrived. */
    public boolean ready(int maxRows) {
        int rows = next(maxRows);
        boolean ready = true;
        for (ColumnReader reader : readers) {
            ready &= reader.ready(rows);
        }
        return ready;
    }

    /**
     * The next {@code maxRows} rows, or those that are left, which the caller owns; null at the end. Only when ready.
     */
    public Batch read(int maxRows) {
        int rows = next(maxRows);
        if (rows == 0) {
            return null;
        }
        Column[] columns = new Column[readers.size()];
        boolean done = false;
        try {
            for (int i = 0; i < columns.length; i++) {
                columns[i] = readers.get(i).read(rows);
            }
            if (rowsRead + rows == group.rowCount()) {
                readers.forEach(ColumnReader::finish);
            }
            done = true;
        } finally {
            if (!done) {
                for (Column column : columns) {
                    if (column != null) {
                        column.release();
                    }
                }
            }
        }
        rowsRead += rows;
        return new Batch(projection.schema(), columns, rows);
    }

    @Override
    public void close() {
        readers.forEach(ColumnReader::close);
        readers.clear();
        decompressor.close();
    }
}
