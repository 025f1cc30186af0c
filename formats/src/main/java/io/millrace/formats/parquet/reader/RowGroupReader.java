package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.formats.parquet.footer.ColumnChunk;
import io.millrace.formats.parquet.footer.RowGroup;
import io.millrace.formats.parquet.footer.SchemaNode;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes a row group into batches. It does no I/O: whoever has it appends fetched bytes to the {@link ChunkBytes} it
 * was given, asks {@link #ready} and then {@link #read}. One thread at a time.
 */
public final class RowGroupReader implements AutoCloseable {
    /** From one row in so many on, rows that a filter lets through are put together instead of selected. */
    private static final int SPARSE = 4;

    /** After so many rows a filter that lets most of them through is not asked any more. */
    private static final long TRIAL_ROWS = 32_768;

    private final ParquetProjection projection;
    private final RowGroup group;
    private final List<ColumnReader> readers = new ArrayList<>();
    private final Decompressor decompressor = new Decompressor();
    private final List<RowFilter> filters;
    private final Allocator allocator;
    private final boolean readsSelected;
    private long rowsRead;
    private long rowsKept;
    private boolean isPruned;

    /** Takes the chunks' bytes; reads every row. */
    public RowGroupReader(ParquetProjection projection, RowGroup group, List<ChunkBytes> chunks, Allocator allocator) {
        this(projection, group, chunks, List.of(), allocator);
    }

    /**
     * Takes the chunks' bytes.
     *
     * @param chunks in the order of {@link ParquetProjection#chunks}
     * @param filters asked in this order, each only about rows that the ones before let through
     */
    public RowGroupReader(
            ParquetProjection projection,
            RowGroup group,
            List<ChunkBytes> chunks,
            List<RowFilter> filters,
            Allocator allocator) {
        this.projection = projection;
        this.group = group;
        this.filters = List.copyOf(filters);
        this.allocator = allocator;
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
        this.readsSelected = readers.stream().allMatch(ColumnReader::readsSelected);
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

    /** Rows read or left out so far; the index in the row group of the next one. */
    public long rowsRead() {
        return rowsRead;
    }

    /** Those of them that were not left out because no value of a dictionary satisfies a filter. */
    public long rowsDecoded() {
        return isPruned ? 0 : rowsRead;
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
     * With filters, of these only rows that satisfy them count, or lie in the batch at all: there may be none.
     */
    public Batch read(int maxRows) {
        int rows = next(maxRows);
        if (rows == 0) {
            return null;
        }
        if (rowsRead == 0 && !filters.isEmpty() && noneMatches()) {
            rowsRead = group.rowCount();
            isPruned = true;
            return empty();
        }
        boolean filtering = !filters.isEmpty() && (rowsRead < TRIAL_ROWS || rowsKept <= rowsRead / 2);
        Batch batch = filtering ? readFiltered(rows) : readAll(rows);
        rowsRead += rows;
        rowsKept += batch.activeCount();
        return batch;
    }

    private Batch readAll(int rows) {
        Column[] columns = new Column[readers.size()];
        boolean done = false;
        try {
            for (int i = 0; i < columns.length; i++) {
                columns[i] = readers.get(i).read(rows);
            }
            finish(rows);
            done = true;
        } finally {
            if (!done) {
                release(columns);
            }
        }
        return new Batch(projection.schema(), columns, rows);
    }

    private void finish(int rows) {
        if (rowsRead + rows == group.rowCount()) {
            readers.forEach(ColumnReader::finish);
        }
    }

    private static void release(Column[] columns) {
        for (Column column : columns) {
            if (column != null) {
                column.release();
            }
        }
    }

    private Batch readFiltered(int rows) {
        Column[] columns = new Column[readers.size()];
        Selection selected = null;
        boolean done = false;
        try {
            for (RowFilter filter : filters) {
                selected = narrow(filter, columns, rows, selected);
                if (selected != null && selected.count() == 0) {
                    break;
                }
            }
            int active = selected == null ? rows : selected.count();
            boolean compact = readsSelected && active <= rows / SPARSE;
            for (int i = 0; i < columns.length; i++) {
                ColumnReader reader = readers.get(i);
                if (active == 0) {
                    if (columns[i] == null) {
                        reader.skip(rows);
                    }
                } else if (!compact) {
                    columns[i] = columns[i] == null ? reader.read(rows) : columns[i];
                } else if (columns[i] == null) {
                    columns[i] = reader.read(rows, selected.address(), active);
                } else {
                    columns[i] = gather(columns[i], selected);
                }
            }
            finish(rows);
            done = active > 0;
            if (!done) {
                return empty();
            }
            return compact
                    ? new Batch(projection.schema(), columns, active)
                    : new Batch(projection.schema(), columns, rows, selected == null ? null : selected.retain(), null);
        } finally {
            if (!done) {
                release(columns);
            }
            if (selected != null) {
                selected.release();
            }
        }
    }

    /** Takes the selection so far; reads what columns the filter needs and are not there yet. */
    private Selection narrow(RowFilter filter, Column[] columns, int rows, Selection before) {
        int[] needed = filter.columns();
        Column[] looked = new Column[needed.length];
        boolean done = false;
        try {
            for (int i = 0; i < needed.length; i++) {
                int column = needed[i];
                if (columns[column] == null) {
                    columns[column] = readers.get(column).read(rows);
                }
                looked[i] = columns[column].retain();
            }
            done = true;
        } finally {
            if (!done) {
                release(looked);
            }
        }
        try (Batch batch =
                new Batch(
                        projection.schema().project(needed),
                        looked,
                        rows,
                        before == null ? null : before.retain(),
                        null)) {
            filter.narrow(batch);
            Selection after = batch.selection() == null ? null : batch.selection().retain();
            if (before != null) {
                before.release();
            }
            return after;
        }
    }

    /** Takes the column. */
    private Column gather(Column column, Selection selected) {
        try (ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.BATCH, column.type(), selected.count())) {
            builder.gather(column, selected.address(), selected.count());
            return builder.build();
        } finally {
            column.release();
        }
    }

    private Batch empty() {
        Column[] columns = new Column[readers.size()];
        boolean done = false;
        try {
            for (int i = 0; i < columns.length; i++) {
                try (ColumnBuilder builder =
                        new ColumnBuilder(allocator, MemoryTag.BATCH, projection.schema().type(i), 1)) {
                    columns[i] = builder.build();
                }
            }
            done = true;
            return new Batch(projection.schema(), columns, 0);
        } finally {
            if (!done) {
                release(columns);
            }
        }
    }

    /** Whether a filter holds for no value of a dictionary that all rows take theirs from. */
    private boolean noneMatches() {
        for (RowFilter filter : filters) {
            int column = filter.columns().length == 1 ? filter.columns()[0] : -1;
            if (column >= 0
                    && readers.get(column) instanceof FlatColumnReader reader
                    && isAllDictionary(column)
                    && noneMatches(filter, reader, projection.schema().project(new int[] {column}))) {
                return true;
            }
        }
        return false;
    }

    private boolean isAllDictionary(int column) {
        ColumnPlan plan = projection.plans().get(column);
        return group.columns().get(plan.node().leaf()).allDictionary();
    }

    private boolean noneMatches(RowFilter filter, FlatColumnReader reader, Schema schema) {
        Column dictionary = reader.peekDictionary();
        if (dictionary == null || dictionary.rowCount() > group.rowCount() / 2) {
            return false;
        }
        try {
            // NULL first: it is not in the dictionary, and may well satisfy what no value does.
            return (!reader.isOptional() || !matches(filter, schema, nothing(schema)))
                    && !matches(filter, schema, dictionary.retain());
        } catch (MillraceException failure) {
            if (failure.code() == ErrorCode.DATA_EXCEPTION) {
                return false; // it fails for what has it, with its row
            }
            throw failure;
        }
    }

    private Column nothing(Schema schema) {
        try (ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.BATCH, schema.type(0), 1)) {
            builder.appendNull();
            return builder.build();
        }
    }

    /** Takes the column. */
    private static boolean matches(RowFilter filter, Schema schema, Column values) {
        try (Batch batch = new Batch(schema, new Column[] {values}, values.rowCount())) {
            filter.narrow(batch);
            return batch.activeCount() > 0;
        }
    }

    @Override
    public void close() {
        readers.forEach(ColumnReader::close);
        readers.clear();
        decompressor.close();
    }
}
