package io.millrace.sql;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.Source;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.memory.time.SimulatedClock;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.sql.catalog.Catalog;
import io.millrace.sql.catalog.CatalogObject;
import io.millrace.sql.catalog.Connectors;
import io.millrace.sql.catalog.PlannerEnvironment;
import io.millrace.sql.parser.SqlScript;
import io.millrace.sql.parser.StatementParser;
import io.millrace.sql.statement.Name;
import io.millrace.sql.statement.Statement;
import io.millrace.sql.statement.StatementSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** A session of which only the planner is real. */
final class PlannerHarness {
    static final String BIDS =
            """
            CREATE TABLE bids (auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
              date_time TIMESTAMP(3), extra STRING, WATERMARK FOR date_time AS date_time - INTERVAL '4' SECOND)
            WITH ('connector' = 'kafka', 'topic' = 'bids');
            CREATE TABLE history (auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
              date_time TIMESTAMP(3), extra STRING, WATERMARK FOR date_time AS date_time - INTERVAL '4' SECOND)
            WITH ('connector' = 'filesystem', 'path' = 'x/*.parquet');
            """;

    final Catalog catalog = new Catalog();
    final SqlPlanner planner =
            new SqlPlanner(
                    catalog,
                    Connectors.of(
                            new FakeConnector("filesystem", true),
                            new FakeConnector("kafka", false),
                            new FakeConnector("hybrid", false)),
                    new Environment());
    PlanOptions options = new PlanOptions(RuntimeMode.AUTOMATIC, 2, false);

    static PlannerHarness withBids() {
        PlannerHarness harness = new PlannerHarness();
        harness.run(BIDS);
        return harness;
    }

    /** Carries out DDL. */
    void run(String script) {
        for (StatementSource source : SqlScript.split(script)) {
            Statement statement = StatementParser.parse(source);
            switch (statement) {
                case Statement.CreateTable table -> create(planner.resolve(table), table.name());
                case Statement.CreateView view -> create(planner.resolve(view), view.name());
                case Statement.CreateMaterializedView view -> create(planner.resolve(view), view.name());
                default -> throw new AssertionError(statement.kind());
            }
        }
    }

    private void create(CatalogObject object, Name name) {
        catalog.create(object, name, false, false);
    }

    QueryPlan plan(String sql) {
        return planner.plan((Statement.Query) StatementParser.parse(SqlScript.split(sql).getFirst()), options);
    }

    /** The operator graph's lines, without the sink. */
    String graph(String sql) {
        String explained = explain("EXPLAIN " + sql);
        return explained.substring(explained.indexOf("==\n", explained.indexOf("Operator graph")) + 3);
    }

    String explain(String sql) {
        return planner.explain((Statement.Explain) StatementParser.parse(SqlScript.split(sql).getFirst()), options);
    }

    MillraceException failure(String sql) {
        return catchThrowableOfType(
                MillraceException.class,
                () -> {
                    Statement statement = StatementParser.parse(SqlScript.split(sql).getFirst());
                    switch (statement) {
                        case Statement.Query query -> planner.plan(query, options);
                        case Statement.Insert insert -> insert(insert);
                        default -> run(sql);
                    }
                });
    }

    /** The graph of an INSERT. */
    OperatorGraph insert(Statement.Insert insert) {
        QueryPlan plan = planner.plan(insert, options);
        Sink sink = planner.sink(catalog.requireTable(insert.target()));
        return planner.graph(List.of(new SqlPlanner.Output(plan, insert.target().text(), sink)));
    }

    private static final class Environment implements PlannerEnvironment {
        @Override
        public Clock clock() {
            return new SimulatedClock(0);
        }

        @Override
        public ZoneId zone() {
            return ZoneOffset.UTC;
        }

        @Override
        public String setting(String key) {
            return null;
        }

        @Override
        public void warn(String text) {}

        @Override
        public Optional<Source> engineTable(String name) {
            return Optional.of(new FakeConnector.FakeSource("engine " + name, FakeConnector.BIDS, true));
        }
    }
}
