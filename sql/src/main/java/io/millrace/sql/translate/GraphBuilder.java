package io.millrace.sql.translate;

import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.graph.Edge;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.operators.graph.Partitioning;
import java.util.ArrayList;
import java.util.List;

/** Collects nodes, inputs first. */
final class GraphBuilder {
    private final List<Node> nodes = new ArrayList<>();

    int source(OperatorSpec spec, int parallelism, boolean bounded) {
        return add(spec, List.of(), parallelism, bounded);
    }

    /** An operator on one input. Where tasks differ in number, forwarding becomes dealing out or gathering. */
    int operator(OperatorSpec spec, Stream input, Partitioning partitioning, int parallelism) {
        List<Edge> edges = new ArrayList<>();
        for (int from : input.nodes()) {
            edges.add(new Edge(from, 0, fitting(partitioning, nodes.get(from).parallelism(), parallelism)));
        }
        return add(spec, edges, parallelism, false);
    }

    /** Whether rows of the stream that agree in these columns are in one task already. */
    boolean isPartitionedBy(Stream stream, List<Integer> columns) {
        List<Integer> known = partitionedBy(stream);
        return known != null && columns.containsAll(known);
    }

    /** The columns by whose hash the stream's rows lie in their tasks; null when there are none known. */
    List<Integer> partitionedBy(Stream stream) {
        return stream.nodes().size() == 1 ? RowPlaces.together(nodes, stream.nodes().getFirst()) : null;
    }

    private static Partitioning fitting(Partitioning wanted, int from, int to) {
        if (to == 1 && from == 1) {
            return Partitioning.FORWARD;
        }
        if (!(wanted instanceof Partitioning.Forward) || from == to) {
            return wanted;
        }
        return to == 1 ? Partitioning.GATHER : Partitioning.ROUND_ROBIN;
    }

    private int add(OperatorSpec spec, List<Edge> edges, int parallelism, boolean bounded) {
        int id = nodes.size();
        nodes.add(new Node(id, spec, edges, parallelism, bounded));
        return id;
    }

    OperatorGraph build() {
        return new OperatorGraph(nodes);
    }
}
