package io.millrace.engine.durable;

import io.millrace.connectors.api.ColumnChange;
import io.millrace.connectors.api.Source;
import io.millrace.memory.types.DataType;
import io.millrace.operators.graph.Edge;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.operators.scan.ScanSpec;
import io.millrace.operators.sink.SinkSpec;
import io.millrace.scheduler.checkpoint.Checkpointing;
import io.millrace.scheduler.checkpoint.Checkpointing.Identity;
import io.millrace.scheduler.checkpoint.Checkpointing.Origin;
import io.millrace.state.StateChange;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.OperatorEntry;
import io.millrace.state.checkpoint.StateMeaning;
import io.millrace.state.checkpoint.TaskEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds for each node the operator of a checkpoint whose state is its own: the same, else the one of its family that
 * most can be made of. What finds none begins anew, and with it all that reads what it reads: sources have one position
 * for all. One match, one thread.
 */
final class StateMatcher {
    private final OperatorGraph graph;
    private final List<Identity> identities;
    private final List<OperatorEntry> held;
    private final OperatorEntry[] found;
    private final PartMatch[] parts;
    private final Set<OperatorEntry> taken = new HashSet<>();
    private final Set<String> begun = new HashSet<>();

    StateMatcher(OperatorGraph graph, Manifest manifest) {
        this.graph = graph;
        this.identities = Checkpointing.identify(graph);
        this.held = manifest.operators();
        this.found = new OperatorEntry[identities.size()];
        this.parts = new PartMatch[identities.size()];
    }

    StateMatch match() {
        for (int node = 0; node < found.length; node++) {
            for (OperatorEntry entry : held) {
                if (found[node] == null && isFree(entry, node) && meaning(node).isSame(entry.meaning())) {
                    take(node, entry, null);
                }
            }
        }
        // Inputs first: what begins below is known above.
        for (int node = 0; node < found.length; node++) {
            if (found[node] == null) {
                takeNearest(node);
            }
        }
        Set<Integer> anew = anew();
        List<Origin> origins = new ArrayList<>();
        List<StateFate> fates = new ArrayList<>();
        for (int node = 0; node < found.length; node++) {
            origins.add(origin(node, anew.contains(node)));
            addFate(node, anew.contains(node), fates);
        }
        for (OperatorEntry entry : held) {
            if (!taken.contains(entry) && holdsState(entry)) {
                fates.add(new StateFate(StateFate.Kind.DROPPED, entry.name(), "", true));
            }
        }
        return new StateMatch(named(), origins, fates, sources(anew));
    }

    private StateMeaning meaning(int node) {
        return identities.get(node).meaning();
    }

    private static String word(String name) {
        return name.replaceAll("#.*", "");
    }

    private boolean isFree(OperatorEntry entry, int node) {
        return !taken.contains(entry) && word(entry.name()).equals(word(identities.get(node).name()));
    }

    private void take(int node, OperatorEntry entry, PartMatch match) {
        found[node] = entry;
        parts[node] = match;
        taken.add(entry);
        if (match != null) {
            begun.addAll(match.added());
        }
    }

    /** Takes the operator that has most in common; none when two have as much. */
    private void takeNearest(int node) {
        StateMeaning after = meaning(node);
        OperatorEntry best = null;
        PartMatch match = null;
        boolean tie = false;
        for (OperatorEntry entry : held) {
            PartMatch candidate = isFree(entry, node) ? candidate(entry.meaning(), after, node) : null;
            if (candidate != null && (match == null || candidate.shared() >= match.shared())) {
                tie = match != null && candidate.shared() == match.shared();
                best = entry;
                match = candidate;
            }
        }
        if (best != null && !tie) {
            take(node, best, match);
        }
    }

    private PartMatch candidate(StateMeaning before, StateMeaning after, int node) {
        if (after.family().isEmpty()
                || !after.family().equals(before.family())
                || !after.how().equals(before.how())
                || !after.place().equals(before.place())) {
            return null;
        }
        PartMatch match = PartMatch.of(before, after);
        if (match == null || match.shared() == 0 && !before.values().isEmpty()) {
            return null;
        }
        boolean isTable = graph.nodes().get(node).spec() instanceof SinkSpec;
        return match.isSound(after, after.how().startsWith("APPEND"), isTable, begun)
                        && canBeRead(match, before, isTable)
                ? match
                : null;
    }

    /** Rows of a table are read by its types as they were. */
    private static boolean canBeRead(PartMatch match, StateMeaning before, boolean isTable) {
        try {
            if (isTable && !match.isIdentity()) {
                before.values().forEach(part -> DataType.parse(part.types().getFirst()));
            }
            return true;
        } catch (IllegalArgumentException nested) {
            return false;
        }
    }

    private boolean keepsState(int node) {
        return graph.nodes().get(node).spec().keepsState();
    }

    /** The nodes that begin anew, with those that share a source with them. */
    private Set<Integer> anew() {
        Set<Integer> anew = new TreeSet<>();
        for (Node node : graph.nodes()) {
            if (found[node.id()] == null && keepsState(node.id())) {
                anew.add(node.id());
            }
        }
        boolean grows = !anew.isEmpty();
        while (grows) {
            grows = false;
            for (Node node : graph.nodes()) {
                for (Edge edge : node.inputs()) {
                    if (anew.contains(node.id()) || anew.contains(edge.from())) {
                        grows |= anew.add(node.id()) | anew.add(edge.from());
                    }
                }
            }
        }
        return anew;
    }

    /** What is read from its beginning. */
    private List<Source> sources(Set<Integer> anew) {
        List<Source> sources = new ArrayList<>();
        for (int node : anew) {
            if (graph.nodes().get(node).spec() instanceof ScanSpec scan) {
                sources.add(scan.source());
            }
        }
        return sources;
    }

    private boolean isOutput(int node) {
        return graph.nodes().get(node).spec() instanceof SinkSpec sink && !sink.sink().keepsRows();
    }

    private Origin origin(int node, boolean anew) {
        OperatorEntry entry = found[node];
        if (entry == null || anew && !isOutput(node)) {
            return Origin.NONE;
        }
        if (anew) {
            // What it sealed is output still; more will come.
            return new Origin(
                    entry.tasks().stream()
                            .map(task -> new TaskEntry(task.index(), false, task.states(), task.prepared()))
                            .toList(),
                    null,
                    null);
        }
        PartMatch match = parts[node];
        if (match == null || match.isIdentity()) {
            return new Origin(entry.tasks(), null, null);
        }
        if (graph.nodes().get(node).spec() instanceof SinkSpec) {
            List<DataType> types =
                    entry.meaning().values().stream().map(part -> DataType.parse(part.types().getFirst())).toList();
            return new Origin(entry.tasks(), null, new ColumnChange(types, match.values()));
        }
        StateChange change = new StateChange(match.keys(), match.values(), !match.widened().isEmpty());
        return new Origin(entry.tasks(), change, null);
    }

    private void addFate(int node, boolean anew, List<StateFate> fates) {
        String name = identities.get(node).name() + place(node);
        OperatorEntry entry = found[node];
        if (anew && isOutput(node)) {
            if (entry != null) {
                fates.add(new StateFate(StateFate.Kind.REBUILT, name, "is written again from the beginning", true));
            }
        } else if (anew && keepsState(node)) {
            boolean drops = entry != null && holdsState(entry);
            fates.add(
                    new StateFate(
                            StateFate.Kind.REBUILT, name, "from " + history(node) + replay(node) + moved(node), drops));
        } else if (entry != null && (keepsState(node) || isOutput(node))) {
            PartMatch match = parts[node];
            boolean kept = match == null || match.note().isEmpty();
            fates.add(
                    kept
                            ? new StateFate(StateFate.Kind.KEPT, name, "", false)
                            : new StateFate(StateFate.Kind.MIGRATED, name, match.note(), !match.removed().isEmpty()));
        }
    }

    private String place(int node) {
        return graph.nodes().get(node).spec() instanceof SinkSpec sink ? " table " + sink.table() : "";
    }

    /** The tables that a node reads again. */
    private String history(int node) {
        Set<String> tables = new TreeSet<>();
        addTables(node, tables);
        return "the beginning of " + String.join(" and ", tables);
    }

    private void addTables(int node, Set<String> tables) {
        Node at = graph.nodes().get(node);
        if (at.inputs().isEmpty()) {
            tables.add(at.spec() instanceof ScanSpec scan ? "table " + scan.table() : at.spec().name());
        }
        at.inputs().forEach(edge -> addTables(edge.from(), tables));
    }

    /** What must hold for a source to have it all. */
    private String replay(int node) {
        String note = graph.nodes().get(node).spec() instanceof ScanSpec scan ? scan.source().replayNote() : "";
        return note.isEmpty() ? "" : ", " + note;
    }

    /** That a source lies elsewhere than it did. */
    private String moved(int node) {
        StateMeaning now = meaning(node);
        for (OperatorEntry entry : held) {
            StateMeaning before = entry.meaning();
            if (isFree(entry, node)
                    && !now.family().isEmpty()
                    && now.family().equals(before.family())
                    && !now.place().equals(before.place())) {
                return ", at " + now.place() + " where it was at " + before.place();
            }
        }
        return "";
    }

    /** Nodes have the names of those whose state they have; others one that none of those has. */
    private List<Identity> named() {
        Set<String> used = new HashSet<>();
        taken.forEach(entry -> used.add(entry.id()));
        List<Identity> named = new ArrayList<>();
        for (int node = 0; node < found.length; node++) {
            Identity identity = identities.get(node);
            String id = found[node] == null ? identity.id() : found[node].id();
            for (int i = 1; found[node] == null && !used.add(id); i++) {
                id = identity.id() + "-" + i;
            }
            named.add(new Identity(id, identity.name(), identity.meaning()));
        }
        return named;
    }

    private static boolean holdsState(OperatorEntry operator) {
        return operator.tasks().stream().anyMatch(task -> !task.states().isEmpty() || !task.prepared().isEmpty());
    }
}
