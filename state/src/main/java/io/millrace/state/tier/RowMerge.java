package io.millrace.state.tier;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.types.Schema;
import io.millrace.state.table.StateOutput;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of several runs in order, by a tree of losers (Knuth, The Art of Computer Programming, volume 3, 5.4.1). Of
 * rows with weights equal ones are made one with the sum, which may be negative, and none where that is 0. On an I/O
 * thread.
 */
final class RowMerge implements AutoCloseable {
    private final RowOrder order;
    private final RowRunReader[] readers;

    /** The page that each run is at, null at its end, and the row in it. */
    private final Batch[] pages;

    private final int[] rows;

    /** At 0 the run whose row is next, at each other node the one that lost there. */
    private final int[] tree;

    private final StateOutput scratch;
    private final BatchBuilder output;

    /** A page that is looked at beside those the runs are at, null for none, and whether its run went on. */
    private Batch held;

    private boolean heldEnded;
    private boolean isOver;

    /**
     * At the first row of runs that are written, at least one.
     *
     * @param capacityRows how many rows batches are to have, about
     */
    RowMerge(
            List<TierRun> runs,
            Schema schema,
            RowOrder order,
            Allocator allocator,
            boolean weighted,
            int capacityRows) {
        int count = runs.size();
        this.order = order;
        this.readers = new RowRunReader[count];
        this.pages = new Batch[count];
        this.rows = new int[count];
        this.tree = new int[count];
        this.scratch = new StateOutput(allocator, RowRunWriter.PAGE_BYTES);
        this.output = new BatchBuilder(allocator, MemoryTag.BATCH, schema, capacityRows, weighted);
        try {
            for (int i = 0; i < count; i++) {
                readers[i] = new RowRunReader(runs.get(i), schema, allocator, scratch);
                pages[i] = readers[i].next(scratch);
            }
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
        Arrays.fill(tree, -1);
        for (int i = count - 1; i >= 0; i--) {
            replay(i);
        }
    }

    /** Lets a run play from its leaf up; -1, which no run has yet come to, wins and stays to be played against. */
    private void replay(int run) {
        int winner = run;
        for (int node = (run + tree.length) / 2; node > 0; node /= 2) {
            int other = tree[node];
            if (other < 0) {
                tree[node] = winner;
                return;
            }
            if (isBefore(other, winner)) {
                tree[node] = winner;
                winner = other;
            }
        }
        tree[0] = winner;
    }

    private boolean isBefore(int a, int b) {
        if (pages[a] == null || pages[b] == null) {
            return pages[b] == null && pages[a] != null;
        }
        int compared = order.compare(pages[a], rows[a], pages[b], rows[b]);
        return compared < 0 || compared == 0 && a < b;
    }

    /** The next rows, at most so many and of about so many bytes; null when there are no more. */
    Batch next(int maxRows, long maxBytes) {
        while (!isOver && output.rowCount() < maxRows && (output.rowCount() % 16 != 0 || bytes() < maxBytes)) {
            if (output.isWeighted()) {
                appendSum();
            } else {
                Batch page = pages[tree[0]];
                if (page == null) {
                    isOver = true;
                } else {
                    append(page, rows[tree[0]]);
                    pass();
                }
            }
        }
        return output.rowCount() == 0 ? null : output.build();
    }

    private long bytes() {
        long bytes = 0;
        for (int i = 0; i < output.schema().size(); i++) {
            bytes += output.column(i).dataBytes();
        }
        return bytes;
    }

    private void append(Batch page, int row) {
        for (int i = 0; i < page.columnCount(); i++) {
            output.column(i).append(page.column(i), row);
        }
        if (page.columnCount() == 0) {
            output.addEmptyRow();
        }
    }

    /** Takes a row and all that are equal to it. */
    private void appendSum() {
        int run = tree[0];
        Batch page = pages[run];
        if (page == null) {
            isOver = true;
            return;
        }
        int row = rows[run];
        long sum = page.weight(row);
        held = page;
        pass();
        for (run = tree[0]; pages[run] != null && order.compare(page, row, pages[run], rows[run]) == 0; run = tree[0]) {
            sum += pages[run].weight(rows[run]);
            pass();
        }
        if (sum != 0) {
            append(page, row);
            output.weights().appendLong(sum);
        }
        held = null;
        if (heldEnded) {
            heldEnded = false;
            page.close();
        }
    }

    /** Goes on to the row after the next. */
    private void pass() {
        int run = tree[0];
        Batch page = pages[run];
        if (++rows[run] == page.rowCount()) {
            pages[run] = null;
            if (page == held) {
                heldEnded = true;
            } else {
                page.close();
            }
            pages[run] = readers[run].next(scratch);
            rows[run] = 0;
        }
        replay(run);
    }

    @Override
    public void close() {
        for (int i = 0; i < readers.length; i++) {
            HeldParts.close(readers[i]);
            HeldParts.close(pages[i]);
            pages[i] = null;
        }
        HeldParts.close(held);
        held = null;
        scratch.close();
        output.close();
    }
}
