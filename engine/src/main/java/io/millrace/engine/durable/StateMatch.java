package io.millrace.engine.durable;

import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.checkpoint.Checkpointing;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.OperatorEntry;
import io.millrace.state.checkpoint.TaskEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which operators of a graph find their state in a checkpoint.
 *
 * @param kept names of those that do
 * @param dropped names of those of the checkpoint that hold something the graph has no place for
 * @param rebuilt names of those of the graph that keep something and find nothing: they have to read history again
 */
public record StateMatch(List<String> kept, List<String> dropped, List<String> rebuilt) {
    /** Compares by what state means. */
    public static StateMatch of(OperatorGraph graph, List<Checkpointing.Identity> identities, Manifest manifest) {
        Set<String> held = manifest.operators().stream().map(OperatorEntry::id).collect(Collectors.toSet());
        Set<String> wanted = identities.stream().map(Checkpointing.Identity::id).collect(Collectors.toSet());
        List<String> kept = new ArrayList<>();
        List<String> rebuilt = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Checkpointing.Identity identity = identities.get(node.id());
            if (held.contains(identity.id())) {
                kept.add(identity.name());
            } else if (node.spec().keepsState()) {
                rebuilt.add(identity.name());
            }
        }
        List<String> dropped =
                manifest.operators().stream()
                        .filter(operator -> !wanted.contains(operator.id()) && holdsState(operator))
                        .map(OperatorEntry::name)
                        .toList();
        return new StateMatch(kept, dropped, rebuilt);
    }

    private static boolean holdsState(OperatorEntry operator) {
        return operator.tasks().stream().anyMatch(StateMatch::holdsState);
    }

    private static boolean holdsState(TaskEntry task) {
        return !task.states().isEmpty() || !task.prepared().isEmpty();
    }
}
