package io.millrace.scheduler.task;

import io.millrace.operators.graph.Edge;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.operators.graph.Partitioning;
import java.util.ArrayList;
import java.util.List;

/** Which nodes of a graph run in one task, and who reads whom. Immutable. */
final class ChainPlan {
    /** An edge with both its ends; it lies at {@code place} in the inputs of {@code to}, where it may lie twice. */
    record Link(Node from, Node to, int place) {
        Edge edge() {
            return to.inputs().get(place);
        }
    }

    private final OperatorGraph graph;
    private final List<List<Link>> readers = new ArrayList<>();
    private final int[] rootOf;

    ChainPlan(OperatorGraph graph) {
        this.graph = graph;
        List<Node> nodes = graph.nodes();
        nodes.forEach(node -> readers.add(new ArrayList<>()));
        for (Node to : nodes) {
            for (Link link : inputsOf(to)) {
                readers.get(link.from().id()).add(link);
            }
        }
        rootOf = new int[nodes.size()];
        for (int id = nodes.size() - 1; id >= 0; id--) {
            List<Link> links = readers.get(id);
            rootOf[id] = isChained(id) ? rootOf[links.getFirst().to().id()] : id;
        }
    }

    /** Whether a node's output stays in its task: one forward edge and no other. */
    boolean isChained(int id) {
        List<Link> links = readers.get(id);
        return links.size() == 1 && links.getFirst().edge().partitioning() instanceof Partitioning.Forward;
    }

    /** The edges into a node, in order. */
    List<Link> inputsOf(Node to) {
        List<Link> links = new ArrayList<>();
        for (int place = 0; place < to.inputs().size(); place++) {
            links.add(new Link(graph.nodes().get(to.inputs().get(place).from()), to, place));
        }
        return links;
    }

    /** The edges out of a node. */
    List<Link> readersOf(int id) {
        return readers.get(id);
    }

    /** The root of a node's task. */
    int rootOf(int id) {
        return rootOf[id];
    }

    /** The roots, by id; each stands for as many tasks as its parallelism says. */
    List<Node> roots() {
        return graph.nodes().stream().filter(node -> rootOf[node.id()] == node.id()).toList();
    }

    /** The nodes of a root's tasks, the root first and every node before those it reads. */
    List<Node> rootFirst(int root) {
        List<Node> members = new ArrayList<>();
        for (int id = root; id >= 0; id--) {
            if (rootOf[id] == root) {
                members.add(graph.nodes().get(id));
            }
        }
        return members;
    }
}
