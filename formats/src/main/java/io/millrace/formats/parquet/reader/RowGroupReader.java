package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.formats.parquet.footer.ColumnChunk;
import io.millrace.formats.parquet.footer.RowGroup;
import io.millrace.formats.parquet.footer.SchemaNode;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.MillraceException;
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
        int leaf = 0;
        for (ColumnPlan plan : projection.plans()) {
            List<LeafLevels> levels = new ArrayList<>();
            int first = leaf;
            int end = first + leafCount(plan);
            for (; leaf < end; leaf++) {
                SchemaNode node = projection.leaves().get(leaf);
                ChunkLocation where = new ChunkLocation(file, group.ordinal(), node.path());
                ColumnChunk chunk = group.columns().get(node.leaf());
                PageSource pages = new PageSource(chunk, node, chunks.get(leaf), decompressor, allocator, where);
                if (plan.isFlat()) {
                    readers.add(new FlatColumnReader(node, plan.type(), plan.conversion(), pages, allocator, where));
                } else {
                    levels.add(new LeafLevels(leafPlan(plan, leaf), pages, allocator, where));
                }
            }
            if (!plan.isFlat()) {
                readers.add(new NestedColumnReader(plan, levels, first, allocator));
            }
        }
    }

    private static int leafCount(ColumnPlan plan) {
        return plan.kind() == ColumnPlan.Kind.LEAF
                ? 1
                : plan.children().stream().mapToInt(RowGroupReader::leafCount).sum();
    }

    private static ColumnPlan leafPlan(ColumnPlan plan, int leaf) {
        if (plan.kind() == ColumnPlan.Kind.LEAF) {
            return plan.leaf() == leaf ? plan : null;
        }
        for (ColumnPlan child : plan.children()) {
            ColumnPlan found = leafPlan(child, leaf);
            if (found != null) {
                return found;
            }
        }
        return null;
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
