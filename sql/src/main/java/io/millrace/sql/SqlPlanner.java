package io.millrace.sql;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Sink;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.sql.catalog.Catalog;
import io.millrace.sql.catalog.CatalogMaterializedView;
import io.millrace.sql.catalog.CatalogTable;
import io.millrace.sql.catalog.CatalogView;
import io.millrace.sql.catalog.Connectors;
import io.millrace.sql.catalog.PlannerEnvironment;
import io.millrace.sql.ddl.InsertTarget;
import io.millrace.sql.ddl.TableResolver;
import io.millrace.sql.ddl.ViewResolver;
import io.millrace.sql.parser.StatementParser;
import io.millrace.sql.plan.Optimizer;
import io.millrace.sql.plan.PlanFacts;
import io.millrace.sql.plan.SourcePlaces;
import io.millrace.sql.statement.Name;
import io.millrace.sql.statement.Statement;
import io.millrace.sql.statement.StatementSource;
import io.millrace.sql.translate.GraphTranslator;
import io.millrace.sql.translate.PlanInput;
import io.millrace.sql.translate.PlanSettings;
import io.millrace.sql.types.RelTypes;
import io.millrace.sql.validate.RelPlanner;
import io.millrace.sql.validate.StoredTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.sql.SqlNode;

/**
 * The front door: statements that {@link io.millrace.sql.parser.StatementParser} read become catalog objects and
 * operator graphs. It changes neither catalog nor files; the session does what a statement asks. Thread-safe as far as
 * its catalog, connectors and environment are. A call may look at files and topics on the calling thread, and plans on
 * a thread of its own that has stack enough for deep queries. Errors are {@link MillraceException}s with a place
 * wherever there is one.
 */
public final class SqlPlanner {
    private final Catalog catalog;
    private final Connectors connectors;
    private final PlannerEnvironment environment;

    public SqlPlanner(Catalog catalog, Connectors connectors, PlannerEnvironment environment) {
        this.catalog = catalog;
        this.connectors = connectors;
        this.environment = environment;
    }

    /** A query and where its rows go; the table's name is for messages. */
    public record Output(QueryPlan plan, String table, Sink sink) {}

    public QueryPlan plan(Statement.Query query, PlanOptions options) {
        return PlanningThread.call(() -> plan(query.query(), options, null));
    }

    /** The plan of an INSERT; its result has the columns that the table writes, with the table's types. */
    public QueryPlan plan(Statement.Insert insert, PlanOptions options) {
        return PlanningThread.call(() -> {
            CatalogTable table = catalog.requireTable(insert.target());
            return plan(insert.query(), options, new InsertTarget(table, insert));
        });
    }

    /** The plan that keeps a materialized view up to date. */
    public QueryPlan plan(Statement.CreateMaterializedView view, PlanOptions options) {
        return PlanningThread.call(() -> plan(view.query(), options, null));
    }

    /** The sink of a table. May look at files or topics. */
    public Sink sink(CatalogTable table) {
        return connectors
                .require(table.connector())
                .createSink(
                        table.sinkDescriptor(), new RelPlanner(catalog, connectors, environment).connectorContext());
    }

    /** One graph for one or several queries: one job, in batch mode when all of them are. */
    public OperatorGraph graph(List<Output> outputs) {
        return PlanningThread.call(() -> {
            boolean batch = outputs.stream().allMatch(output -> output.plan().isBatch());
            List<GraphTranslator.Output> planned = new ArrayList<>();
            for (Output output : outputs) {
                PlanSettings settings = settings(batch, output.plan().options());
                QueryPlan plan = output.plan();
                planned.add(
                        new GraphTranslator.Output(
                                plan.input(), settings, output.table(), output.sink(), plan.schema(), plan.required()));
            }
            return GraphTranslator.graph(planned);
        });
    }

    private static PlanSettings settings(boolean batch, PlanOptions options) {
        return new PlanSettings(batch, options.parallelism(), options.earlyResults());
    }

    /** What CREATE TABLE declares, checked: types, computed columns, watermark, key, connector and options. */
    public CatalogTable resolve(Statement.CreateTable statement) {
        return PlanningThread.call(() -> new TableResolver(catalog, connectors, environment).resolve(statement));
    }

    /** What CREATE TABLE … AS declares: the columns are the query's. */
    public Statement.Insert insertOf(Statement.CreateTable statement) {
        return new Statement.Insert(statement.source(), statement.name(), List.of(), statement.query());
    }

    public CatalogView resolve(Statement.CreateView statement) {
        return PlanningThread.call(() -> new ViewResolver(catalog, connectors, environment).resolve(statement));
    }

    /** The view with its schema; without a declared key, the one that the query's plan has, if any. */
    public CatalogMaterializedView resolve(Statement.CreateMaterializedView statement) {
        return PlanningThread.call(() -> {
            QueryPlan plan = plan(statement.query(), new PlanOptions(RuntimeMode.STREAMING, 1, false), null);
            return ViewResolver.materialized(statement, plan.schema(), plan.uniqueKey());
        });
    }

    /** EXPLAIN: the optimised plan, and the graph; as text, or as one JSON object. */
    public String explain(Statement.Explain explain, PlanOptions options) {
        return new Explainer(this, catalog).explain(explain, options);
    }

    /** The optimised relational plan as an indented text. */
    public String logicalPlan(QueryPlan plan) {
        return Explainer.logicalPlan(plan.input().root());
    }

    private QueryPlan plan(StatementSource text, PlanOptions options, InsertTarget target) {
        SqlNode query = StatementParser.parseQuery(text);
        SourcePlaces places = SourcePlaces.of(query);
        RelPlanner planner = new RelPlanner(catalog, connectors, environment);
        RelRoot root = target == null ? planner.toRel(query) : target.toRel(planner, query);
        try {
            RelNode optimized = Optimizer.optimize(root.project(), places);
            PlanInput input = new PlanInput(optimized, places, planner, environment.clock().epochMicros());
            boolean batch = isBatch(optimized, options.mode(), places);
            PlanSettings settings = settings(batch, options);
            ChangelogKind kind = GraphTranslator.changelogKind(input, settings);
            return new QueryPlan(
                    input,
                    RelTypes.toSchema(root.validatedRowType),
                    target == null ? List.of() : target.required(),
                    batch,
                    kind,
                    options);
        } catch (MillraceException e) {
            throw places.atQuery(e);
        }
    }

    private static boolean isBatch(RelNode root, RuntimeMode mode, SourcePlaces places) {
        for (StoredTable table : PlanFacts.storedTables(root)) {
            if (mode == RuntimeMode.BATCH && !table.source().isBounded()) {
                MillraceException error =
                        new MillraceException(
                                ErrorCode.SQL_INVALID,
                                table.name() + " never ends, and execution.runtime-mode is batch");
                throw places.atTable(
                        error.withHelp(
                                "SET 'execution.runtime-mode' = 'streaming', or bound the table with its options."),
                        table.name());
            }
        }
        return mode == RuntimeMode.BATCH || (mode == RuntimeMode.AUTOMATIC && PlanFacts.isBounded(root));
    }

    /** A name that stands nowhere in a text, for calls from Java. */
    public static Name name(String text) {
        return new Name(text, new io.millrace.memory.error.SqlPosition(1, 1));
    }
}
