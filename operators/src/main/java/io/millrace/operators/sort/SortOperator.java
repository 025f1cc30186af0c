package io.millrace.operators.sort;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.types.Layout;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.Output;
import io.millrace.state.RowBag;
import io.millrace.state.tier.RowScan;
import io.millrace.state.tier.RowTier;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps its whole input and puts it in order at the end; with a limit it keeps only what can still be among the first,
 * pruned whenever it holds several times that, in rows or in bytes. Of rows that come and go it keeps the sum of each
 * row's weights, added up whenever it holds twice as many as the last time. When memory is short it gives rows to its
 * tier a piece at a time, the oldest first, and at the end all of them, to read them merged. Batches of few rows, and
 * those that hold what others do too, are copied together, so that none pins a buffer many times its size.
 */
final class SortOperator implements Operator {
    private static final int MIN_PRUNE_ROWS = 65_536;
    private static final long MIN_PRUNE_BYTES = 16L << 20;

    /** Rows copied together are a batch when they are of about so many bytes, however few. */
    private static final long MAX_PENDING_BYTES = 1 << 20;

    /** What putting a row in order takes, beside the row. */
    private static final int SORTED_ROW_BYTES = 32;

    private final SortSpec spec;
    private final OperatorContext context;
    private final boolean changes;
    private final long wanted;
    private final RowComparator comparator;
    private final BatchBuilder pending;
    private final RowBag bag;
    private final List<Batch> batches;

    /** Null where rows can only be in memory. */
    private final RowTier tier;

    private final WantedRows output;
    private long heldRows;
    private long heldBytes;
    private long rowsAfterPruning;
    private long bytesAfterPruning;
    private boolean behind;

    /** What is emitted at the end: from memory, or else from the tier. */
    private HeldRows inMemory;

    private RowScan scan;

    SortOperator(SortSpec spec, OperatorContext context) {
        this.spec = spec;
        this.context = context;
        this.changes = spec.inputKind() != ChangelogKind.APPEND;
        this.wanted = spec.limit() < 0 ? Long.MAX_VALUE : saturated(spec.offset(), spec.limit());
        this.comparator = new RowComparator(spec.outputSchema(), spec.keys());
        this.pending =
                new BatchBuilder(
                        context.allocator(), MemoryTag.STATE, spec.outputSchema(), context.batchRows(), changes);
        this.output = new WantedRows(spec, context);
        this.bag = context.state().rows("rows", spec.outputSchema());
        this.batches = bag.batches();
        try {
            this.tier = context.state().rowTier("rows", spec.outputSchema(), changes, comparator, wanted);
        } catch (RuntimeException failure) {
            bag.close();
            throw failure;
        }
        for (Batch batch : batches) {
            heldRows += batch.activeCount();
            heldBytes += batch.heldBytes();
        }
    }

    private static long saturated(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    @Override
    public void process(int input, Batch batch, Output out) {
        heldRows += batch.activeCount();
        if (2L * batch.activeCount() >= Math.max(batch.rowCount(), context.batchRows()) && isCompact(batch)) {
            hold(batch);
        } else {
            try (batch) {
                copy(batch);
            }
        }
        if (tier != null && isShort()) {
            while (isShort()) {
                givePiece();
            }
        } else {
            pruneIfWorthwhile();
        }
        behind = isBehind();
    }

    /** Whether it holds about as much as its rows take, and nothing large that it shares with others. */
    private static boolean isCompact(Batch batch) {
        for (int i = 0; i < batch.columnCount(); i++) {
            Column column = batch.column(i);
            Layout layout = column.type().layout();
            if (column.encoding() != Encoding.FLAT || layout == Layout.STRUCT || layout == Layout.LIST) {
                return false;
            }
            if (layout == Layout.VIEW) {
                long bytes = (long) layout.widthBytes() * batch.rowCount();
                for (int row = 0; row < batch.rowCount(); row++) {
                    bytes += column.isNull(row) ? 0 : column.getBytesLength(row);
                }
                if (column.heldBytes() > 2 * bytes) {
                    return false;
                }
            }
        }
        return true;
    }

    private void hold(Batch batch) {
        bag.add(batch);
        heldBytes += batch.heldBytes();
    }

    private void copy(Batch batch) {
        int count = batch.activeCount();
        for (int from = 0; from < count; ) {
            int rows = Math.min(count - from, context.batchRows() - pending.rowCount());
            pending.appendRows(batch, from, rows);
            from += rows;
            if (pending.rowCount() >= context.batchRows() || pending.usedBytes() >= MAX_PENDING_BYTES) {
                hold(pending.build());
            }
        }
    }

    private boolean isShort() {
        return !batches.isEmpty() && tier.wants(heldBytes, tier.pieceBytes() / 2);
    }

    private boolean isBehind() {
        return tier != null && tier.isBehind(tier.pieceBytes() / 2);
    }

    /** Gives the oldest batches away: so many that with what it takes to put them in order they are a piece. */
    private void givePiece() {
        int count = 0;
        long bytes = 0;
        long rows = 0;
        while (count < batches.size() && bytes + SORTED_ROW_BYTES * rows < tier.pieceBytes()) {
            Batch batch = batches.get(count++);
            bytes += batch.heldBytes();
            rows += batch.activeCount();
        }
        HeldRows piece = rowsOf(bag.take(count), MemoryTag.BATCH, true);
        heldBytes -= bytes;
        heldRows -= rows;
        rowsAfterPruning = Math.min(rowsAfterPruning, heldRows);
        bytesAfterPruning = Math.min(bytesAfterPruning, heldBytes);
        tier.take(piece);
    }

    private HeldRows rowsOf(List<Batch> of, MemoryTag tag, boolean owned) {
        return new HeldRows(context.allocator(), tag, spec.outputSchema(), changes, comparator, of, owned);
    }

    private void pruneIfWorthwhile() {
        boolean many = heldBytes > Math.max(MIN_PRUNE_BYTES, 2 * bytesAfterPruning);
        boolean worthwhile =
                changes
                        ? many || heldRows > Math.max(MIN_PRUNE_ROWS, 2 * rowsAfterPruning)
                        : heldRows > wanted && (many || heldRows > MIN_PRUNE_ROWS && heldRows / 4 > wanted);
        if (!worthwhile) {
            return;
        }
        if (tier == null || !isShortToPrune()) {
            prune();
            return;
        }
        while (isShortToPrune()) {
            givePiece();
        }
    }

    /** Whether there is no room for what pruning takes: those that are kept lie there twice for a moment. */
    private boolean isShortToPrune() {
        double kept = changes ? 1 : Math.min(1, (double) wanted / Math.max(1, heldRows));
        long growthBytes = (long) (kept * heldBytes) + SORTED_ROW_BYTES * heldRows;
        return !batches.isEmpty() && tier.wants(heldBytes, growthBytes / 2);
    }

    /**
     * Keeps the first rows as far as they are wanted; of rows that come and go each once, with the sum of its weights,
     * which may be negative for now.
     */
    private void prune() {
        holdPending();
        List<Batch> kept = new ArrayList<>();
        long rows = 0;
        long limit = changes ? Long.MAX_VALUE : wanted;
        try (HeldRows sorted = rowsOf(batches, MemoryTag.STATE, false)) {
            while (rows < limit) {
                Batch next = sorted.next((int) Math.min(context.batchRows(), limit - rows), () -> false);
                if (next == null) {
                    break;
                }
                kept.add(next);
                rows += next.rowCount();
            }
        } catch (RuntimeException failure) {
            kept.forEach(Batch::close);
            throw failure;
        }
        bag.replace(kept);
        heldBytes = 0;
        for (Batch batch : kept) {
            heldBytes += batch.heldBytes();
        }
        heldRows = rows;
        rowsAfterPruning = heldRows;
        bytesAfterPruning = heldBytes;
    }

    private void holdPending() {
        if (pending.rowCount() > 0) {
            hold(pending.build());
        }
    }

    @Override
    public void endEpoch(EpochMarker marker, Output out) {
        if (marker.isBarrier()) {
            holdPending();
        }
    }

    @Override
    public void advance(long watermarkMicros, Output out) {
        if (watermarkMicros != END_OF_INPUT) {
            return;
        }
        holdPending();
        boolean fits = heldRows <= HeldRows.MAX_ROWS;
        if (tier == null || fits && tier.isEmpty() && !tier.wants(heldBytes, SORTED_ROW_BYTES * heldRows)) {
            inMemory = rowsOf(batches, MemoryTag.BATCH, false);
        } else {
            while (!batches.isEmpty()) {
                givePiece();
            }
            scan = tier.scan(context.batchRows());
        }
        resume(out);
    }

    @Override
    public boolean hasPending() {
        return inMemory != null || scan != null || behind;
    }

    @Override
    public boolean resume(Output out) {
        behind = behind && isBehind();
        boolean progressed = false;
        while ((inMemory != null || scan != null) && !out.isFull()) {
            Batch batch = output.next();
            if (batch != null) {
                out.emit(batch);
            } else if (output.isOver() || isExhausted()) {
                endEmission();
            } else if (!giveNext()) {
                return progressed || scan == null;
            }
            progressed = true;
        }
        return progressed;
    }

    private boolean isExhausted() {
        return inMemory != null ? inMemory.isExhausted() : scan.isDone();
    }

    /** Has the next rows of those kept be emitted; whether there were any to be had without waiting. */
    private boolean giveNext() {
        if (inMemory != null && !inMemory.sort()) {
            return false;
        }
        Batch next = inMemory != null ? inMemory.next(context.batchRows(), () -> false) : scan.poll();
        if (next == null) {
            return false;
        }
        output.give(next);
        return true;
    }

    private void endEmission() {
        if (inMemory != null) {
            inMemory.close();
            inMemory = null;
        }
        if (scan != null) {
            scan.close();
            scan = null;
        }
    }

    @Override
    public void close() {
        endEmission();
        bag.close();
        pending.close();
        output.close();
    }
}
