package io.millrace.engine;

import io.millrace.engine.config.SessionSettings;
import io.millrace.engine.durable.Durability;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.sql.SqlPlanner;
import io.millrace.sql.catalog.Catalog;
import io.millrace.sql.parser.SqlScript;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A catalog and settings, and statements that use them. One thread, but for its warnings. */
public final class Session implements AutoCloseable {
    private final Millrace millrace;
    private final Catalog catalog = new Catalog();
    private final SessionSettings settings;
    private final SessionEnvironment environment;
    private final SqlPlanner planner;
    private final List<String> warnings = new ArrayList<>();
    private Consumer<String> warningListener;
    private boolean measuresCpu;

    Session(Millrace millrace) {
        this.millrace = millrace;
        this.settings = new SessionSettings(millrace.config().parallelism(), this::warn);
        this.environment = new SessionEnvironment(millrace, catalog, settings, this::warn);
        this.planner = new SqlPlanner(catalog, millrace.connectors(), environment);
        millrace.config().settings().forEach(settings::set);
    }

    /**
     * Gets each warning, one line; without a listener they are kept for {@link #takeWarnings}. Those of a job that runs
     * come from its threads, one at a time.
     */
    public void onWarning(Consumer<String> listener) {
        synchronized (warnings) {
            warningListener = listener;
            takeWarnings().forEach(listener);
        }
    }

    /** Warnings since the last call. */
    public List<String> takeWarnings() {
        synchronized (warnings) {
            List<String> taken = List.copyOf(warnings);
            warnings.clear();
            return taken;
        }
    }

    /** Whether statistics shall tell CPU time; asking the system for it costs some milliseconds at first. */
    public void measureCpu(boolean measure) {
        measuresCpu = measure;
    }

    /**
     * Runs a script of statements, one when its result is asked for. A text that is no script fails at once, the rest
     * when it is its turn, with a place in this text wherever there is one.
     */
    public Results execute(String sql) {
        return new Results(new StatementRunner(this), SqlScript.split(sql));
    }

    /**
     * Runs a script as one job: its INSERTs and materialized views start together when all of it was read. Other
     * statements run at once; a SELECT is refused.
     *
     * @param jobName for people; {@code pipeline.name} wins
     */
    public ScriptJob start(String jobName, String sql) {
        return start(jobName, sql, Durability.NONE);
    }

    /** As the other, for a job that is kept: it goes on from its newest checkpoint. */
    public ScriptJob start(String jobName, String sql, Durability durability) {
        return new StatementRunner(this).start(jobName, sql, durability);
    }

    /** The graph of the job that a script is, which is not run. */
    public OperatorGraph graph(String sql) {
        return new StatementRunner(this).graph(sql);
    }

    /** Explains each query of a script and runs what it needs to be planned; nothing else runs. */
    public Explanations explain(String sql) {
        return new Explanations(this, SqlScript.split(sql));
    }

    public SessionSettings settings() {
        return settings;
    }

    /** Tables and views by name. */
    public Catalog catalog() {
        return catalog;
    }

    public Millrace millrace() {
        return millrace;
    }

    SqlPlanner planner() {
        return planner;
    }

    SessionEnvironment environment() {
        return environment;
    }

    Result.Meter meter() {
        return Result.Meter.start(millrace.clock(), measuresCpu);
    }

    void warn(String text) {
        synchronized (warnings) {
            if (warningListener == null) {
                warnings.add(text);
            } else {
                warningListener.accept(text);
            }
        }
    }

    /** Its jobs and views go on; they belong to the engine. */
    @Override
    public void close() throws MillraceException {
        environment.endStatement();
    }
}
