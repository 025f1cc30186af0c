package io.millrace.state;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.Schema;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.table.KeyedTable;
import io.millrace.state.table.KeyedTables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Tables in memory and nothing else. */
record UnkeptState(Allocator allocator) implements TaskState {
    @Override
    public KeyedTable table(TableSpec spec) {
        return KeyedTables.create(allocator, spec.keyColumns(), spec.keyTypes(), spec.valueBytes(), spec.stable());
    }

    @Override
    public KeyedTable pane(TableSpec spec, long pane) {
        return table(spec);
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
    public void close() {}

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
