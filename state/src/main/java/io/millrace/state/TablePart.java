package io.millrace.state;

import io.millrace.memory.buffer.Allocator;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.KeyedTables;
import io.millrace.state.table.RecordSink;
import io.millrace.state.table.RowJournal;
import io.millrace.state.table.StateOutput;
import io.millrace.state.tier.TierRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A keyed table and what checkpoints have of it: a whole copy, then what changed, until that is more than another whole
 * copy would be.
 */
final class TablePart implements StatePart, RecordSink {
    private static final long SMALL_BYTES = 4 << 10;
    private static final int MAX_CHANGES = 1_024;

    private final KeptState state;
    private final TableSpec spec;
    private final Long pane;
    private final RowJournal journal;
    private final KeptTable table;
    private List<Section> sections = new ArrayList<>();
    private int changes;
    private boolean wholeNext;
    private Snapshot snapshot;
    private boolean closed;

    TablePart(KeptState state, Allocator allocator, TableSpec spec, Long pane) {
        this.state = state;
        this.spec = spec;
        this.pane = pane;
        this.journal = new RowJournal(allocator, spec.codec(), spec.valueBytes(), this);
        this.table = KeyedTables.kept(allocator, spec.keyColumns(), spec.keyTypes(), spec.stable(), journal);
    }

    KeptTable table() {
        return table;
    }

    RowJournal journal() {
        return journal;
    }

    TableSpec spec() {
        return spec;
    }

    /** What a restored state must say of its layout. */
    static String layout(TableSpec spec) {
        return spec.keyTypes().stream()
                .map(type -> type.layout().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(",", "(", ") -> " + spec.codec().layout()));
    }

    /** Goes on from sections that hold just these rows. */
    void goOnFrom(List<Section> restored) {
        sections = new ArrayList<>(restored);
    }

    /** What was written before is not what the table holds. */
    void beginAnew() {
        wholeNext = true;
    }

    @Override
    public void begin(Snapshot newSnapshot, boolean whole) {
        boolean copyAll = whole || wholeNext || isWorthCopying();
        wholeNext = false;
        sections = copyAll ? new ArrayList<>() : new ArrayList<>(sections);
        changes = copyAll ? 0 : changes + 1;
        snapshot = newSnapshot;
        newSnapshot.states.add(list(state.runsOf(spec.name(), pane)));
        table.begin(copyAll);
    }

    private SectionList list(List<TierRun> runs) {
        return new SectionList(spec.name(), StateEntry.Kind.TABLE, layout(spec), pane, sections, table.size(), runs);
    }

    /** Whether what was written of the table takes more than twice the bytes that all its rows would. */
    private boolean isWorthCopying() {
        if (changes > MAX_CHANGES) {
            return true;
        }
        SectionList written = list(List.of());
        long bytes = written.lengthBytes();
        return bytes > SMALL_BYTES && bytes > 2 * table.size() * (bytes / Math.max(1, written.records()));
    }

    @Override
    public void sealed(StateOutput records, int count) {
        if (snapshot == null) {
            records.close();
            return;
        }
        Section section;
        try {
            section = new Section(records.sizeBytes(), count);
        } catch (RuntimeException failure) {
            records.close();
            throw failure;
        }
        sections.add(section);
        state.write(snapshot, section, records);
    }

    @Override
    public void copied() {
        snapshot = null;
    }

    @Override
    public boolean closed(KeptTable closing) {
        if (closed) {
            return false;
        }
        closed = true;
        boolean wanted = state.forget(this);
        if (!wanted || !table.isCopying()) {
            return false;
        }
        if (spec.codec().isSelfContained()) {
            return true;
        }
        // Its rows refer to memory that their operator is about to free.
        try {
            while (table.isCopying()) {
                table.copy(Long.MAX_VALUE);
            }
        } catch (RuntimeException failure) {
            state.fail(failure);
        }
        return false;
    }

    @Override
    public long copy(long maxBytes) {
        long done = table.copy(maxBytes);
        if (closed && !table.isCopying()) {
            table.free();
        }
        return done;
    }

    @Override
    public boolean isCopying() {
        return snapshot != null;
    }

    @Override
    public long heldBytes() {
        return table.heldBytes();
    }

    @Override
    public void free() {
        snapshot = null;
        if (closed) {
            table.free();
        }
    }
}
