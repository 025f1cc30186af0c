package io.millrace.operators.compiled;

import io.millrace.operators.interpreted.Filter;
import io.millrace.operators.interpreted.Interpreter;
import io.millrace.operators.interpreted.Node;
import io.millrace.operators.lowered.Lowered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes nodes and filters that compile themselves where that pays. What it makes belongs to the caller. */
public final class Fuser {
    private final CompileOptions options;
    private final Interpreter interpreter;

    public Fuser(CompileOptions options) {
        this.options = options;
        this.interpreter = new Interpreter(options.allocator());
    }

    /** The node that computes an expression. */
    public Node node(Lowered expression) {
        Region region = Region.of(expression);
        if (region == null) {
            return interpreter.node(expression, this::node);
        }
        Leaves leaves = leaves(region);
        try {
            Node twin = interpreter.node(expression);
            return new CompiledNode(new Program(region, false, options), leaves, twin, expression.type());
        } catch (RuntimeException failure) {
            leaves.close();
            throw failure;
        }
    }

    /** The filter that keeps the rows for which a BOOLEAN expression is true. */
    public Filter filter(Lowered condition) {
        if (condition instanceof Lowered.Connective c && c.conjunction()) {
            List<Filter> filters = new ArrayList<>();
            try {
                for (Lowered argument : c.arguments()) {
                    filters.add(filter(argument));
                }
            } catch (RuntimeException failure) {
                filters.forEach(Filter::close);
                throw failure;
            }
            return Interpreter.conjunction(filters);
        }
        Region region = Interpreter.isRangeOfInput(condition) ? null : Region.of(condition);
        if (region == null) {
            return interpreter.filter(condition);
        }
        Leaves leaves = leaves(region);
        try {
            return new CompiledFilter(new Program(region, true, options), leaves, interpreter.filter(condition));
        } catch (RuntimeException failure) {
            leaves.close();
            throw failure;
        }
    }

    private Leaves leaves(Region region) {
        Node[] nodes = new Node[region.leaves().size()];
        int[] inputs = new int[nodes.length];
        try {
            for (Map.Entry<Lowered, Integer> leaf : region.leaves().entrySet()) {
                inputs[leaf.getValue()] = leaf.getKey() instanceof Lowered.Input input ? input.index() : -1;
                nodes[leaf.getValue()] = node(leaf.getKey());
            }
        } catch (RuntimeException failure) {
            for (Node node : nodes) {
                if (node != null) {
                    node.close();
                }
            }
            throw failure;
        }
        return new Leaves(nodes, inputs);
    }
}
