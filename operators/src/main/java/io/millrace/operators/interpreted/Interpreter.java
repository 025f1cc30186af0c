package io.millrace.operators.interpreted;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import io.millrace.operators.kernel.Comparison;
import io.millrace.operators.kernel.ConstantSet;
import io.millrace.operators.lowered.Carrier;
import io.millrace.operators.lowered.Literals;
import io.millrace.operators.lowered.Lowered;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Makes runnable nodes and filters of lowered expressions. What it makes belongs to the caller. */
public final class Interpreter {
    private final Allocator allocator;

    public Interpreter(Allocator allocator) {
        this.allocator = allocator;
    }

    /** The node that computes an expression. */
    public Node node(Lowered expression) {
        return node(expression, this::node);
    }

    /** The node that computes an expression, with its arguments' nodes from elsewhere. */
    public Node node(Lowered expression, Function<Lowered, Node> makeArgument) {
        List<Node> arguments = new ArrayList<>();
        try {
            for (Lowered argument : expression.arguments()) {
                arguments.add(makeArgument.apply(argument));
            }
            return node(expression, arguments);
        } catch (RuntimeException failure) {
            arguments.forEach(Node::close);
            throw failure;
        }
    }

    private Node node(Lowered expression, List<Node> arguments) {
        DataType type = expression.type();
        return switch (expression) {
            case Lowered.Input input -> new InputNode(input.index());
            case Lowered.Constant constant -> new ConstantNode(allocator, constant.value(), type);
            case Lowered.Invoke call -> {
                InvokeKernel kernel = new InvokeKernel(call, allocator);
                yield new CallNode(arguments, kernel, type, kernel.isStrict(), call.method().deterministic());
            }
            case Lowered.Compare c -> strict(arguments, new CompareKernel(c.operator(), carrierOf(c)), type);
            case Lowered.Arithmetic a -> strict(arguments, new ArithmeticKernel(a.operator(), type), type);
            case Lowered.Retype retype -> retype(retype, arguments);
            case Lowered.Not not -> strict(arguments, SmallKernels::not, type);
            case Lowered.Extreme e -> strict(arguments, SmallKernels.extreme(e.left().carrier(), e.greatest()), type);
            case Lowered.OneOf o -> strict(arguments, SmallKernels.oneOf(o.value().carrier(), setOf(o)), type);
            case Lowered.Distinct d -> lenient(arguments, SmallKernels.distinct(d.left().carrier(), d.negated()), type);
            case Lowered.NullTest t -> lenient(arguments, SmallKernels.nullTest(t.negated()), type);
            case Lowered.TruthTest t -> lenient(arguments, SmallKernels.truthTest(t.wanted(), t.negated()), type);
            case Lowered.NullWhen n -> lenient(arguments, SmallKernels::nullWhen, type);
            case Lowered.Connective c -> new ConnectiveNode(c.conjunction(), arguments, type);
            case Lowered.Coalesce c -> new BranchNode(List.of(), arguments, type);
            case Lowered.Case c -> branches(arguments, type);
            case Lowered.Construct c -> new NestedNode(arguments, NestedNode.construct(type.kind()), type);
            case Lowered.Member m -> new NestedNode(arguments, NestedNode.member(m.field()), type);
            case Lowered.Item i -> new NestedNode(arguments, NestedNode.item(i.container().type().kind()), type);
            case Lowered.Cardinality c -> new NestedNode(arguments, NestedNode::cardinality, type);
            case Lowered.Display d -> new NestedNode(arguments, NestedNode::display, type);
        };
    }

    /** Two decimals of one scale may differ in precision and so in carrier: the wider one then. */
    private static Carrier carrierOf(Lowered.Compare compare) {
        return compare.left().carrier() == Carrier.WIDE ? Carrier.WIDE : compare.right().carrier();
    }

    private static Node strict(List<Node> arguments, RowKernel kernel, DataType type) {
        return new CallNode(arguments, kernel, type, true, true);
    }

    private static Node lenient(List<Node> arguments, RowKernel kernel, DataType type) {
        return new CallNode(arguments, kernel, type, false, true);
    }

    private static Node retype(Lowered.Retype retype, List<Node> arguments) {
        DataType from = retype.argument().type();
        DataType to = retype.type();
        return from.layout() == to.layout()
                ? new RetypeNode(arguments.getFirst(), to)
                : strict(arguments, SmallKernels.retype(Carrier.of(from), to), to);
    }

    private static Node branches(List<Node> arguments, DataType type) {
        List<Node> conditions = new ArrayList<>();
        List<Node> values = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            boolean value = i % 2 == 1 || i == arguments.size() - 1;
            (value ? values : conditions).add(arguments.get(i));
        }
        return new BranchNode(conditions, values, type);
    }

    private static ConstantSet setOf(Lowered.OneOf oneOf) {
        return Literals.constantSet(oneOf);
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
            return conjunction(filters);
        }
        if (condition instanceof Lowered.Compare compare) {
            Filter range = range(compare.operator(), compare.left(), compare.right());
            if (range == null) {
                range = range(compare.operator().mirrored(), compare.right(), compare.left());
            }
            if (range != null) {
                return range;
            }
        }
        return new NodeFilter(node(condition));
    }

    /** The filter of conditions that must all be true, which it takes. */
    public static Filter conjunction(List<Filter> filters) {
        return new ConjunctionFilter(List.copyOf(filters));
    }

    /** Whether the condition compares a column with a constant, which no compiled loop does faster. */
    public static boolean isRangeOfInput(Lowered condition) {
        return condition instanceof Lowered.Compare compare
                && (isRange(compare.left(), compare.right()) || isRange(compare.right(), compare.left()));
    }

    private static boolean isRange(Lowered value, Lowered constant) {
        return value instanceof Lowered.Input
                && constant instanceof Lowered.Constant
                && value.carrier() == constant.carrier()
                && (value.carrier() == Carrier.LONG || value.carrier() == Carrier.DOUBLE);
    }

    private Filter range(Comparison operator, Lowered value, Lowered other) {
        Carrier carrier = value.carrier();
        boolean number = carrier == Carrier.LONG || carrier == Carrier.DOUBLE;
        if (!number || other.carrier() != carrier || !(other instanceof Lowered.Constant constant)) {
            return null;
        }
        if (constant.value() == null || value instanceof Lowered.Constant) {
            return null;
        }
        return new RangeFilter(node(value), operator, value.type(), Literals.number(constant));
    }
}
