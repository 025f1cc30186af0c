package io.millrace.sql.translate;

import io.millrace.operators.aggregate.AggregateSpec;
import io.millrace.operators.calc.CalcSpec;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.Partitioning;
import io.millrace.operators.window.WindowAggregateSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** In which task of a node rows are. */
final class RowPlaces {
    private RowPlaces() {}

    /** Columns of the node's rows such that rows that agree in them are in one task; null when there are none known. */
    static List<Integer> together(List<Node> nodes, int id) {
        Node node = nodes.get(id);
        if (node.parallelism() == 1) {
            return List.of();
        }
        return switch (node.spec()) {
            case AggregateSpec aggregate -> byKeys(node, aggregate.groupKeys());
            case WindowAggregateSpec window -> byKeys(node, window.keys());
            case CalcSpec calc -> through(nodes, node, calc);
            default -> null;
        };
    }

    /** The keys come first in the output of an aggregation. */
    private static List<Integer> byKeys(Node node, List<Integer> keys) {
        boolean byKeys =
                node.inputs().stream().allMatch(edge -> edge.partitioning().equals(new Partitioning.Hash(keys)));
        return byKeys ? IntStream.range(0, keys.size()).boxed().toList() : null;
    }

    private static List<Integer> through(List<Node> nodes, Node node, CalcSpec calc) {
        if (node.inputs().size() != 1 || !(node.inputs().getFirst().partitioning() instanceof Partitioning.Forward)) {
            return null;
        }
        List<Integer> below = together(nodes, node.inputs().getFirst().from());
        if (below == null) {
            return null;
        }
        List<Integer> columns = new ArrayList<>();
        for (int column : below) {
            int kept = keptAs(calc, column);
            if (kept < 0) {
                return null;
            }
            columns.add(kept);
        }
        return columns;
    }

    private static int keptAs(CalcSpec calc, int column) {
        for (int i = 0; i < calc.projections().size(); i++) {
            if (calc.projections().get(i) instanceof Expression.Input input && input.index() == column) {
                return i;
            }
        }
        return -1;
    }
}
