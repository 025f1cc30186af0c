package io.millrace.engine;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Sink;
import io.millrace.engine.Result.Outcome;
import io.millrace.engine.collect.CollectSink;
import io.millrace.engine.config.SessionSettings;
import io.millrace.engine.durable.Durability;
import io.millrace.engine.durable.DurableJob;
import io.millrace.engine.job.EngineJob;
import io.millrace.engine.view.View;
import io.millrace.engine.view.ViewDefinition;
import io.millrace.engine.view.ViewGroup;
import io.millrace.engine.view.ViewReads;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.job.JobOptions;
import io.millrace.sql.PlanOptions;
import io.millrace.sql.QueryPlan;
import io.millrace.sql.SqlPlanner;
import io.millrace.sql.SqlPlanner.Output;
import io.millrace.sql.catalog.CatalogMaterializedView;
import io.millrace.sql.catalog.CatalogObject;
import io.millrace.sql.catalog.CatalogTable;
import io.millrace.sql.parser.SqlScript;
import io.millrace.sql.parser.StatementParser;
import io.millrace.sql.plan.WindowEnd;
import io.millrace.sql.statement.Name;
import io.millrace.sql.statement.Statement;
import io.millrace.sql.statement.StatementSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Does what statements ask. One session, one thread. */
final class StatementRunner {
    private final Session session;
    private final Millrace millrace;
    private final SqlPlanner planner;
    private final SessionSettings settings;
    private final InformationStatements information;

    /** Views that were only explained. */
    private final List<ViewGroup> explained = new ArrayList<>();

    StatementRunner(Session session) {
        this.session = session;
        this.millrace = session.millrace();
        this.planner = session.planner();
        this.settings = session.settings();
        this.information = new InformationStatements(session);
    }

    /** A statement that was tried: its result, or its failure and what it cost. */
    record Attempt(Result result, MillraceException failure, Statistics failed) {
        Result resultOrThrow() {
            if (failure != null) {
                throw failure;
            }
            return result;
        }
    }

    /** What a statement adds to a script's job. */
    private static final class Collected {
        private final List<Output> outputs = new ArrayList<>();
        private final List<View> views = new ArrayList<>();
        private final List<String> tables = new ArrayList<>();
        private final ViewGroup group;

        Collected(ViewGroup group) {
            this.group = group;
        }
    }

    Attempt run(int number, StatementSource source) {
        Result.Meter meter = session.meter();
        String kind = firstWord(source);
        ViewReads reads = session.environment().beginStatement();
        try {
            Statement statement = StatementParser.parse(source);
            kind = statement.kind();
            Outcome outcome = run(statement);
            return new Attempt(new Result(number, kind, outcome, reads, meter, source.position()), null, null);
        } catch (RuntimeException e) {
            reads.close();
            MillraceException failure = placed(MillraceException.wrap(e), source);
            Statistics failed =
                    new Statistics(
                            number,
                            kind,
                            null,
                            meter.wallMillis(),
                            meter.cpuMillis(),
                            0,
                            0,
                            0,
                            ProcessUsage.peakRssBytes(),
                            failure.code().name());
            return new Attempt(null, failure, failed);
        }
    }

    /** An error that knows no place in the script is the whole statement's. */
    private static MillraceException placed(MillraceException failure, StatementSource source) {
        return failure.position() == null ? failure.at(source.position()) : failure;
    }

    private static String firstWord(StatementSource source) {
        String text = source.text();
        int end = 0;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end).toLowerCase(Locale.ROOT);
    }

    private Outcome run(Statement statement) {
        return switch (statement) {
            case Statement.Query query -> query(query);
            case Statement.Insert insert -> write(List.of(insert));
            case Statement.StatementSet set -> write(set.inserts());
            case Statement.CreateMaterializedView view -> createMaterializedView(view);
            case Statement.CreateTable table -> createTable(table);
            default -> information.run(statement);
        };
    }

    // ---- queries ----

    private PlanOptions planOptions(boolean earlyResults) {
        return new PlanOptions(settings.runtimeMode(), settings.parallelism(), earlyResults);
    }

    private JobOptions jobOptions(boolean batch) {
        return JobOptions.DEFAULTS
                .withBatchRows(settings.batchRows())
                .withEpochNanos(settings.viewEpochNanos())
                .withIdleTimeoutNanos(settings.idleTimeoutNanos())
                .withKeyGroups(settings.keyGroups())
                .withKernels(settings.kernels())
                .withStateMemoryPercent(settings.stateMemoryPercent())
                .withChanging(!batch);
    }

    private static String mode(boolean batch) {
        return batch ? "batch" : "streaming";
    }

    private Outcome query(Statement.Query query) {
        QueryPlan plan = planner.plan(query, planOptions(false));
        CollectSink sink = new CollectSink(plan.schema(), !plan.isBatch(), resultKey(plan));
        OperatorGraph graph = planner.graph(List.of(new Output(plan, "result", sink)));
        EngineJob job = millrace.jobs().runQuery(millrace.jobs().nextName(), graph, jobOptions(plan.isBatch()));
        return new Outcome(mode(plan.isBatch()), sink.resultSchema(), new QueryRows(job, sink), job);
    }

    /** What names a row of the result: columns, nothing when there is only one row, null when it is not known. */
    private static List<Integer> resultKey(QueryPlan plan) {
        return plan.uniqueKey().isEmpty() && !plan.isSingleRow() ? null : plan.uniqueKey();
    }

    // ---- tables ----

    private Outcome createTable(Statement.CreateTable statement) {
        CatalogTable table = planner.resolve(statement);
        boolean created = session.catalog().create(table, statement.name(), statement.ifNotExists(), false);
        if (!created || statement.query() == null) {
            return Outcome.done();
        }
        return write(List.of(planner.insertOf(statement)));
    }

    private Outcome write(List<Statement.Insert> inserts) {
        Collected collected = new Collected(null);
        inserts.forEach(insert -> collect(insert, collected));
        return start(jobName(), collected);
    }

    private void collect(Statement.Insert insert, Collected collected) {
        QueryPlan plan = planner.plan(insert, planOptions(false));
        CatalogTable table = session.catalog().requireTable(insert.target());
        Sink sink = sink(table, insert.target());
        collected.outputs.add(new Output(plan, table.name(), sink));
        collected.tables.add(table.name());
    }

    private Sink sink(CatalogTable table, Name target) {
        try {
            return planner.sink(table);
        } catch (MillraceException failure) {
            throw failure.position() == null ? failure.at(target.position()) : failure;
        }
    }

    private String jobName() {
        return settings.jobName() == null ? millrace.jobs().nextName() : settings.jobName();
    }

    private Outcome start(String name, Collected collected) {
        return start(name, collected, null);
    }

    private Outcome start(String name, Collected collected, DurableJob kept) {
        boolean batch = collected.outputs.stream().allMatch(output -> output.plan().isBatch());
        OperatorGraph fresh = planner.graph(collected.outputs);
        OperatorGraph graph = kept == null ? fresh : stored(kept, fresh);
        EngineJob job = startOrClose(name, graph, batch, collected, kept);
        // A view in streaming mode is there to be read while its job runs.
        boolean waits = batch || collected.group == null;
        return new Outcome(mode(batch), null, waits ? new JobWait(job) : RowStream.none(), job);
    }

    /** The graph that an unchanged script ran, also when it would be planned otherwise now. */
    private OperatorGraph stored(DurableJob kept, OperatorGraph fresh) {
        try {
            String conditions =
                    "parallelism="
                            + settings.parallelism()
                            + " mode="
                            + settings.runtimeMode()
                            + " zone="
                            + session.environment().zone();
            return kept.plan(fresh, conditions);
        } catch (RuntimeException failure) {
            kept.close();
            throw failure;
        }
    }

    private EngineJob startOrClose(
            String name, OperatorGraph graph, boolean batch, Collected collected, DurableJob kept) {
        JobOptions options = jobOptions(batch);
        if (kept != null) {
            options = options.withCheckpointIntervalNanos(settings.checkpointIntervalNanos());
        }
        try {
            return millrace.jobs().start(name, graph, options, collected.group, kept);
        } catch (RuntimeException failure) {
            if (kept != null) {
                kept.close();
            }
            throw failure;
        }
    }

    // ---- materialized views ----

    private Outcome createMaterializedView(Statement.CreateMaterializedView statement) {
        Optional<CatalogObject> present = session.catalog().find(statement.name().text());
        if (present.isPresent() && statement.ifNotExists()) {
            return Outcome.done();
        }
        if (present.isPresent() && statement.replace() && present.get() instanceof CatalogMaterializedView) {
            // What is wrong with the new one must not cost the old one.
            rehearse(statement);
            information.dropView(statement.name().text());
        }
        String name = jobName();
        ViewGroup group = millrace.views().newGroup(name);
        try {
            Collected collected = new Collected(group);
            collect(statement, collected);
            return start(name, collected);
        } catch (RuntimeException failure) {
            forget(group);
            throw failure;
        }
    }

    /** Rows that only come, and may have a key in common, overwrite each other in the order in which they arrive. */
    private void warnOfChance(CatalogMaterializedView view, QueryPlan plan, List<Integer> key) {
        boolean apart = !plan.uniqueKey().isEmpty() && key.containsAll(plan.uniqueKey()) || plan.isSingleRow();
        if (plan.changelogKind() == ChangelogKind.APPEND && !key.isEmpty() && !apart) {
            session.warn(
                    "view "
                            + view.name()
                            + ": of rows with the same PRIMARY KEY the one that arrives last stays, and which that is"
                            + " may differ from run to run; say which with an aggregate");
        }
    }

    /** Plans a view as far as that goes without making it. */
    private void rehearse(Statement.CreateMaterializedView statement) {
        session.environment().forbidViews();
        CatalogMaterializedView resolved = planner.resolve(statement);
        QueryPlan plan = planner.plan(statement, planOptions(true));
        CollectSink nowhere = new CollectSink(plan.schema(), true, null);
        OperatorGraph ignored = planner.graph(List.of(new Output(plan, resolved.name(), nowhere)));
    }

    private void forget(ViewGroup group) {
        group.views().forEach(view -> information.removeView(view.name()));
        millrace.views().drop(group);
    }

    private void collect(Statement.CreateMaterializedView statement, Collected collected) {
        session.environment().forbidViews();
        CatalogMaterializedView resolved = planner.resolve(statement);
        QueryPlan plan = planner.plan(statement, planOptions(true));
        boolean folds = plan.changelogKind() != ChangelogKind.APPEND || !statement.primaryKey().isEmpty();
        List<Integer> key = folds ? resolved.primaryKey().stream().map(resolved.schema()::indexOf).toList() : List.of();
        warnOfChance(resolved, plan, key);
        session.catalog().create(resolved, statement.name(), false, statement.replace());
        WindowEnd end = plan.windowEnd();
        View view =
                millrace.views()
                        .add(
                                collected.group,
                                new ViewDefinition(
                                        resolved.name(),
                                        resolved.schema(),
                                        key,
                                        end == null ? -1 : end.column(),
                                        end == null ? 0 : end.lagMicros()));
        collected.outputs.add(new Output(plan, resolved.name(), view.sink()));
        collected.views.add(view);
    }

    // ---- scripts that are one job ----

    /** The graph that a script would run, which is not run. */
    OperatorGraph graph(String script) {
        ViewGroup group = millrace.views().newGroup("compared");
        Collected collected = new Collected(group);
        try {
            for (StatementSource source : SqlScript.split(script)) {
                collectStatement(source, collected);
            }
            return planner.graph(collected.outputs);
        } finally {
            forget(group);
        }
    }

    ScriptJob start(String jobName, String script, Durability durability) {
        List<StatementSource> statements = SqlScript.split(script);
        ViewGroup group = millrace.views().newGroup(jobName);
        Collected collected = new Collected(group);
        try {
            for (StatementSource source : statements) {
                collectStatement(source, collected);
            }
            if (collected.outputs.isEmpty()) {
                throw new MillraceException(ErrorCode.USAGE, "expected an INSERT or a materialized view, found none")
                        .withHelp("A job writes a table or fills a view; for queries use the sql command.");
            }
            String name = settings.jobName() == null ? jobName : settings.jobName();
            DurableJob kept =
                    durability.isKept()
                            ? DurableJob.open(durability, name, script, millrace.clock(), session::warn)
                            : null;
            EngineJob job = start(name, collected, kept).job();
            return new ScriptJob(job, collected.views, collected.tables);
        } catch (RuntimeException failure) {
            forget(group);
            throw failure;
        }
    }

    private void collectStatement(StatementSource source, Collected collected) {
        try {
            collect(StatementParser.parse(source), collected);
        } catch (MillraceException failure) {
            throw placed(failure, source);
        }
    }

    private void collect(Statement statement, Collected collected) {
        try (ViewReads reads = session.environment().beginStatement()) {
            session.environment().forbidViews();
            switch (statement) {
                case Statement.Insert insert -> collect(insert, collected);
                case Statement.StatementSet set -> set.inserts().forEach(insert -> collect(insert, collected));
                case Statement.CreateMaterializedView view -> collectView(view, collected);
                case Statement.CreateTable table -> collectTable(table, collected);
                case Statement.Query query -> throw refuseQuery(query);
                default -> information.run(statement).rows().close();
            }
        }
    }

    private void collectView(Statement.CreateMaterializedView view, Collected collected) {
        boolean present = session.catalog().find(view.name().text()).isPresent();
        if (!present || !view.ifNotExists()) {
            collect(view, collected);
        }
    }

    private void collectTable(Statement.CreateTable statement, Collected collected) {
        CatalogTable table = planner.resolve(statement);
        boolean created = session.catalog().create(table, statement.name(), statement.ifNotExists(), false);
        if (created && statement.query() != null) {
            collect(planner.insertOf(statement), collected);
        }
    }

    private static MillraceException refuseQuery(Statement.Query query) {
        return new MillraceException(ErrorCode.USAGE, "a job has nobody to give the rows of a SELECT to")
                .withHelp("Write INSERT INTO or CREATE MATERIALIZED VIEW, or use the sql command.")
                .at(query.source().position());
    }

    // ---- explain ----

    /** The plan of a statement that has one; null for one that does not, which is done instead. */
    String explain(StatementSource source, boolean json) {
        try (ViewReads reads = session.environment().beginStatement()) {
            Statement statement = StatementParser.parse(source);
            switch (statement) {
                case Statement.Explain explain -> {
                    return planner.explain(explain, planOptions(false));
                }
                case Statement.CreateTable table when table.query() == null -> createTable(table);
                case Statement.Query query -> {
                    return explain(query, json);
                }
                case Statement.Insert insert -> {
                    return explain(insert, json);
                }
                case Statement.StatementSet set -> {
                    return explain(set, json);
                }
                case Statement.CreateTable table -> {
                    return explain(table, json);
                }
                case Statement.CreateMaterializedView view -> {
                    String text = explain(view, json);
                    declareExplained(view);
                    return text;
                }
                default -> information.run(statement).rows().close();
            }
            return null;
        }
    }

    /** Later statements may read it; nothing fills it. */
    private void declareExplained(Statement.CreateMaterializedView view) {
        ViewGroup group = millrace.views().newGroup("explained");
        explained.add(group);
        collect(view, new Collected(group));
    }

    void forgetExplained() {
        explained.forEach(this::forget);
        explained.clear();
    }

    private String explain(Statement statement, boolean json) {
        return planner.explain(
                new Statement.Explain(statement.source(), statement, json),
                planOptions(statement instanceof Statement.CreateMaterializedView));
    }
}
