package io.millrace.operators.graph;

import java.util.Locale;

/** Draws a graph as text, sinks outermost. A node that feeds several is drawn in full where it is met first. */
final class GraphText {
    private final OperatorGraph graph;
    private final StringBuilder text = new StringBuilder();
    private final boolean[] drawn;

    private GraphText(OperatorGraph graph) {
        this.graph = graph;
        this.drawn = new boolean[graph.nodes().size()];
    }

    static String of(OperatorGraph graph) {
        boolean[] read = new boolean[graph.nodes().size()];
        graph.nodes().forEach(node -> node.inputs().forEach(edge -> read[edge.from()] = true));
        GraphText drawing = new GraphText(graph);
        for (Node node : graph.nodes()) {
            if (!read[node.id()]) {
                drawing.append(node, "", null);
            }
        }
        return drawing.text.toString();
    }

    private void append(Node node, String indent, Partitioning to) {
        boolean again = drawn[node.id()];
        drawn[node.id()] = true;
        String details = again ? "as above" : node.spec().describe();
        text.append(indent).append(node.spec().name()).append('#').append(node.id());
        if (!details.isEmpty()) {
            text.append(' ').append(details);
        }
        text.append(" x").append(node.parallelism());
        if (to != null && !(to instanceof Partitioning.Forward)) {
            text.append(" -> ").append(word(to));
        }
        text.append(graph.isBounded(node.id()) ? " [bounded]" : " [unbounded]").append('\n');
        if (!again) {
            for (Edge edge : node.inputs()) {
                append(graph.nodes().get(edge.from()), indent + "  ", edge.partitioning());
            }
        }
    }

    private static String word(Partitioning partitioning) {
        return partitioning instanceof Partitioning.Hash hash
                ? "hash" + hash.columns()
                : partitioning.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
