package io.millrace.operators.graph;

import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.Meaning;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.state.checkpoint.StateMeaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Operators and the edges between them, sources first: a node's inputs have smaller ids, and a node's id is its place
 * in the list. A node may feed several others.
 */
public record OperatorGraph(List<Node> nodes) {
    public OperatorGraph {
        nodes = List.copyOf(nodes);
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            if (node.id() != i) {
                throw MillraceException.internal("expected id=" + i + " at place " + i + ", found " + node.id());
            }
            for (Edge edge : node.inputs()) {
                if (edge.from() < 0 || edge.from() >= i) {
                    throw MillraceException.internal("node " + i + " reads node " + edge.from());
                }
                if (edge.partitioning() instanceof Partitioning.Forward
                        && nodes.get(edge.from()).parallelism() != node.parallelism()) {
                    throw MillraceException.internal(
                            "forward edge between parallelism "
                                    + nodes.get(edge.from()).parallelism()
                                    + " and "
                                    + node.parallelism()
                                    + " at node "
                                    + i);
                }
            }
        }
    }

    /** The graph as an indented text, a line an operator, each with whether its input ends by itself. */
    public String explain() {
        return GraphText.of(this);
    }

    /** Whether every source under this node ends by itself. */
    public boolean isBounded(int id) {
        Node node = nodes.get(id);
        return node.inputs().isEmpty()
                ? node.bounded()
                : node.inputs().stream().allMatch(edge -> isBounded(edge.from()));
    }

    /**
     * What the state of each node means, by id: {@link OperatorSpec#stateMeaning}, or its output where it keeps none.
     */
    public List<StateMeaning> stateMeanings() {
        List<Meaning> meanings = new ArrayList<>();
        List<StateMeaning> states = new ArrayList<>();
        for (Node node : nodes) {
            Map<Integer, List<Meaning>> byInput = new TreeMap<>();
            for (Edge edge : node.inputs()) {
                byInput.computeIfAbsent(edge.input(), first -> new ArrayList<>()).add(meanings.get(edge.from()));
            }
            List<Meaning> inputs = byInput.values().stream().map(Meaning::union).toList();
            Meaning output = node.spec().meaning(inputs);
            StateMeaning state = node.spec().stateMeaning(inputs);
            meanings.add(output);
            boolean none = state.text().isEmpty();
            states.add(none ? StateMeaning.of(output.columns() + " of " + output.rows()) : state);
        }
        return states;
    }

    public boolean isBounded() {
        return nodes.stream().allMatch(node -> !node.inputs().isEmpty() || node.bounded());
    }
}
