package io.millrace.operators.compiled;

import io.millrace.memory.types.Layout;
import io.millrace.operators.lowered.Carrier;
import io.millrace.operators.lowered.Lowered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of an expression that becomes one loop: its nodes from the root down to the leaves. A leaf is a column of
 * the input, or a part that is computed apart: one that no generated code can do, or that reads a single string column
 * and so is computed once an entry when that is a dictionary.
 *
 * @param leaves each different leaf with its number
 * @param operations nodes that are neither leaves nor constants
 */
record Region(Lowered root, Map<Lowered, Integer> leaves, int operations) {
    private static final int MAX_OPERATIONS = 120;
    private static final int MAX_LEAVES = 24;

    /** The region under a root, or null when it does not pay or cannot be compiled. */
    static Region of(Lowered root) {
        if (!isCompilable(root)) {
            return null;
        }
        Walk walk = new Walk(root.inputs());
        walk.visit(root, false, true);
        boolean fits = walk.operations <= MAX_OPERATIONS && walk.leaves.size() <= MAX_LEAVES;
        boolean pays = walk.operations > 1 || walk.operations == 1 && !isBulk(root);
        return fits && pays && !walk.leaves.isEmpty() ? new Region(root, walk.leaves, walk.operations) : null;
    }

    private static final class Walk {
        private final Map<Lowered, Integer> leaves = new LinkedHashMap<>();
        private final List<Integer> inputs;
        private int operations;

        Walk(List<Integer> inputs) {
            this.inputs = inputs;
        }

        void visit(Lowered node, boolean conditional, boolean isRoot) {
            if (node instanceof Lowered.Constant) {
                return;
            }
            boolean apart = !isRoot && !conditional && inputs.size() > 1 && readsOneText(node);
            if (node instanceof Lowered.Input || apart || !isCompilable(node)) {
                leaves.putIfAbsent(node, leaves.size());
                return;
            }
            operations++;
            List<Lowered> arguments = node.arguments();
            boolean branching =
                    node instanceof Lowered.Case
                            || node instanceof Lowered.Coalesce
                            || node instanceof Lowered.Connective;
            for (int i = 0; i < arguments.size(); i++) {
                visit(arguments.get(i), conditional || branching && i > 0, false);
            }
        }
    }

    private static boolean readsOneText(Lowered node) {
        if (node instanceof Lowered.Input) {
            return false;
        }
        List<Lowered> found = new ArrayList<>();
        collectInputs(node, found);
        return found.stream().distinct().count() == 1 && found.getFirst().carrier() == Carrier.TEXT;
    }

    private static void collectInputs(Lowered node, List<Lowered> found) {
        if (node instanceof Lowered.Input) {
            found.add(node);
        }
        node.arguments().forEach(argument -> collectInputs(argument, found));
    }

    private static boolean isScalar(Lowered node) {
        return node.carrier() != Carrier.NESTED && node.carrier() != Carrier.NANOS;
    }

    private static boolean isCompilable(Lowered node) {
        if (!isScalar(node) || !node.arguments().stream().allMatch(Region::isScalar)) {
            return false;
        }
        return switch (node) {
            case Lowered.Invoke invoke -> invoke.method().deterministic();
            case Lowered.Construct c -> false;
            case Lowered.Member m -> false;
            case Lowered.Item i -> false;
            case Lowered.Cardinality c -> false;
            case Lowered.Display d -> false;
            default -> true;
        };
    }

    /** Whether an interpreted kernel does the same at the speed of memory. */
    private static boolean isBulk(Lowered node) {
        return switch (node) {
            case Lowered.Arithmetic a ->
                    (a.operator() == '+' || a.operator() == '-' || a.operator() == '*')
                            && (a.type().layout() == Layout.I64 && a.operator() != '*'
                                    || a.type().layout() == Layout.F64)
                            && a.left().type().layout() == a.type().layout()
                            && a.right().type().layout() == a.type().layout();
            case Lowered.Retype r -> r.argument().type().layout() == r.type().layout();
            default -> false;
        };
    }
}
