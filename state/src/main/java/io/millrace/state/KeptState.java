package io.millrace.state;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.StateOutput;
import io.millrace.state.tier.RowOrder;
import io.millrace.state.tier.RowTier;
import io.millrace.state.tier.TableTier;
import io.millrace.state.tier.TaskTiers;
import io.millrace.state.tier.Tier;
import io.millrace.state.tier.TierRun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** State that checkpoints keep: tables by row, bags by batch, values whole. One thread, the task's. */
final class KeptState implements TaskState {
    private final StateSetting setting;
    private final RestoredState restored;
    private final SnapshotWriter writer;
    private final Map<String, Supplier<byte[]>> values = new LinkedHashMap<>();
    private final Set<StatePart> parts = new LinkedHashSet<>();
    private final Queue<StatePart> toCopy = new ArrayDeque<>();
    private final Set<String> filled = new HashSet<>();
    private final Map<String, Tier> tierOf = new HashMap<>();

    /** Null when tables may not outgrow memory. */
    private final TaskTiers tiers;

    private Snapshot snapshot;
    private boolean begun;
    private boolean closed;

    KeptState(StateSetting setting) {
        this.setting = setting;
        this.restored = new RestoredState(setting);
        this.writer = new SnapshotWriter(setting.files(), setting.io());
        this.tiers = setting.tier() == null ? null : new TaskTiers(setting.tier(), setting.allocator(), setting.io());
    }

    @Override
    public KeptTable table(TableSpec spec) {
        return open(spec, null);
    }

    @Override
    public KeptTable pane(TableSpec spec, long pane) {
        return open(spec, pane);
    }

    private KeptTable open(TableSpec spec, Long pane) {
        TablePart part = new TablePart(this, setting.allocator(), spec, pane);
        try {
            if (filled.add(RestoredState.id(spec.name(), pane)) && !begun) {
                restored.fill(part, pane);
            }
        } catch (RuntimeException failure) {
            part.table().free();
            throw failure;
        }
        parts.add(part);
        return part.table();
    }

    @Override
    public TableTier tier(TableSpec spec, Long pane, boolean lookedUp, Supplier<CodedTable> twins) {
        if (tiers == null) {
            return null;
        }
        String id = RestoredState.id(spec.name(), pane);
        TableTier tier = tiers.table(setting.name() + " " + id, twins, lookedUp);
        tierOf.put(id, tier);
        if (!begun) {
            restored.fill(tier, spec, pane);
        }
        return tier;
    }

    @Override
    public RowTier rowTier(String name, Schema schema, boolean weighted, RowOrder order, long limit) {
        if (tiers == null) {
            return null;
        }
        RowTier tier = tiers.rows(setting.name() + " " + name, schema, weighted, order, limit);
        tierOf.put(RestoredState.id(name, null), tier);
        if (!begun) {
            restored.fill(tier, name);
        }
        return tier;
    }

    /** What a table or some rows have that is not in memory, retained. */
    List<TierRun> runsOf(String name, Long pane) {
        Tier tier = tierOf.get(RestoredState.id(name, pane));
        return tier == null ? List.of() : tier.retainedRuns();
    }

    @Override
    public List<Long> restoredPanes(String name) {
        return restored.panes(name);
    }

    @Override
    public RowBag rows(String name, Schema schema) {
        BagPart part = new BagPart(this, setting.allocator(), name, schema);
        try {
            restored.fill(part, name);
        } catch (RuntimeException failure) {
            part.close();
            throw failure;
        }
        parts.add(part);
        return part;
    }

    @Override
    public void register(String name, Supplier<byte[]> value) {
        if (values.put(name, value) != null) {
            throw MillraceException.internal("two values of one name: " + name);
        }
    }

    @Override
    public List<byte[]> restored(String name) {
        return restored.values(name);
    }

    @Override
    public boolean isRestored() {
        return restored.isPresent();
    }

    @Override
    public CompletableFuture<List<StateEntry>> begin(long checkpoint) {
        if (isCopying()) {
            throw MillraceException.internal(
                    setting.name() + ": checkpoint " + checkpoint + " begins while another is copied");
        }
        if (!begun) {
            restored.checkAllTaken();
            begun = true;
        }
        if (tiers != null) {
            tiers.check();
            tierOf.values().removeIf(Tier::isDropped);
        }
        snapshot = new Snapshot(values());
        boolean whole = writer.takeBroken();
        for (StatePart part : parts) {
            toCopy.add(part);
            part.begin(snapshot, whole);
        }
        List<TierRun> runs = snapshot.states.stream().flatMap(state -> state.runs().stream()).toList();
        if (!runs.isEmpty()) {
            snapshot.runs = tiers.copy(runs, setting.files());
        }
        CompletableFuture<List<StateEntry>> result = snapshot.result;
        if (toCopy.isEmpty()) {
            end();
        }
        return result;
    }

    @Override
    public List<StateEntry> values() {
        List<StateEntry> entries = new ArrayList<>();
        values.forEach((name, value) -> entries.add(StateEntry.value(name, value.get())));
        return entries;
    }

    private void end() {
        writer.end(snapshot);
        snapshot = null;
    }

    @Override
    public boolean isCopying() {
        return snapshot != null;
    }

    @Override
    public boolean copy(int maxBytes) {
        long done = 0;
        boolean moved = false;
        while (snapshot != null && done < maxBytes && writer.hasRoom()) {
            moved = true;
            StatePart part = toCopy.element();
            if (part.isCopying()) {
                done += part.copy(maxBytes - done);
            }
            if (!part.isCopying()) {
                toCopy.remove();
                if (toCopy.isEmpty()) {
                    end();
                }
            }
        }
        return moved;
    }

    /** Takes a section of the snapshot that is being copied. */
    void write(Snapshot to, Section section, StateOutput bytes) {
        writer.add(to, section, bytes);
    }

    /** Fails what is being copied. */
    void fail(RuntimeException failure) {
        if (snapshot != null) {
            snapshot.result.completeExceptionally(failure);
        }
    }

    /** Leaves a part out of later snapshots; returns whether the one that is copied still wants it. */
    boolean forget(StatePart part) {
        parts.remove(part);
        return snapshot != null;
    }

    @Override
    public long heldBytes() {
        long bytes = 0;
        for (StatePart part : parts) {
            bytes += part.heldBytes();
        }
        return bytes;
    }

    @Override
    public boolean stop() {
        boolean isWritten = writer.stop();
        return (tiers == null || tiers.stop()) && isWritten;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Snapshot ended = snapshot;
        snapshot = null;
        toCopy.forEach(StatePart::free);
        toCopy.clear();
        writer.close();
        if (tiers != null) {
            tiers.close();
        }
        if (ended != null) {
            ended.result.completeExceptionally(
                    new MillraceException(ErrorCode.CANCELLED, setting.name() + " ended before its checkpoint"));
        }
    }
}
