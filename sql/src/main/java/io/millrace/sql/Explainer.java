package io.millrace.sql;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.sql.catalog.Catalog;
import io.millrace.sql.statement.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.SqlExplainLevel;

/** What EXPLAIN answers: the optimised plan of each query, then the graph they make, nothing of which is run. */
final class Explainer {
    private final SqlPlanner planner;
    private final Catalog catalog;

    Explainer(SqlPlanner planner, Catalog catalog) {
        this.planner = planner;
        this.catalog = catalog;
    }

    String explain(Statement.Explain explain, PlanOptions options) {
        List<SqlPlanner.Output> outputs = outputs(explain.statement(), options);
        OperatorGraph graph = planner.graph(outputs);
        return explain.json() ? json(outputs, graph) : text(outputs, graph);
    }

    private List<SqlPlanner.Output> outputs(Statement statement, PlanOptions options) {
        return switch (statement) {
            case Statement.Query query -> List.of(output(planner.plan(query, options), "result"));
            case Statement.Insert insert -> List.of(insert(insert, options));
            case Statement.StatementSet set -> {
                List<SqlPlanner.Output> outputs = new ArrayList<>();
                set.inserts().forEach(insert -> outputs.add(insert(insert, options)));
                yield outputs;
            }
            case Statement.CreateMaterializedView view ->
                    List.of(output(planner.plan(view, options.withEarlyResults(true)), "view " + view.name()));
            default ->
                    throw new MillraceException(
                                    ErrorCode.UNSUPPORTED, "EXPLAIN of " + statement.kind() + " is not supported")
                            .at(statement.source().position());
        };
    }

    private SqlPlanner.Output insert(Statement.Insert insert, PlanOptions options) {
        QueryPlan plan = planner.plan(insert, options);
        return new SqlPlanner.Output(plan, insert.target().text(), planner.sink(catalog.requireTable(insert.target())));
    }

    private static SqlPlanner.Output output(QueryPlan plan, String name) {
        return new SqlPlanner.Output(plan, name, new Nowhere());
    }

    /** Stands for a client or a view, which only the session has. */
    private static final class Nowhere implements Sink {
        @Override
        public ChangelogKind accepts() {
            return ChangelogKind.RETRACT;
        }

        @Override
        public String describe() {
            return "";
        }

        @Override
        public SinkRun start(SinkRequest request) {
            throw MillraceException.internal("an explained plan is not run");
        }
    }

    private String text(List<SqlPlanner.Output> outputs, OperatorGraph graph) {
        StringBuilder text = new StringBuilder("== Logical plan ==\n");
        outputs.forEach(output -> text.append(planner.logicalPlan(output.plan())));
        QueryPlan first = outputs.getFirst().plan();
        text.append("\n== Operator graph (").append(mode(outputs)).append(") ==\n").append(graph.explain());
        if (first.changelogKind() != ChangelogKind.APPEND) {
            text.append("\nThe result changes as rows come.\n");
        }
        return text.toString();
    }

    private static String mode(List<SqlPlanner.Output> outputs) {
        return outputs.stream().allMatch(output -> output.plan().isBatch()) ? "batch" : "streaming";
    }

    private String json(List<SqlPlanner.Output> outputs, OperatorGraph graph) {
        JsonText json = new JsonText();
        json.object(() -> {
            json.field("mode", mode(outputs));
            json.array("logical", outputs, output -> json.value(planner.logicalPlan(output.plan())));
            json.array(
                    "operators",
                    graph.nodes(),
                    node ->
                            json.object(() -> {
                                json.field("id", node.id());
                                json.field("name", node.spec().name());
                                json.field("details", node.spec().describe());
                                json.field("parallelism", node.parallelism());
                                json.field("bounded", graph.isBounded(node.id()));
                                json.field("changelog", node.spec().changelogKind().name());
                                json.field("schema", node.spec().outputSchema().toString());
                                json.array(
                                        "inputs",
                                        node.inputs(),
                                        edge ->
                                                json.object(() -> {
                                                    json.field("from", edge.from());
                                                    json.field("partitioning", edge.partitioning().toString());
                                                }));
                            }));
        });
        return json.toString();
    }

    /** A relational plan as an indented text, a line an operator. */
    static String logicalPlan(RelNode root) {
        return RelOptUtil.toString(root, SqlExplainLevel.EXPPLAN_ATTRIBUTES);
    }
}
