package io.millrace.sql.translate;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Sink;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.operators.calc.CalcSpec;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.operators.graph.Partitioning;
import io.millrace.operators.sink.SinkSpec;
import io.millrace.operators.sort.SortKey;
import io.millrace.operators.sort.SortSpec;
import io.millrace.operators.values.ValuesSpec;
import io.millrace.operators.window.WindowAssignSpec;
import io.millrace.sql.plan.PlanFacts;
import io.millrace.sql.plan.WindowAssign;
import io.millrace.sql.types.RelTypes;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/**
 * Relational operators to the graph that runs. Filters and projections above one operator become one Calc; a scan reads
 * the columns its chain needs; an aggregate by windows becomes one operator with the window. One planning, one thread.
 */
public final class GraphTranslator {
    private static final BigDecimal MOST_ROWS = BigDecimal.valueOf(Long.MAX_VALUE);

    private final PlanInput plan;
    private final PlanSettings settings;
    private final GraphBuilder graph;
    private final SharedScans shared;
    private final ExpressionTranslator expressions;
    private final ScanTranslator scans;
    private final AggregateTranslator aggregates;

    private GraphTranslator(PlanInput plan, PlanSettings settings, GraphBuilder graph, SharedScans shared) {
        this.plan = plan;
        this.settings = settings;
        this.graph = graph;
        this.shared = shared;
        this.expressions =
                new ExpressionTranslator(
                        plan.root().getCluster().getRexBuilder(),
                        plan.statementMicros(),
                        plan.planner().environment().zone());
        this.scans = new ScanTranslator(plan, settings, graph, expressions, shared);
        this.aggregates = new AggregateTranslator(this);
    }

    /**
     * One query and where its rows go.
     *
     * @param written the columns as they are written; the query's own types may differ in nullability alone
     * @param required columns in which the table takes no NULL
     */
    public record Output(
            PlanInput plan, PlanSettings settings, String table, Sink sink, Schema written, List<Integer> required) {}

    /** One graph for all the queries; what several of them read is read once. */
    public static OperatorGraph graph(List<Output> outputs) {
        SharedScans shared = new SharedScans();
        OperatorGraph alone = graph(outputs, shared);
        if (!shared.any()) {
            return alone;
        }
        shared.build();
        return graph(outputs, shared);
    }

    private static OperatorGraph graph(List<Output> outputs, SharedScans shared) {
        GraphBuilder graph = new GraphBuilder();
        for (Output output : outputs) {
            GraphTranslator translator = new GraphTranslator(output.plan(), output.settings(), graph, shared);
            translator.sink(translator.translateRoot(), output);
        }
        return graph.build();
    }

    /** What changes the query's rows carry. */
    public static ChangelogKind changelogKind(PlanInput plan, PlanSettings settings) {
        return new GraphTranslator(plan, settings, new GraphBuilder(), new SharedScans()).translateRoot().kind();
    }

    private Stream translateRoot() {
        try {
            return inOrder(translate(plan.root()), plan.root());
        } catch (MillraceException e) {
            throw plan.places().atQuery(e);
        }
    }

    private void sink(Stream input, Output output) {
        if (input.kind() != ChangelogKind.APPEND && output.sink().accepts() == ChangelogKind.APPEND) {
            throw plan.places()
                    .atQuery(
                            new MillraceException(
                                            ErrorCode.SQL_INVALID,
                                            output.table()
                                                    + " takes only new rows; this query also changes rows that it gave"
                                                    + " before")
                                    .withHelp(
                                            "Aggregate by windows of event time, or write to a table with a primary key"
                                                    + " whose connector takes updates."));
        }
        List<Integer> key = output.sink().writerKey(input.kind());
        boolean together = key.isEmpty() || graph.isPartitionedBy(input, key);
        SinkSpec spec =
                new SinkSpec(
                        output.table(),
                        output.sink(),
                        named(input.schema(), output.written()),
                        input.kind(),
                        output.required(),
                        together ? graph.partitionedBy(input) : key);
        graph.operator(spec, input, together ? Partitioning.FORWARD : new Partitioning.Hash(key), input.parallelism());
    }

    /** Rules of the optimizer leave columns under whatever names they had; what is written has the names asked for. */
    private static Schema named(Schema types, Schema names) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            fields.add(new Field(names.name(i), types.type(i)));
        }
        return new Schema(fields);
    }

    PlanInput plan() {
        return plan;
    }

    PlanSettings settings() {
        return settings;
    }

    GraphBuilder graph() {
        return graph;
    }

    /** All columns of a relational operator. */
    Stream translate(RelNode rel) {
        return translate(rel, IntStream.range(0, rel.getRowType().getFieldCount()).boxed().toList());
    }

    /** These columns of a relational operator, in this order by the stream's layout. */
    Stream translate(RelNode rel, List<Integer> columns) {
        return translate(Chain.of(rel, columns), names(rel, columns));
    }

    private static List<String> names(RelNode rel, List<Integer> columns) {
        return columns.stream().map(rel.getRowType().getFieldNames()::get).toList();
    }

    Stream translate(Chain chain, List<String> names) {
        if (chain.base() instanceof Values values
                && chain.condition() == null
                && chain.expressions().stream().allMatch(RexLiteral.class::isInstance)) {
            return constants(values.getTuples().size(), chain, names);
        }
        Stream input =
                chain.base() instanceof TableScan scan ? scans.translate(scan, chain) : translateBase(chain.base());
        // What other readers of a scan need besides is left behind here, before an exchange would copy it.
        boolean wider = shared.isShared(input) && input.schema().size() > chain.columnsRead().size();
        if (chain.isSelection() && !wider) {
            List<Integer> layout = new ArrayList<>();
            chain.expressions().forEach(e -> layout.add(input.layout().get(((RexInputRef) e).getIndex())));
            return new Stream(input.nodes(), input.schema(), layout, input.kind(), input.parallelism());
        }
        return calc(input, chain, names);
    }

    Stream calc(Stream input, Chain chain, List<String> names) {
        Expression condition =
                chain.condition() == null ? null : expressions.translate(relaid(chain.condition(), input));
        List<Expression> projections = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            RexNode expression = chain.expressions().get(i);
            Expression projection = expressions.translate(relaid(expression, input));
            projections.add(projection);
            fields.add(
                    new Field(
                            names.get(i),
                            projection
                                    .type()
                                    .withNullable(expression.getType().isNullable() || projection.type().nullable())));
        }
        CalcSpec spec = new CalcSpec(input.schema(), condition, projections, new Schema(fields), input.kind());
        return forward(spec, input, spec.outputSchema(), input.kind());
    }

    private static RexNode relaid(RexNode expression, Stream input) {
        return expression.accept(new Relayout(input.layout()));
    }

    private Stream forward(OperatorSpec spec, Stream input, Schema schema, ChangelogKind kind) {
        int node = graph.operator(spec, input, Partitioning.FORWARD, input.parallelism());
        return new Stream(List.of(node), schema, identity(schema.size()), kind, input.parallelism());
    }

    static List<Integer> identity(int size) {
        return IntStream.range(0, size).boxed().toList();
    }

    private Stream translateBase(RelNode base) {
        return switch (base) {
            case Aggregate aggregate -> aggregates.translate(aggregate);
            case Sort sort -> sort(sort);
            case Union union -> union(union);
            case Values values -> values(values);
            case WindowAssign window -> window(window);
            default ->
                    throw new MillraceException(
                            ErrorCode.UNSUPPORTED, "queries with " + base.getRelTypeName() + " are not supported yet");
        };
    }

    private Stream constants(int rows, Chain chain, List<String> names) {
        List<Object> row = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Expression.Literal literal = Literals.of((RexLiteral) chain.expressions().get(i));
            row.add(literal.value());
            fields.add(new Field(names.get(i), literal.type()));
        }
        List<List<Object>> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            all.add(row);
        }
        return source(new ValuesSpec(new Schema(fields), all, null));
    }

    private Stream values(Values values) {
        Schema schema = RelTypes.toSchema(values.getRowType());
        List<List<Object>> rows = new ArrayList<>();
        for (List<RexLiteral> tuple : values.getTuples()) {
            List<Object> row = new ArrayList<>();
            for (int i = 0; i < tuple.size(); i++) {
                row.add(tuple.get(i).isNull() ? null : constant(tuple.get(i), schema.type(i)));
            }
            rows.add(row);
        }
        return source(new ValuesSpec(schema, rows, null));
    }

    private static Object constant(RexLiteral literal, DataType type) {
        Expression cast = Casts.cast(Literals.of(literal), type);
        if (cast instanceof Expression.Literal constant) {
            return constant.value();
        }
        return Literals.value(literal, type);
    }

    private Stream source(ValuesSpec spec) {
        int node = graph.source(spec, 1, true);
        return new Stream(
                List.of(node), spec.outputSchema(), identity(spec.outputSchema().size()), spec.changelogKind(), 1);
    }

    private Stream window(WindowAssign window) {
        aggregates.requireEventTime(window);
        Stream input = inOrder(translate(window.getInput()), window.getInput());
        Schema schema = RelTypes.toSchema(window.getRowType());
        WindowAssignSpec spec =
                new WindowAssignSpec(
                        input.schema(),
                        window.shape(),
                        window.timeColumn(),
                        schema,
                        input.kind(),
                        PlanFacts.tableUnder(window));
        return forward(spec, input, schema, input.kind());
    }

    private Stream sort(Sort sort) {
        Stream input = translate(sort.getInput());
        if (!settings.batch() && !PlanFacts.isBounded(sort)) {
            throw plan.places()
                    .atOrdering(
                            new MillraceException(
                                            ErrorCode.UNSUPPORTED,
                                            "ORDER BY and LIMIT need input that ends; this query reads a stream")
                                    .withHelp("Leave them out, or read a bounded table."));
        }
        List<SortKey> keys = new ArrayList<>();
        for (RelFieldCollation collation : sort.getCollation().getFieldCollations()) {
            boolean descending = collation.getDirection().isDescending();
            boolean nullsFirst =
                    collation.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
                            ? !descending
                            : collation.nullDirection == RelFieldCollation.NullDirection.FIRST;
            keys.add(new SortKey(input.layout().get(collation.getFieldIndex()), descending, nullsFirst));
        }
        SortSpec spec = new SortSpec(input.schema(), input.kind(), keys, rows(sort.offset, 0), rows(sort.fetch, -1));
        int node = graph.operator(spec, input, Partitioning.GATHER, 1);
        return new Stream(List.of(node), input.schema(), input.layout(), spec.changelogKind(), 1);
    }

    /** More rows than there can be are as many as there can be. */
    private static long rows(RexNode count, long absent) {
        return count == null
                ? absent
                : ((RexLiteral) count).getValueAs(BigDecimal.class).min(MOST_ROWS).longValueExact();
    }

    /** All inputs in one schema; the next operator has an edge from each. */
    private Stream union(Union union) {
        Schema schema = RelTypes.toSchema(union.getRowType());
        RexBuilder rex = union.getCluster().getRexBuilder();
        List<Integer> nodes = new ArrayList<>();
        ChangelogKind kind = ChangelogKind.APPEND;
        int parallelism = 1;
        for (RelNode input : union.getInputs()) {
            List<RexNode> casts = new ArrayList<>();
            for (int i = 0; i < schema.size(); i++) {
                RexNode ref = rex.makeInputRef(input, i);
                casts.add(
                        schema.type(i).sameValues(RelTypes.toDataType(ref.getType()))
                                ? ref
                                : rex.makeCast(union.getRowType().getFieldList().get(i).getType(), ref));
            }
            RelNode typed =
                    RexUtil.isIdentity(casts, input.getRowType())
                            ? input
                            : LogicalProject.create(input, List.of(), casts, union.getRowType(), Set.of());
            Stream stream = inOrder(translate(typed), typed);
            nodes.addAll(stream.nodes());
            parallelism = Math.max(parallelism, stream.parallelism());
            kind = stream.kind() == ChangelogKind.APPEND ? kind : stream.kind();
        }
        return new Stream(nodes, schema, identity(schema.size()), kind, parallelism);
    }

    /** The same rows with the columns where the relational operator has them. */
    Stream inOrder(Stream stream, RelNode rel) {
        if (stream.isInOrder()) {
            return stream;
        }
        List<Expression> projections = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < stream.layout().size(); i++) {
            int from = stream.layout().get(i);
            projections.add(new Expression.Input(from, stream.schema().type(from)));
            fields.add(new Field(rel.getRowType().getFieldNames().get(i), stream.schema().type(from)));
        }
        CalcSpec spec = new CalcSpec(stream.schema(), null, projections, new Schema(fields), stream.kind());
        return forward(spec, stream, spec.outputSchema(), stream.kind());
    }
}
