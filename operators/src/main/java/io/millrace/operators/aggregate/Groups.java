package io.millrace.operators.aggregate;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.OperatorState;
import io.millrace.state.TableSpec;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.KeyedTables;
import io.millrace.state.table.RowList;
import io.millrace.state.tier.TableTier;
import io.millrace.state.tier.TierLookup;
import io.millrace.state.tier.TierScan;
import java.util.List;

/**
 * The groups of an operator or of one of its panes: those in memory, and beneath them, when they outgrow it, those of
 * which parts were given to a tier. Rows are added to the groups in memory and nothing is read; what lies beneath is
 * merged when results are wanted. One thread, which never blocks.
 */
public final class Groups implements AutoCloseable {
    /** Looking up a key takes about as long as reading this many in order. */
    private static final int ROWS_A_LOOKUP = 32;

    private static final int LOOKED_UP_AT_ONCE = 1 << 17;

    private final Allocator allocator;
    private final GroupSpec spec;
    private final OperatorState state;
    private final Long pane;
    private final TableTier tier;
    private GroupTable memory;
    private boolean emitting;
    private boolean live;

    /**
     * The groups of a state, with those that were restored.
     *
     * @param pane which of many; null for one
     */
    public Groups(Allocator allocator, GroupSpec spec, OperatorState state, Long pane) {
        this.allocator = allocator;
        this.spec = spec;
        this.state = state;
        this.pane = pane;
        this.memory = newTable();
        try {
            // The one group without keys is never too large.
            this.tier = spec.keys().isEmpty() ? null : state.tier(memory.tableSpec(), pane, spec.tracked(), this::twin);
        } catch (RuntimeException failure) {
            memory.close();
            throw failure;
        }
    }

    private GroupTable newTable() {
        return new GroupTable(allocator, spec, this::table);
    }

    private KeptTable table(TableSpec tableSpec) {
        return pane == null ? state.table(tableSpec) : state.pane(tableSpec, pane);
    }

    /** A table of the same groups that nobody keeps. */
    private GroupTable twin() {
        return new GroupTable(
                allocator,
                spec,
                table ->
                        KeyedTables.create(
                                allocator, table.keyColumns(), table.keyTypes(), table.valueBytes(), table.stable()));
    }

    /** Adds rows, as {@link GroupTable#update} does. */
    public void update(Batch batch, long selectionAddress, int count) {
        if (count == 0) {
            return;
        }
        try {
            memory.find(batch, selectionAddress, count);
        } catch (MillraceException failure) {
            if (failure.code() != ErrorCode.OUT_OF_MEMORY || tier == null || memory.size() == 0) {
                throw failure;
            }
            // Another took what this table would have grown into. What was made of the groups says nothing.
            giveAway();
            memory.find(batch, selectionAddress, count);
        }
        memory.addFound(batch, selectionAddress, count);
        giveAwayIfWanted();
    }

    /** Makes the group without keys exist. */
    public void ensureOnlyGroup() {
        memory.ensureOnlyGroup();
    }

    /** Says whether changes are emitted at the end of each epoch: then groups are rather given away after that. */
    public void live(boolean isLive) {
        live = isLive;
    }

    private void giveAwayIfWanted() {
        if (tier == null || emitting || !tier.wants(memory.heldBytes(), memory.table().growthBytes())) {
            return;
        }
        boolean soonBetter = memory.table().isCopying() || live && memory.hasChanges();
        if (!soonBetter || tier.isUrgent()) {
            giveAway();
        }
    }

    private void giveAway() {
        KeptTable table = memory.table();
        while (table.isCopying()) {
            table.copy(Long.MAX_VALUE);
        }
        GroupTable fresh = newTable();
        GroupTable leaving = memory;
        memory = fresh;
        tier.take(leaving, leaving.hasChanges());
    }

    /** Whether no more rows should be added until some of what was given away is written. */
    public boolean isBehind() {
        return tier != null && tier.isBehind(memory.table().growthBytes());
    }

    private boolean isAllInMemory() {
        return tier == null || tier.isEmpty();
    }

    /** Whether there may be changes to emit. */
    public boolean hasChanges() {
        return memory.hasChanges() || tier != null && tier.isChanged();
    }

    /** Begins to emit all groups; nothing is added until it is closed. */
    public Emission all() {
        emitting = true;
        if (isAllInMemory()) {
            return new FromMemory();
        }
        giveAway();
        return new FromTier(tier.scan(), false);
    }

    /** Begins to emit what changed; nothing is added until it is closed. */
    public Emission changes() {
        emitting = true;
        if (isAllInMemory()) {
            return new ChangesInMemory(false);
        }
        if (!tier.isChanged() && (long) memory.changeCount() * ROWS_A_LOOKUP < tier.rows()) {
            return new ChangesInMemory(true);
        }
        giveAway();
        return new FromTier(tier.rewrite(), true);
    }

    /** Begins to emit all groups of several panes of one operator, merged; nothing is added until it is closed. */
    public static Emission all(List<Groups> panes) {
        Groups first = panes.getFirst();
        if (panes.stream().allMatch(Groups::isAllInMemory)) {
            GroupTable merged = first.twin();
            try {
                panes.forEach(pane -> merged.merge(pane.memory));
            } catch (RuntimeException failure) {
                merged.close();
                throw failure;
            }
            return Emission.ofOwned(merged);
        }
        panes.forEach(Groups::giveAway);
        return first.new FromTier(TableTier.scan(panes.stream().map(pane -> pane.tier).toList()), false);
    }

    @Override
    public void close() {
        memory.close();
        if (tier != null) {
            tier.drop();
        }
    }

    /** All groups, which are in memory. */
    private final class FromMemory implements Emission {
        private long cursor;

        @Override
        public Progress append(int max, BatchBuilder output) {
            cursor = memory.appendAll(cursor, max, output);
            return cursor < 0 ? Progress.DONE : Progress.MORE;
        }

        @Override
        public void close() {
            emitting = false;
        }
    }

    /** All groups, or all that changed, read in order. */
    private final class FromTier implements Emission {
        private final TierScan scan;
        private final boolean changes;
        private GroupTable piece;
        private long cursor;

        FromTier(TierScan scan, boolean changes) {
            this.scan = scan;
            this.changes = changes;
        }

        @Override
        public Progress append(int max, BatchBuilder output) {
            if (piece == null) {
                piece = (GroupTable) scan.poll();
                cursor = 0;
                if (piece == null) {
                    return scan.isDone() ? Progress.DONE : Progress.WAITING;
                }
                if (changes) {
                    piece.findChanged();
                }
            }
            if (changes) {
                cursor = piece.hasChanges() && piece.appendChanges(max, output, true) ? 0 : -1;
            } else {
                cursor = piece.appendAll(cursor, max, output);
            }
            if (cursor < 0) {
                scan.giveBack(piece);
                piece = null;
            }
            return Progress.MORE;
        }

        @Override
        public void close() {
            emitting = false;
            scan.close();
        }
    }

    /** What changed and is in memory; parts of which there may be more are looked up first. */
    private final class ChangesInMemory implements Emission {
        private final boolean overOthers;
        private final RowList parts = new RowList(allocator, 64);
        private boolean complete;
        private int next;
        private TierLookup lookup;

        ChangesInMemory(boolean overOthers) {
            this.overOthers = overOthers;
            this.complete = !overOthers;
        }

        @Override
        public Progress append(int max, BatchBuilder output) {
            if (!complete && !lookUp()) {
                return Progress.WAITING;
            }
            return memory.hasChanges() && memory.appendChanges(max, output, overOthers) ? Progress.MORE : Progress.DONE;
        }

        /** Whether all that changed is whole. */
        private boolean lookUp() {
            while (true) {
                if (lookup != null) {
                    if (!lookup.isDone()) {
                        return false;
                    }
                    memory.absorb((GroupTable) lookup.found(), parts);
                    endLookup();
                }
                parts.clear();
                next = memory.listParts(next, LOOKED_UP_AT_ONCE, parts);
                if (parts.size() == 0) {
                    complete = true;
                    return true;
                }
                lookup = tier.lookup(memory, parts.address(), parts.size());
            }
        }

        private void endLookup() {
            if (lookup != null) {
                lookup.close();
                lookup = null;
            }
        }

        @Override
        public void close() {
            emitting = false;
            endLookup();
            parts.close();
            giveAwayIfWanted();
        }
    }
}
