package io.millrace.sql.translate;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.operators.aggregate.AggregateCall;
import io.millrace.operators.aggregate.AggregateFunction;
import io.millrace.operators.aggregate.AggregateSpec;
import io.millrace.operators.graph.Partitioning;
import io.millrace.operators.window.WindowAggregateSpec;
import io.millrace.operators.window.WindowAggregateSpec.Boundary;
import io.millrace.sql.plan.PlanFacts;
import io.millrace.sql.plan.TimeAttributes;
import io.millrace.sql.plan.WindowAssign;
import io.millrace.sql.types.RelTypes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/** Aggregates, on their own or by the windows of a window function right below them. */
final class AggregateTranslator {
    private final GraphTranslator translator;

    AggregateTranslator(GraphTranslator translator) {
        this.translator = translator;
    }

    Stream translate(Aggregate aggregate) {
        if (aggregate.getGroupSets().size() > 1) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "GROUPING SETS are not supported yet");
        }
        List<Integer> needed = columnsNeeded(aggregate);
        Chain chain = Chain.of(aggregate.getInput(), needed);
        if (chain.base() instanceof WindowAssign window) {
            Windowed windowed = Windowed.of(aggregate, needed, chain, window);
            if (windowed != null) {
                requireEventTime(window);
                Stream windows = windowed(aggregate, window, windowed);
                return chain.condition() == null ? windows : filtered(windows, aggregate, windowed, chain.condition());
            }
        }
        List<String> names = needed.stream().map(aggregate.getInput().getRowType().getFieldNames()::get).toList();
        return plain(aggregate, needed, translator.translate(chain, names));
    }

    /** Group keys, arguments and filters, each once, in the order in which they are first needed. */
    private static List<Integer> columnsNeeded(Aggregate aggregate) {
        Set<Integer> needed = new LinkedHashSet<>(aggregate.getGroupSet().asList());
        for (org.apache.calcite.rel.core.AggregateCall call : aggregate.getAggCallList()) {
            needed.addAll(call.getArgList());
            if (call.hasFilter()) {
                needed.add(call.filterArg);
            }
        }
        return List.copyOf(needed);
    }

    /** In streaming mode windows close by watermark, which only an event time has. */
    void requireEventTime(WindowAssign window) {
        if (!translator.settings().batch() && !TimeAttributes.isEventTime(window.getInput(), window.timeColumn())) {
            String name = window.getInput().getRowType().getFieldNames().get(window.timeColumn());
            throw translator
                    .plan()
                    .places()
                    .atWindow(
                            new MillraceException(
                                            ErrorCode.SQL_INVALID,
                                            "windows in streaming mode need an event time; " + name + " is none")
                                    .withHelp(
                                            "Declare WATERMARK FOR "
                                                    + name
                                                    + " AS "
                                                    + name
                                                    + " - INTERVAL '5' SECOND in its table."),
                            name);
        }
    }

    private Stream plain(Aggregate aggregate, List<Integer> needed, Stream input) {
        List<Integer> keys = new ArrayList<>();
        for (int key : aggregate.getGroupSet()) {
            keys.add(input.layout().get(needed.indexOf(key)));
        }
        List<AggregateCall> calls = new ArrayList<>();
        for (org.apache.calcite.rel.core.AggregateCall call : aggregate.getAggCallList()) {
            calls.add(call(call, column -> input.layout().get(needed.indexOf(column))));
        }
        Schema schema = RelTypes.toSchema(aggregate.getRowType());
        ChangelogKind kind = translator.settings().batch() ? ChangelogKind.APPEND : ChangelogKind.RETRACT;
        boolean gathered = keys.isEmpty();
        Stream source = gathered ? PartialAggregation.of(translator, input, calls) : input;
        List<AggregateCall> finalCalls = gathered && !source.equals(input) ? PartialAggregation.merging(calls) : calls;
        AggregateSpec spec = new AggregateSpec(source.schema(), keys, finalCalls, schema, source.kind(), kind);
        int parallelism = gathered ? 1 : translator.settings().parallelism();
        Partitioning partitioning = gathered ? Partitioning.GATHER : new Partitioning.Hash(keys);
        int node = translator.graph().operator(spec, source, partitioning, parallelism);
        return new Stream(List.of(node), schema, GraphTranslator.identity(schema.size()), kind, parallelism);
    }

    private interface Columns {
        int of(int column);
    }

    private static AggregateCall call(org.apache.calcite.rel.core.AggregateCall call, Columns columns) {
        AggregateFunction function =
                switch (call.getAggregation().getKind()) {
                    case COUNT -> AggregateFunction.COUNT;
                    case SUM -> AggregateFunction.SUM;
                    case MIN -> AggregateFunction.MIN;
                    case MAX -> AggregateFunction.MAX;
                    case AVG -> AggregateFunction.AVG;
                    default -> throw unsupported("the aggregate " + call.getAggregation().getName());
                };
        if (call.getArgList().size() > 1) {
            throw unsupported(function + " of several columns");
        }
        int argument = call.getArgList().isEmpty() ? -1 : columns.of(call.getArgList().getFirst());
        int filter = call.hasFilter() ? columns.of(call.filterArg) : -1;
        return new AggregateCall(function, call.isDistinct(), argument, filter, RelTypes.toDataType(call.getType()));
    }

    private static MillraceException unsupported(String what) {
        return new MillraceException(ErrorCode.UNSUPPORTED, what + " is not supported yet");
    }

    /**
     * An aggregate by window.
     *
     * @param needed columns of the aggregate's input; for each, its expression over the window's output
     * @param inputs columns of the window's output before its boundaries
     * @param boundaries those grouped by, in the order of the group keys
     * @param filtered those that only the condition reads; one boundary decides the others
     */
    private record Windowed(
            List<Integer> needed,
            List<RexNode> expressions,
            int inputs,
            List<Boundary> boundaries,
            List<Boundary> filtered) {
        /**
         * Null when the aggregate is not one by window: no boundary among its keys, or one in an expression, or a
         * condition on more than boundaries. One on boundaries alone lets whole windows pass or none of them.
         */
        static Windowed of(Aggregate aggregate, List<Integer> needed, Chain chain, WindowAssign window) {
            int inputs = window.getInput().getRowType().getFieldCount();
            List<Boundary> boundaries = new ArrayList<>();
            for (int i = 0; i < needed.size(); i++) {
                RexNode expression = chain.expressions().get(i);
                boolean key = aggregate.getGroupSet().get(needed.get(i));
                if (key && expression instanceof RexInputRef ref && ref.getIndex() >= inputs) {
                    boundaries.add(Boundary.values()[ref.getIndex() - inputs]);
                } else if (RelOptUtil.InputFinder.bits(expression).nextSetBit(inputs) >= 0) {
                    return null;
                }
            }
            List<Boundary> filtered = new ArrayList<>();
            if (chain.condition() != null) {
                for (int column : RelOptUtil.InputFinder.bits(chain.condition())) {
                    if (column < inputs) {
                        return null;
                    }
                    Boundary boundary = Boundary.values()[column - inputs];
                    if (!boundaries.contains(boundary)) {
                        filtered.add(boundary);
                    }
                }
            }
            return boundaries.isEmpty()
                    ? null
                    : new Windowed(needed, chain.expressions(), inputs, boundaries, filtered);
        }

        /** What the operator gives out. */
        List<Boundary> all() {
            List<Boundary> all = new ArrayList<>(boundaries);
            all.addAll(filtered);
            return all;
        }
    }

    /** Leaves out windows by their boundaries, once they are aggregated: until then their rows may be late. */
    private Stream filtered(Stream windows, Aggregate aggregate, Windowed windowed, RexNode condition) {
        int outputs = aggregate.getRowType().getFieldCount();
        int firstBoundary =
                aggregate.getGroupCount() - windowed.boundaries().size() + aggregate.getAggCallList().size();
        List<Integer> layout = new ArrayList<>(windows.layout());
        for (int i = 0; i < windowed.all().size(); i++) {
            layout.add(firstBoundary + i);
        }
        RexNode moved =
                condition.accept(
                        new RexShuttle() {
                            @Override
                            public RexNode visitInputRef(RexInputRef ref) {
                                Boundary boundary = Boundary.values()[ref.getIndex() - windowed.inputs()];
                                return new RexInputRef(outputs + windowed.all().indexOf(boundary), ref.getType());
                            }
                        });
        List<RexNode> columns = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            columns.add(RexInputRef.of(i, aggregate.getRowType()));
        }
        Stream wider = new Stream(windows.nodes(), windows.schema(), layout, windows.kind(), windows.parallelism());
        return translator.calc(wider, new Chain(aggregate, moved, columns), aggregate.getRowType().getFieldNames());
    }

    private Stream windowed(Aggregate aggregate, WindowAssign window, Windowed windowed) {
        int inputs = window.getInput().getRowType().getFieldCount();
        List<RexNode> wanted = new ArrayList<>();
        List<String> names = new ArrayList<>();
        int[] placeOf = new int[windowed.needed().size()];
        for (int i = 0; i < windowed.needed().size(); i++) {
            RexNode expression = windowed.expressions().get(i);
            boolean boundary = expression instanceof RexInputRef ref && ref.getIndex() >= inputs;
            placeOf[i] = boundary ? -1 : wanted.size();
            if (!boundary) {
                wanted.add(expression);
                names.add(aggregate.getInput().getRowType().getFieldNames().get(windowed.needed().get(i)));
            }
        }
        wanted.add(RexInputRef.of(window.timeColumn(), window.getInput().getRowType()));
        names.add(window.getInput().getRowType().getFieldNames().get(window.timeColumn()));
        Stream input = translator.translate(below(window, wanted), names);
        return windowed(aggregate, window, windowed, input, placeOf);
    }

    private static Chain below(WindowAssign window, List<RexNode> wanted) {
        LogicalProject project =
                LogicalProject.create(window.getInput(), List.of(), wanted, (List<String>) null, Set.of());
        return Chain.of(project, GraphTranslator.identity(wanted.size()));
    }

    private Stream windowed(Aggregate aggregate, WindowAssign window, Windowed windowed, Stream input, int[] placeOf) {
        Columns columns = column -> input.layout().get(placeOf[windowed.needed().indexOf(column)]);
        List<Integer> keys = new ArrayList<>();
        List<Integer> layout = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        List<Field> boundaryFields = new ArrayList<>();
        int keyCount = aggregate.getGroupCount() - windowed.boundaries().size();
        int callCount = aggregate.getAggCallList().size();
        Schema row = RelTypes.toSchema(aggregate.getRowType());
        for (int i = 0; i < aggregate.getGroupCount(); i++) {
            int column = aggregate.getGroupSet().nth(i);
            if (placeOf[windowed.needed().indexOf(column)] < 0) {
                layout.add(keyCount + callCount + boundaryFields.size());
                boundaryFields.add(row.field(i));
            } else {
                layout.add(keys.size());
                keys.add(columns.of(column));
                fields.add(row.field(i));
            }
        }
        List<AggregateCall> calls = new ArrayList<>();
        for (int i = 0; i < callCount; i++) {
            calls.add(call(aggregate.getAggCallList().get(i), columns));
            layout.add(keyCount + i);
            fields.add(row.field(aggregate.getGroupCount() + i));
        }
        for (Boundary boundary : windowed.filtered()) {
            RelDataTypeField field = window.added().get(boundary.ordinal());
            boundaryFields.add(new Field("$" + field.getName(), RelTypes.toDataType(field.getType())));
        }
        fields.addAll(boundaryFields);
        boolean early = translator.settings().earlyResults() && !translator.settings().batch();
        WindowAggregateSpec spec =
                new WindowAggregateSpec(
                        input.schema(),
                        window.shape(),
                        input.layout().getLast(),
                        keys,
                        calls,
                        windowed.all(),
                        new Schema(fields),
                        input.kind(),
                        early,
                        PlanFacts.tableUnder(window));
        boolean gathered = keys.isEmpty();
        int parallelism = gathered ? 1 : translator.settings().parallelism();
        Partitioning partitioning = gathered ? Partitioning.GATHER : new Partitioning.Hash(keys);
        int node = translator.graph().operator(spec, input, partitioning, parallelism);
        return new Stream(List.of(node), spec.outputSchema(), layout, spec.changelogKind(), parallelism);
    }

    /** Whether sums of the type come out the same in whatever order parts of them are added. */
    static boolean isExact(DataType type) {
        return switch (type.kind()) {
            case FLOAT, DOUBLE -> false;
            default -> true;
        };
    }
}
