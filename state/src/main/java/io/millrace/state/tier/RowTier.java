package io.millrace.state.tier;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.fault.KillPoint;
import io.millrace.memory.types.Schema;
import io.millrace.state.checkpoint.StateFiles;
import java.util.ArrayList;
import java.util.List;

/**
 * What is not in memory of rows that are kept to be put in order. The operator gives pieces of them away, and gets all
 * of them back, merged, by a {@link RowScan}. Each piece is a run, in order; runs of one size are merged when they are
 * many, so that the last merge reads few (as in an external merge sort, and the size-tiered compaction of
 * log-structured merge trees). The methods are the worker's and never block; what failed on an I/O thread is thrown by
 * the next of them.
 */
public final class RowTier implements Tier {
    /** So many runs of about one size are merged to one. */
    static final int MERGED_RUNS = 128;

    /** Runs whose size differs by less than so many bits are of about one size. */
    private static final int BITS_A_LEVEL = 5;

    /** What is left of a merge is done while so many more pieces are written, at the latest. */
    private static final int PIECES_A_MERGE = 16;

    private final TaskTiers task;
    private final StateTier tier;
    private final Allocator allocator;
    private final String name;
    private final Schema schema;
    private final boolean weighted;
    private final RowOrder order;
    private final long limit;
    private final HeldParts held = new HeldParts();

    private final RunList runs = new RunList();
    private volatile boolean dropped;

    // Of the I/O thread that runs.
    private final List<TierRun> written = new ArrayList<>();
    private Merge merge;
    private boolean freed;

    RowTier(TaskTiers task, String name, Schema schema, boolean weighted, RowOrder order, long limit) {
        this.task = task;
        this.tier = task.tier();
        this.allocator = task.allocator();
        this.name = name;
        this.schema = schema;
        this.weighted = weighted;
        this.order = order;
        this.limit = weighted ? Long.MAX_VALUE : limit;
        tier.began();
    }

    /** Whether a piece of the rows had better be given away, as memory is short and they hold a good part. */
    public boolean wants(long heldBytes, long growthBytes) {
        task.queue().check();
        return tier.wants(heldBytes, growthBytes);
    }

    /** Whether the operator must wait before it takes more rows, which may take so many bytes. */
    public boolean isBehind(long growthBytes) {
        task.queue().check();
        return tier.isBehind(growthBytes);
    }

    /** How many bytes of rows had better be given away at a time. */
    public long pieceBytes() {
        return tier.pieceBytes();
    }

    /** Whether all rows are in memory. */
    public boolean isEmpty() {
        return runs().isEmpty();
    }

    @Override
    public boolean isDropped() {
        return dropped;
    }

    @Override
    public List<TierRun> runs() {
        return runs.all();
    }

    @Override
    public List<TierRun> retainedRuns() {
        return runs.retained();
    }

    private TierRun newRun(long rows) {
        return new TierRun(task.newNumber(), rows, false, tier.newFile(".rows"));
    }

    /** Takes rows, and closes them when they are written. */
    public void take(SortedRows rows) {
        try {
            task.queue().check();
        } catch (RuntimeException failure) {
            rows.close();
            throw failure;
        }
        if (rows.rowCount() == 0) {
            rows.close();
            return;
        }
        TierRun run = newRun(rows.rowCount());
        runs.add(run);
        Leaving<SortedRows> leaving = new Leaving<>(tier, rows, rows.heldBytes());
        held.add(leaving);
        task.queue().submit(() -> write(run, leaving));
    }

    private void write(TierRun run, Leaving<SortedRows> leaving) {
        tier.makeDirectory();
        mergeWhatIsDue();
        KillPoint.reach("tier.run.write");
        int pageRows = RowRunWriter.pageRows(run.rows(), leaving.bytes);
        try (RowRunWriter writer = new RowRunWriter(run, allocator)) {
            for (long left = limit; left > 0; ) {
                Batch page = leaving.part.next((int) Math.min(pageRows, left), task.queue()::isClosed);
                if (page == null) {
                    break;
                }
                try (page) {
                    left -= page.rowCount();
                    writer.append(page);
                }
                checkNotClosed();
            }
            writer.finish();
        }
        KillPoint.reach("tier.run.written");
        held.letGo(leaving);
        tier.statistics().wrote(run.rows(), run.lengthBytes());
        written.add(run);
        tier.statistics().runsOf(written.size());
        beginMerge();
    }

    private void checkNotClosed() {
        if (task.queue().isClosed()) {
            throw new MillraceException(ErrorCode.CANCELLED, name + ": its task has ended");
        }
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Merging
    // -----------------------------------------------------------------------------------------------------------------

    /** Some runs on their way to be one. */
    private final class Merge implements AutoCloseable {
        final List<TierRun> from;
        final TierRun run;
        final int pageRows;

        /** To be done for each piece that is given away. */
        final long rowsAPiece;

        private long left = limit;
        private RowMerge rows;
        private RowRunWriter writer;
        private boolean finished;

        Merge(List<TierRun> from) {
            this.from = from;
            long count = from.stream().mapToLong(TierRun::rows).sum();
            this.run = newRun(count);
            this.rowsAPiece = count / PIECES_A_MERGE;
            this.pageRows = RowRunWriter.pageRows(count, from.stream().mapToLong(TierRun::lengthBytes).sum());
            try {
                rows = new RowMerge(from, schema, order, allocator, weighted, pageRows);
                writer = new RowRunWriter(run, allocator);
            } catch (RuntimeException failure) {
                close();
                throw failure;
            }
        }

        /** Writes a page; returns its rows, and 0 when there was none and all is written. */
        int step() {
            int rowCount = (int) Math.min(left, pageRows);
            long bytes = 2L * RowRunWriter.PAGE_BYTES;
            try (Batch page = left == 0 ? null : rows.next(rowCount, bytes, task.queue()::isClosed)) {
                if (page == null) {
                    writer.finish();
                    finished = true;
                    return 0;
                }
                writer.append(page);
                left -= page.rowCount();
                return page.rowCount();
            }
        }

        @Override
        public void close() {
            HeldParts.close(rows);
            HeldParts.close(writer);
            if (!finished) {
                run.release();
            }
        }
    }

    private void beginMerge() {
        int first = merge != null || dropped ? -1 : firstToMerge();
        if (first < 0) {
            return;
        }
        Merge begun = new Merge(List.copyOf(written.subList(first, written.size())));
        merge = begun;
        held.add(begun);
        task.queue().submitBackground(() -> merge(begun, 1));
    }

    /** The run from which on all are of about one size, or smaller, and many; -1 for none. */
    private int firstToMerge() {
        int first = written.size();
        while (first > 0) {
            int level = level(written.get(first - 1));
            int sameSize = 0;
            while (first > 0 && level(written.get(first - 1)) <= level) {
                first--;
                sameSize++;
            }
            if (sameSize >= MERGED_RUNS) {
                return first;
            }
        }
        return -1;
    }

    private static int level(TierRun run) {
        return (Long.SIZE - Long.numberOfLeadingZeros(run.rows())) / BITS_A_LEVEL;
    }

    /** Before a piece is written: some of the merge that runs, which else could wait for ever. */
    private void mergeWhatIsDue() {
        if (merge != null) {
            merge(merge, merge.rowsAPiece);
        }
    }

    /** Goes on for about so many rows; whether there is more to do. */
    private boolean merge(Merge of, long rows) {
        for (long done = 0; done < rows; ) {
            if (merge != of) {
                return false;
            }
            checkNotClosed();
            KillPoint.reach("tier.fold.piece");
            int count = of.step();
            if (count == 0) {
                replace(of);
                return false;
            }
            done += count;
        }
        return true;
    }

    private void replace(Merge of) {
        KillPoint.reach("tier.fold.replace");
        merge = null;
        held.letGo(of);
        tier.statistics().folded(of.run.lengthBytes());
        int first = written.indexOf(of.from.getFirst());
        written.subList(first, first + of.from.size()).clear();
        written.add(first, of.run);
        runs.replace(first, of.from.size(), of.run);
        of.from.forEach(TierRun::release);
        KillPoint.reach("tier.fold.replaced");
        beginMerge();
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Reading
    // -----------------------------------------------------------------------------------------------------------------

    /**
     * Begins to read all rows in order; whatever was in memory was given away before, and nothing is from now on.
     *
     * @param batchRows how many rows a batch is to have
     */
    public RowScan scan(int batchRows) {
        return new RowScan(task.queue(), this, batchRows);
    }

    HeldParts held() {
        return held;
    }

    /** On an I/O thread: all there is, to be read now; null when there is nothing. */
    RowMerge beginScan(int batchRows) {
        if (merge != null) {
            Merge ended = merge;
            merge = null;
            held.letGo(ended);
        }
        return written.isEmpty()
                ? null
                : new RowMerge(List.copyOf(written), schema, order, allocator, weighted, batchRows);
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Coming and going
    // -----------------------------------------------------------------------------------------------------------------

    /** Goes on with runs of a checkpoint. Blocks. */
    public void restore(List<RestoredRun> restored, StateFiles files) {
        tier.makeDirectory();
        List<RunFiles.Check> unchecked = new ArrayList<>();
        for (RestoredRun one : restored) {
            TierRun run = newRun(one.rows());
            written.add(run);
            runs.add(run);
            if (!RunFiles.takeBack(one.file(), files, run, true)) {
                unchecked.add(task.newCheck(one.file(), files));
            }
        }
        unchecked.forEach(task::begin);
    }

    @Override
    public void free() {
        if (freed) {
            return;
        }
        freed = true;
        dropped = true;
        tier.ended();
        merge = null;
        held.letAllGo();
        runs().forEach(TierRun::release);
    }
}
