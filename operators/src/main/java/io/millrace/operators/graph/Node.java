package io.millrace.operators.graph;

import io.millrace.operators.contract.OperatorSpec;
import java.util.List;
import java.util.Objects;

/**
 * One operator of a graph.
 *
 * @param inputs the edges into it; several edges with the same {@link Edge#input} are a union
 * @param parallelism tasks, at least 1
 * @param bounded of a node without inputs: whether it ends by itself; otherwise ignored
 */
public record Node(int id, OperatorSpec spec, List<Edge> inputs, int parallelism, boolean bounded) {
    public Node {
        Objects.requireNonNull(spec, "spec");
        inputs = List.copyOf(inputs);
        if (parallelism < 1) {
            throw new IllegalArgumentException("expected parallelism >= 1, found " + parallelism);
        }
    }
}
