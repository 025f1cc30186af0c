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
import io.millrace.state.tier.TableTier;
import io.millrace.state.tier.TierScan;
import java.util.List;

/**
 * The groups of an operator or of one of its panes: those in memory, and beneath them, when they outgrow it, those of
 * which parts were given to a tier. Rows are added to the groups in memory and nothing is read; what lies beneath is
 * merged when results are wanted. One thread, which never blocks.
 */
public final class Groups implements AutoCloseable {
    private final Allocator allocator;
    private final GroupSpec spec;
    private final OperatorState state;
    private final Long pane;
    private final TableTier tier;
    private GroupTable memory;
    private boolean emitting;
    private boolean live;

    /** Whether changes may be emitted before the epoch's end, so that none need be given away. */
    private boolean early;

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

    /**
     * Says whether changes are emitted at the end of each epoch: then groups are rather given away after that.
     *
     * @param emitsEarly whether they are emitted before that when they {@linkplain #mustEmit must} be
     */
    public void live(boolean isLive, boolean emitsEarly) {
        live = isLive;
        early = isLive && emitsEarly;
    }

    private boolean isWanted() {
        return tier != null && !emitting && tier.wants(memory.heldBytes(), memory.table().growthBytes());
    }

    private void giveAwayIfWanted() {
        if (!isWanted()) {
            return;
        }
        boolean changed = live && memory.hasChanges();
        boolean soonBetter = memory.table().isCopying() || changed;
        if (!soonBetter || tier.isUrgent(memory.table().growthBytes()) && !(changed && early)) {
            giveAway();
        }
    }

    /** Whether changes had better be emitted now, as memory is short. Groups with changes are costly to give away. */
    public boolean mustEmit() {
        return early && memory.hasChanges() && isWanted() && tier.isUrgent(memory.table().growthBytes());
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
        if (!tier.isChanged()) {
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

        /** Null when all groups are whole. */
        private PartsLookup parts;

        private boolean done;

        ChangesInMemory(boolean overOthers) {
            this.overOthers = overOthers;
            this.parts = overOthers ? new PartsLookup(allocator, memory, tier) : null;
        }

        @Override
        public Progress append(int max, BatchBuilder output) {
            if (parts != null) {
                Progress progress = parts.step();
                if (progress != Progress.DONE) {
                    return progress;
                }
                endParts();
            }
            done = !memory.hasChanges() || !memory.appendChanges(max, output, overOthers);
            return done ? Progress.DONE : Progress.MORE;
        }

        private void endParts() {
            if (parts != null) {
                parts.close();
                parts = null;
            }
        }

        @Override
        public void close() {
            emitting = false;
            endParts();
            if (done) {
                giveAwayIfWanted();
            }
        }
    }
}
