package io.millrace.state;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.Schema;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.KeyedTables;
import io.millrace.state.tier.RowOrder;
import io.millrace.state.tier.RowTier;
import io.millrace.state.tier.TableTier;
import io.millrace.state.tier.TaskTiers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** State that no checkpoint keeps. {@code tiers} is null when tables may not outgrow memory. */
record UnkeptState(Allocator allocator, TaskTiers tiers) implements TaskState {
    @Override
    public KeptTable table(TableSpec spec) {
        return KeyedTables.create(allocator, spec.keyColumns(), spec.keyTypes(), spec.valueBytes(), spec.stable());
    }

    @Override
    public KeptTable pane(TableSpec spec, long pane) {
        return table(spec);
    }

    @Override
    public TableTier tier(TableSpec spec, Long pane, boolean lookedUp, Supplier<CodedTable> twins) {
        return tiers == null ? null : tiers.table(spec.name(), twins, lookedUp);
    }

    @Override
    public List<Long> restoredPanes(String name) {
        return List.of();
    }

    @Override
    public RowBag rows(String name, Schema schema) {
        return new Bag(new ArrayList<>());
    }

    @Override
    public RowTier rowTier(String name, Schema schema, boolean weighted, RowOrder order, long limit) {
        return tiers == null ? null : tiers.rows(name, schema, weighted, order, limit);
    }

    @Override
    public void register(String name, Supplier<byte[]> value) {}

    @Override
    public List<byte[]> restored(String name) {
        return List.of();
    }

    @Override
    public boolean isRestored() {
        return false;
    }

    @Override
    public CompletableFuture<List<StateEntry>> begin(long checkpoint) {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public List<StateEntry> values() {
        return List.of();
    }

    @Override
    public boolean isCopying() {
        return false;
    }

    @Override
    public boolean copy(int maxBytes) {
        return false;
    }

    @Override
    public long heldBytes() {
        return 0;
    }

    @Override
    public boolean stop() {
        return tiers == null || tiers.stop();
    }

    @Override
    public void close() {
        if (tiers != null) {
            tiers.close();
        }
    }

    private record Bag(List<Batch> held) implements RowBag {
        @Override
        public void add(Batch batch) {
            held.add(batch);
        }

        @Override
        public List<Batch> batches() {
            return Collections.unmodifiableList(held);
        }

        @Override
        public List<Batch> take(int count) {
            List<Batch> first = held.subList(0, count);
            List<Batch> taken = List.copyOf(first);
            first.clear();
            return taken;
        }

        @Override
        public void replace(List<Batch> batches) {
            held.forEach(Batch::close);
            held.clear();
            held.addAll(batches);
        }

        @Override
        public void close() {
            held.forEach(Batch::close);
            held.clear();
        }
    }
}
