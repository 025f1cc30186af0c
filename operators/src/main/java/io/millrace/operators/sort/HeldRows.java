package io.millrace.operators.sort;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.batch.RowGather;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Layout;
import io.millrace.memory.types.Schema;
import io.millrace.state.tier.RowOrder;
import io.millrace.state.tier.SortedRows;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The rows of some batches, read in order: references to them are sorted, as {@link RowSorter} does it, and then copied
 * from where they lie, a column at a time. Of rows with weights equal ones are made one with the sum, which may be
 * negative, and none where that is 0. References take 32 bytes a row once it is read from.
 */
final class HeldRows implements SortedRows {
    /** More cannot be put in order at once. */
    static final int MAX_ROWS = 1 << 30;

    private static final int ROWS_A_STEP = 16_384;
    private static final int MAX_GATHERED_ROWS = 8 << 10;

    /** Where rows may be of any size. */
    private static final int MAX_GATHERED_ROWS_OF_ANY_SIZE = 256;

    /** A batch has fewer rows when they are of more than about so many bytes. */
    private static final int BATCH_BYTES = 1 << 20;

    private final Allocator allocator;
    private final List<Batch> batches;
    private final RowOrder order;
    private final BatchBuilder output;
    private final boolean owned;
    private final long rowCount;
    private final long heldBytes;
    private RowSorter sorter;
    private boolean isSorted;
    private boolean isExhausted;
    private int next;
    private final RowGather gather;

    /**
     * Rows of batches that nobody changes meanwhile.
     *
     * @param tag what the memory of those that it makes is for
     * @param owned whether closing it closes the batches
     */
    HeldRows(
            Allocator allocator,
            MemoryTag tag,
            Schema schema,
            boolean weighted,
            RowOrder order,
            List<Batch> batches,
            boolean owned) {
        this.allocator = allocator;
        this.batches = batches;
        this.order = order;
        this.owned = owned;
        this.output = new BatchBuilder(allocator, tag, schema, 0, weighted);
        long rows = 0;
        long bytes = 0;
        for (Batch batch : batches) {
            rows += batch.activeCount();
            bytes += batch.heldBytes();
        }
        this.rowCount = rows;
        this.heldBytes = bytes;
        this.gather = new RowGather(gatheredRows(schema));
    }

    /** How many rows are copied before it is looked how much they are. */
    private int gatheredRows(Schema schema) {
        int most = MAX_GATHERED_ROWS;
        for (int i = 0; i < schema.size(); i++) {
            Layout layout = schema.type(i).layout();
            if (layout == Layout.VIEW || layout == Layout.LIST || layout == Layout.STRUCT) {
                most = MAX_GATHERED_ROWS_OF_ANY_SIZE;
            }
        }
        long rowBytes = Math.max(1, heldBytes / Math.max(1, rowCount));
        return (int) Math.clamp(BATCH_BYTES / rowBytes, 1, most);
    }

    @Override
    public long rowCount() {
        return rowCount;
    }

    @Override
    public long heldBytes() {
        return heldBytes;
    }

    /** Goes on putting them in order, for a moment; true once they are. */
    boolean sort() {
        if (!isSorted) {
            if (sorter == null) {
                sorter = unsorted();
            }
            isSorted = sorter.step(ROWS_A_STEP);
        }
        return isSorted;
    }

    /** References to all rows: batch in the upper half, row in the lower. */
    private RowSorter unsorted() {
        if (rowCount > MAX_ROWS) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "ORDER BY of " + rowCount + " rows in memory")
                    .withHelp("It takes up to " + MAX_ROWS + " rows; with a small LIMIT it keeps fewer.");
        }
        RowSorter all = new RowSorter(allocator, (int) rowCount, this::compare);
        for (int b = 0; b < batches.size(); b++) {
            Batch batch = batches.get(b);
            for (int i = 0; i < batch.activeCount(); i++) {
                int row = batch.row(i);
                all.add(order.prefix(batch, row), (long) b << 32 | row);
            }
        }
        return all;
    }

    private int compare(long a, long b) {
        return order.compare(batchOf(a), (int) a, batchOf(b), (int) b);
    }

    @Override
    public Batch next(int maxRows, BooleanSupplier isEnded) {
        while (!sort()) {
            if (isEnded.getAsBoolean()) {
                throw new MillraceException(ErrorCode.CANCELLED, "rows are not put in order to the end");
            }
        }
        while (next < sorter.size() && output.rowCount() < maxRows && output.usedBytes() < BATCH_BYTES) {
            gatherRows(Math.min(maxRows - output.rowCount(), gather.capacityRows()));
        }
        isExhausted = next == sorter.size();
        return output.rowCount() == 0 ? null : output.build();
    }

    private void gatherRows(int limit) {
        while (next < sorter.size() && gather.rowCount() < limit) {
            long row = sorter.get(next++);
            if (output.isWeighted()) {
                addSum(row);
            } else {
                gather.add(batchOf(row), (int) row);
            }
        }
        gather.appendTo(output);
    }

    /** Whether all were read. */
    boolean isExhausted() {
        return isExhausted;
    }

    private void addSum(long row) {
        long prefix = sorter.prefix(next - 1);
        long sum = weight(row);
        while (next < sorter.size() && sorter.prefix(next) == prefix && compare(row, sorter.get(next)) == 0) {
            sum += weight(sorter.get(next++));
        }
        if (sum != 0) {
            gather.add(batchOf(row), (int) row);
            output.weights().appendLong(sum);
        }
    }

    private Batch batchOf(long row) {
        return batches.get((int) (row >>> 32));
    }

    private long weight(long row) {
        return batchOf(row).weight((int) row);
    }

    @Override
    public void close() {
        if (sorter != null) {
            sorter.close();
            sorter = null;
        }
        output.close();
        if (owned) {
            batches.forEach(Batch::close);
        }
    }
}
