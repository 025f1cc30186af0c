package io.millrace.state.tier;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.batch.RowGather;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import io.millrace.state.table.StateOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

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

    /** The prefix of that row. */
    private final long[] prefixes;

    private final StateOutput scratch;
    private final BatchBuilder output;
    private final RowGather gather;

    /** Pages that were read to the end, but not copied from. */
    private final List<Batch> passed = new ArrayList<>();

    private long passedBytes;
    private boolean isOver;

    /**
     * At the first row of runs that are written, at least one.
     *
     * @param batchRows how many rows a batch has at the most
     */
    RowMerge(List<TierRun> runs, Schema schema, RowOrder order, Allocator allocator, boolean weighted, int batchRows) {
        int count = runs.size();
        this.order = order;
        this.readers = new RowRunReader[count];
        this.pages = new Batch[count];
        this.rows = new int[count];
        this.tree = new int[count];
        this.scratch = new StateOutput(allocator, RowRunWriter.PAGE_BYTES);
        this.output = new BatchBuilder(allocator, MemoryTag.BATCH, schema, batchRows, weighted);
        this.gather = new RowGather(batchRows);
        this.prefixes = new long[count];
        try {
            for (int i = 0; i < count; i++) {
                readers[i] = new RowRunReader(runs.get(i), schema, allocator, scratch);
                turnPage(i);
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
        if (prefixes[a] != prefixes[b]) {
            return prefixes[a] < prefixes[b];
        }
        int compared = order.compare(pages[a], rows[a], pages[b], rows[b]);
        return compared < 0 || compared == 0 && a < b;
    }

    /**
     * The next rows, at most so many; fewer when they are of more than about so many bytes; null when there are no
     * more.
     *
     * @param isEnded asked now and then; once it is true the call fails with CANCELLED
     */
    Batch next(int maxRows, long maxBytes, BooleanSupplier isEnded) {
        int limit = Math.min(maxRows, gather.capacityRows());
        // Rows that cancel out may fill any number of pages: nothing to be had of some is not the end.
        do {
            if (isEnded.getAsBoolean()) {
                throw new MillraceException(ErrorCode.CANCELLED, "rows are not merged to the end");
            }
            gatherRows(limit, maxBytes);
            gather.appendTo(output);
            closePassed();
        } while (output.rowCount() == 0 && !isOver);
        return output.rowCount() == 0 ? null : output.build();
    }

    private void gatherRows(int limit, long maxBytes) {
        // What is appended comes from pages that were passed, and those that are not, each of a bounded size.
        while (!isOver && gather.rowCount() < limit && passedBytes < maxBytes) {
            int run = tree[0];
            Batch page = pages[run];
            if (page == null) {
                isOver = true;
            } else if (output.isWeighted()) {
                addSum(page, rows[run], prefixes[run]);
            } else {
                gather.add(page, rows[run]);
                pass();
            }
        }
    }

    /** Takes a row and all that are equal to it. */
    private void addSum(Batch page, int row, long prefix) {
        long sum = page.weight(row);
        pass();
        for (int run = tree[0];
                pages[run] != null && prefixes[run] == prefix && order.compare(page, row, pages[run], rows[run]) == 0;
                run = tree[0]) {
            sum += pages[run].weight(rows[run]);
            pass();
        }
        if (sum != 0) {
            gather.add(page, row);
            output.weights().appendLong(sum);
        }
    }

    /** Goes on to the row after the next. */
    private void pass() {
        int run = tree[0];
        Batch page = pages[run];
        if (++rows[run] == page.rowCount()) {
            passed.add(page);
            passedBytes += page.heldBytes();
            pages[run] = null;
            turnPage(run);
        } else {
            prefixes[run] = order.prefix(page, rows[run]);
        }
        replay(run);
    }

    private void turnPage(int run) {
        Batch page = readers[run].next(scratch);
        pages[run] = page;
        rows[run] = 0;
        prefixes[run] = page == null ? 0 : order.prefix(page, 0);
    }

    private void closePassed() {
        passed.forEach(Batch::close);
        passed.clear();
        passedBytes = 0;
    }

    @Override
    public void close() {
        for (int i = 0; i < readers.length; i++) {
            HeldParts.close(readers[i]);
            HeldParts.close(pages[i]);
            pages[i] = null;
        }
        closePassed();
        scratch.close();
        output.close();
    }
}
