package io.millrace.state;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.Schema;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.table.BatchRecords;
import io.millrace.state.table.StateOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;

/** Batches of which each is written once: a section a batch. */
final class BagPart implements StatePart, RowBag {
    private static final int FIRST_BYTES = 64 << 10;

    /** A batch, and where it is written; null while it is not. */
    private static final class Held {
        final Batch batch;
        Section section;

        Held(Batch batch, Section section) {
            this.batch = batch;
            this.section = section;
        }
    }

    /** A batch to be written, shared, and its place in a snapshot's list. */
    private record Unwritten(Held held, Batch shared, List<Section> sections, int index) {}

    private final KeptState state;
    private final Allocator allocator;
    private final String name;
    private final Schema schema;
    private final List<Held> held = new ArrayList<>();
    private final List<Batch> batches = new ArrayList<>();
    private final Queue<Unwritten> toCopy = new ArrayDeque<>();
    private Snapshot snapshot;
    private boolean closed;

    BagPart(KeptState state, Allocator allocator, String name, Schema schema) {
        this.state = state;
        this.allocator = allocator;
        this.name = name;
        this.schema = schema;
    }

    static String layout(Schema schema) {
        return schema.fields().stream().map(field -> field.type().toString()).reduce((a, b) -> a + "," + b).orElse("");
    }

    Schema schema() {
        return schema;
    }

    /** Takes a batch that lies in a section, which is null when later checkpoints cannot refer to it. */
    void restored(Batch batch, Section section) {
        held.add(new Held(batch, section));
        batches.add(batch);
    }

    @Override
    public void add(Batch batch) {
        restored(batch, null);
    }

    @Override
    public List<Batch> batches() {
        return Collections.unmodifiableList(batches);
    }

    @Override
    public List<Batch> take(int count) {
        List<Batch> first = batches.subList(0, count);
        List<Batch> taken = List.copyOf(first);
        first.clear();
        held.subList(0, count).clear();
        return taken;
    }

    @Override
    public void replace(List<Batch> newBatches) {
        batches.forEach(Batch::close);
        batches.clear();
        held.clear();
        newBatches.forEach(this::add);
    }

    @Override
    public void begin(Snapshot newSnapshot, boolean whole) {
        snapshot = newSnapshot;
        long rows = 0;
        List<Section> all = new ArrayList<>(held.size());
        for (Held each : held) {
            rows += each.batch.activeCount();
            each.section = whole ? null : each.section;
            if (each.section == null) {
                toCopy.add(new Unwritten(each, each.batch.share(), all, all.size()));
            }
            all.add(each.section);
        }
        newSnapshot.states.add(
                new SectionList(name, StateEntry.Kind.ROWS, layout(schema), null, all, rows, state.runsOf(name, null)));
    }

    @Override
    public long copy(long maxBytes) {
        long done = 0;
        while (done < maxBytes && !toCopy.isEmpty()) {
            Unwritten next = toCopy.remove();
            StateOutput output = null;
            try (Batch batch = next.shared) {
                output = new StateOutput(allocator, FIRST_BYTES);
                BatchRecords.write(allocator, batch, output);
                Section section = new Section(output.sizeBytes(), batch.activeCount());
                next.sections.set(next.index, section);
                next.held.section = section;
                done += section.lengthBytes;
                state.write(snapshot, section, output);
                output = null;
            } finally {
                if (output != null) {
                    output.close();
                }
            }
        }
        if (toCopy.isEmpty()) {
            snapshot = null;
        }
        return done;
    }

    @Override
    public boolean isCopying() {
        return snapshot != null;
    }

    @Override
    public long heldBytes() {
        long bytes = 0;
        for (Batch batch : batches) {
            bytes += batch.heldBytes();
        }
        return bytes;
    }

    @Override
    public void free() {
        toCopy.forEach(unwritten -> unwritten.shared.close());
        toCopy.clear();
        snapshot = null;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            batches.forEach(Batch::close);
            batches.clear();
            held.clear();
            state.forget(this);
        }
    }
}
