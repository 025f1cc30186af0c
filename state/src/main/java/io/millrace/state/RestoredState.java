package io.millrace.state;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.hash.Hashing;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.checkpoint.StateFiles;
import io.millrace.state.checkpoint.TaskEntry;
import io.millrace.state.table.BatchRecords;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.KeyClip;
import io.millrace.state.table.KeyMove;
import io.millrace.state.table.RecordConversion;
import io.millrace.state.table.RecordReader;
import io.millrace.state.table.RowList;
import io.millrace.state.table.StateInput;
import io.millrace.state.tier.RestoredRun;
import io.millrace.state.tier.RowTier;
import io.millrace.state.tier.TableTier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What a checkpoint holds for one task, which may have had other tasks than there are now. With as many tasks as before
 * a task reads what its own predecessor wrote, and later checkpoints build upon it. Otherwise it reads what all wrote
 * whose key groups it now has some of, and keeps the rows of its own; rows without a key go to task 0. Blocks.
 */
final class RestoredState {
    private static final String RUNS = "runs of ";

    private final StateSetting setting;
    private final boolean sameTasks;
    private final List<TaskEntry> ofKeys;
    private final List<TaskEntry> ofNoKeys;
    private final Set<String> left = new LinkedHashSet<>();

    RestoredState(StateSetting setting) {
        this.setting = setting;
        List<TaskEntry> tasks = setting.restored();
        StateChange change = setting.change();
        boolean rehashed = change != null && !change.keepsKeys();
        this.sameTasks = change == null && tasks.size() == setting.taskCount();
        if (rehashed) {
            this.ofKeys = tasks;
            this.ofNoKeys = setting.taskIndex() == 0 ? tasks : List.of();
        } else if (sameTasks) {
            this.ofKeys = tasks.subList(setting.taskIndex(), setting.taskIndex() + 1);
            this.ofNoKeys = ofKeys;
        } else {
            this.ofKeys = tasks.stream().filter(task -> overlaps(task.index())).toList();
            this.ofNoKeys = setting.taskIndex() == 0 ? tasks : List.of();
        }
        for (TaskEntry task : ofKeys) {
            for (StateEntry entry : task.states()) {
                if (entry.kind() != StateEntry.Kind.VALUE && entry.rows() != 0) {
                    String id = id(entry.name(), SectionList.of(entry).pane());
                    left.add(id);
                    if (!SectionList.runsOf(entry).isEmpty()) {
                        left.add(RUNS + id);
                    }
                }
            }
        }
    }

    /** A table's or pane's name within its operator. */
    static String id(String name, Long pane) {
        return pane == null ? name : name + " of " + pane;
    }

    private boolean overlaps(int oldTask) {
        int groups = setting.keyGroups();
        for (int group = 0; group < groups; group++) {
            if (Hashing.ownerOf(group, groups, setting.taskCount()) == setting.taskIndex()
                    && Hashing.ownerOf(group, groups, setting.restored().size()) == oldTask) {
                return true;
            }
        }
        return false;
    }

    boolean isPresent() {
        return !setting.restored().isEmpty();
    }

    List<byte[]> values(String name) {
        List<byte[]> values = new ArrayList<>();
        for (TaskEntry task : setting.restored()) {
            for (StateEntry entry : task.states()) {
                if (entry.kind() == StateEntry.Kind.VALUE && entry.name().equals(name)) {
                    values.add(entry.inline());
                }
            }
        }
        return values;
    }

    List<Long> panes(String name) {
        Set<Long> panes = new TreeSet<>();
        for (TaskEntry task : ofKeys) {
            for (StateEntry entry : task.states()) {
                if (entry.kind() == StateEntry.Kind.TABLE && entry.name().equals(name)) {
                    Long pane = SectionList.of(entry).pane();
                    if (pane != null) {
                        panes.add(pane);
                    }
                }
            }
        }
        return List.copyOf(panes);
    }

    /** Fails when something was restored that nobody asked for, and so would be lost. */
    void checkAllTaken() {
        if (!left.isEmpty()) {
            throw MillraceException.internal(setting.name() + ": restored state that no operator asked for: " + left);
        }
    }

    /** Fills a table. */
    void fill(TablePart part, Long pane) {
        if (!isPresent()) {
            return;
        }
        TableSpec spec = part.spec();
        if (!left.remove(id(spec.name(), pane)) && pane != null) {
            return;
        }
        boolean hasKeys = !spec.keyTypes().isEmpty();
        String layout = setting.change() == null ? TablePart.layout(spec) : null;
        List<SectionList> lists = lists(hasKeys ? ofKeys : ofNoKeys, spec.name(), StateEntry.Kind.TABLE, pane, layout);
        if (hasKeys) {
            reserve(part, lists);
        }
        if (sameTasks) {
            for (SectionList list : lists) {
                read(list, part, null);
                part.goOnFrom(list.sections());
            }
            return;
        }
        part.beginAnew();
        if (!hasKeys) {
            lists.forEach(list -> merge(list, part));
            return;
        }
        KeyClip clip = clip(spec);
        lists.forEach(list -> read(list, part, clip));
    }

    /** Gives a table's tier what it had. */
    void fill(TableTier tier, TableSpec spec, Long pane) {
        if (!left.remove(RUNS + id(spec.name(), pane))) {
            return;
        }
        List<List<RestoredRun>> ofTasks = new ArrayList<>();
        String layout = "";
        for (TaskEntry task : ofKeys) {
            for (StateEntry entry : task.states()) {
                if (entry.kind() == StateEntry.Kind.TABLE
                        && entry.name().equals(spec.name())
                        && Objects.equals(SectionList.of(entry).pane(), pane)) {
                    ofTasks.add(SectionList.runsOf(entry));
                    layout = entry.layout();
                }
            }
        }
        StateChange change = setting.change();
        if (sameTasks && change == null) {
            tier.restore(ofTasks.getFirst(), setting.files());
            return;
        }
        List<List<RestoredRun>> withRuns = ofTasks.stream().filter(runs -> !runs.isEmpty()).toList();
        RecordConversion conversion = change == null ? null : conversion(layout, spec);
        if (conversion != null && conversion.keys() != null) {
            KeyMove move = new KeyMove(setting.allocator(), conversion.keys(), clip(spec));
            tier.restore(withRuns, setting.files(), null, conversion.rows(), move);
            return;
        }
        tier.restore(
                withRuns,
                setting.files(),
                sameTasks ? null : clip(spec),
                conversion == null ? null : conversion.rows());
    }

    private KeyClip clip(TableSpec spec) {
        return new KeyClip(
                setting.allocator(), spec.keyTypes(), setting.keyGroups(), setting.taskIndex(), setting.taskCount());
    }

    /** Makes room for the rows there were, or for the share that this task has of them and some more. */
    private void reserve(TablePart part, List<SectionList> lists) {
        long rows = 0;
        for (SectionList list : lists) {
            rows += Math.min(list.rows(), list.records());
        }
        if (!sameTasks) {
            long groups = 0;
            for (TaskEntry task : ofKeys) {
                groups += groups(task.index(), setting.restored().size());
            }
            long own = groups(setting.taskIndex(), setting.taskCount());
            rows = groups == 0 ? 0 : rows * own / groups * 17 / 16;
        }
        part.table().reserve(rows);
    }

    private long groups(int task, int tasks) {
        int groups = setting.keyGroups();
        return IntStream.range(0, groups).filter(group -> Hashing.ownerOf(group, groups, tasks) == task).count();
    }

    /** Adds the one row that a task may have had of a table without keys. */
    private void merge(SectionList list, TablePart part) {
        TableSpec spec = part.spec();
        if (part.table().size() == 0) {
            read(list, part, null);
            return;
        }
        TablePart other = new TablePart(null, setting.allocator(), spec, null);
        KeptTable from = other.table();
        try (RowList rows = new RowList(setting.allocator(), 1)) {
            read(list, other, null);
            from.scan(0, Integer.MAX_VALUE, rows);
            for (int i = 0; i < rows.size(); i++) {
                spec.codec().merge(rows.get(i), part.table().findOrAddKeyOf(from, rows.get(i)));
                spec.codec().free(rows.get(i));
            }
        } finally {
            from.free();
        }
    }

    private List<SectionList> lists(
            List<TaskEntry> tasks, String name, StateEntry.Kind kind, Long pane, String layout) {
        List<SectionList> lists = new ArrayList<>();
        for (TaskEntry task : tasks) {
            for (StateEntry entry : task.states()) {
                if (entry.kind() == StateEntry.Kind.VALUE || !entry.name().equals(name)) {
                    continue;
                }
                SectionList list = SectionList.of(entry);
                if (!Objects.equals(list.pane(), pane)) {
                    continue;
                }
                if (entry.kind() != kind || layout != null && !entry.layout().equals(layout)) {
                    throw new MillraceException(
                                    ErrorCode.UNSUPPORTED,
                                    setting.name()
                                            + ": restored state "
                                            + id(name, pane)
                                            + " has another layout: expected "
                                            + kind
                                            + " "
                                            + layout
                                            + ", found "
                                            + entry.kind()
                                            + " "
                                            + entry.layout())
                            .withHelp("Go on with the query that wrote the checkpoint, or start without it.");
                }
                lists.add(list);
            }
        }
        return lists;
    }

    private void read(SectionList list, TablePart part, KeyClip clip) {
        try (RecordReader records =
                new RecordReader(
                        setting.allocator(),
                        part.table(),
                        part.journal(),
                        clip,
                        conversion(list.layout(), part.spec()))) {
            forEach(list, (section, address) -> records.apply(address, section.lengthBytes));
        }
    }

    /** How records of an edited operator become those of a table; null when they are as it keeps them. */
    private RecordConversion conversion(String layout, TableSpec spec) {
        StateChange change = setting.change();
        return change == null
                ? null
                : RecordConversion.of(
                        layout, spec.keyTypes(), change.keys(), change.keepsKeys(), spec.codec(), change.values());
    }

    /** Fills a bag. */
    void fill(BagPart part, String name) {
        left.remove(id(name, null));
        StateInput input = new StateInput();
        List<TaskEntry> tasks = ofNoKeys;
        for (SectionList list : lists(tasks, name, StateEntry.Kind.ROWS, null, BagPart.layout(part.schema()))) {
            forEach(
                    list,
                    (section, address) ->
                            part.restored(
                                    batch(part, input.wrap(address, section.lengthBytes)), sameTasks ? section : null));
        }
    }

    /** Gives rows' tier what it had. */
    void fill(RowTier tier, String name) {
        if (!left.remove(RUNS + id(name, null))) {
            return;
        }
        for (TaskEntry task : ofNoKeys) {
            for (StateEntry entry : task.states()) {
                if (entry.kind() == StateEntry.Kind.ROWS && entry.name().equals(name)) {
                    tier.restore(SectionList.runsOf(entry), setting.files());
                }
            }
        }
    }

    private Batch batch(BagPart part, StateInput input) {
        return BatchRecords.read(setting.allocator(), part.schema(), input);
    }

    /** What to do with the bytes of a section. */
    private interface Visitor {
        void visit(Section section, long address);
    }

    /** Reads the sections in their order, and checks each. */
    private void forEach(SectionList list, Visitor visitor) {
        StateFiles.Reader reader = null;
        CheckpointFile open = null;
        long position = 0;
        Buffer buffer = null;
        try {
            for (Section section : list.sections()) {
                if (reader == null || !section.file().equals(open) || section.offsetBytes() < position) {
                    close(reader);
                    reader = null;
                    open = section.file();
                    reader = setting.files().open(open);
                    SnapshotWriter.checkMagic(reader, open);
                    position = Long.BYTES;
                }
                reader.skip(section.offsetBytes() - position);
                buffer = reserve(buffer, section.lengthBytes);
                reader.read(buffer.address(), section.lengthBytes);
                position = section.offsetBytes() + section.lengthBytes;
                section.check(buffer.address(), setting.name() + " " + id(list.name(), list.pane()));
                visitor.visit(section, buffer.address());
            }
        } finally {
            close(reader);
            if (buffer != null) {
                buffer.release();
            }
        }
    }

    private Buffer reserve(Buffer buffer, int lengthBytes) {
        if (buffer != null && buffer.capacityBytes() >= lengthBytes) {
            return buffer;
        }
        Buffer larger = setting.allocator().allocate(MemoryTag.STATE, Math.max(1, lengthBytes));
        if (buffer != null) {
            buffer.release();
        }
        return larger;
    }

    private static void close(StateFiles.Reader reader) {
        if (reader != null) {
            reader.close();
        }
    }
}
