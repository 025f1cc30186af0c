package io.millrace.operators.graph;

import java.util.Locale;

/** Draws a graph as text, sinks outermost. */
final class GraphText {
    private GraphText() {}

    static String of(OperatorGraph graph) {
        boolean[] read = new boolean[graph.nodes().size()];
        graph.nodes().forEach(node -> node.inputs().forEach(edge -> read[edge.from()] = true));
        StringBuilder text = new StringBuilder();
        for (Node node : graph.nodes()) {
            if (!read[node.id()]) {
                append(text, graph, node, "", null);
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, OperatorGraph graph, Node node, String indent, Partitioning to) {
        String details = node.spec().describe();
        text.append(indent).append(node.spec().name()).append('#').append(node.id());
        if (!details.isEmpty()) {
            text.append(' ').append(details);
        }
        text.append(" x").append(node.parallelism());
        if (to != null && !(to instanceof Partitioning.Forward)) {
            text.append(" -> ").append(word(to));
        }
        text.append(graph.isBounded(node.id()) ? " [bounded]" : " [unbounded]").append('\n');
        for (Edge edge : node.inputs()) {
            append(text, graph, graph.nodes().get(edge.from()), indent + "  ", edge.partitioning());
        }
    }

    private static String word(Partitioning partitioning) {
        return partitioning instanceof Partitioning.Hash hash
                ? "hash" + hash.columns()
                : partitioning.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
