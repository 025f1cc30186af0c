package io.millrace.engine;

import io.millrace.engine.Result.Outcome;
import io.millrace.engine.config.SessionSettings;
import io.millrace.engine.job.EngineJob;
import io.millrace.engine.memory.MemoryReport;
import io.millrace.engine.view.View;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.function.FunctionRegistry;
import io.millrace.sql.PlanOptions;
import io.millrace.sql.SqlPlanner;
import io.millrace.sql.catalog.CatalogColumn;
import io.millrace.sql.catalog.CatalogMaterializedView;
import io.millrace.sql.catalog.CatalogObject;
import io.millrace.sql.catalog.CatalogTable;
import io.millrace.sql.catalog.CatalogView;
import io.millrace.sql.statement.DropTarget;
import io.millrace.sql.statement.Name;
import io.millrace.sql.statement.ShowTarget;
import io.millrace.sql.statement.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Statements that read or change only the catalog and the settings. One session, one thread. */
final class InformationStatements {
    private final Session session;
    private final SessionSettings settings;

    InformationStatements(Session session) {
        this.session = session;
        this.settings = session.settings();
    }

    Outcome run(Statement statement) {
        return switch (statement) {
            case Statement.SetOption set -> set(set);
            case Statement.Reset reset -> reset(reset.key());
            case Statement.ShowSettings show -> showSettings();
            case Statement.CreateView view -> createView(view);
            case Statement.Drop drop -> drop(drop);
            case Statement.Show show -> show(show);
            case Statement.Describe describe -> describe(describe.name());
            case Statement.Explain explain -> explain(explain);
            case Statement.ExplainMemory memory -> rows(MemoryReport.SCHEMA, session.millrace().memoryReport().rows());
            default -> throw MillraceException.internal("no way to run a statement of kind " + statement.kind());
        };
    }

    private Outcome set(Statement.SetOption set) {
        try {
            settings.set(set.option().key(), set.option().value());
        } catch (MillraceException failure) {
            boolean unknownKey = failure.code() == ErrorCode.UNKNOWN_OPTION;
            throw failure.at(unknownKey ? set.option().keyPosition() : set.option().valuePosition());
        }
        return Outcome.done();
    }

    private Outcome reset(Name key) {
        if (key == null) {
            settings.reset();
            return Outcome.done();
        }
        try {
            settings.reset(key.text());
        } catch (MillraceException failure) {
            throw failure.at(key.position());
        }
        return Outcome.done();
    }

    private Outcome showSettings() {
        List<List<String>> rows = new ArrayList<>();
        settings.all().forEach((key, value) -> rows.add(List.of(key, value)));
        return rows(FixedRows.textColumns("key", "value"), rows);
    }

    private Outcome rows(Schema schema, List<? extends List<?>> rows) {
        return Outcome.rows(schema, FixedRows.of(session.millrace().allocator(), schema, rows));
    }

    private Outcome createView(Statement.CreateView statement) {
        CatalogView view = session.planner().resolve(statement);
        session.catalog().create(view, statement.name(), statement.ifNotExists(), statement.replace());
        return Outcome.done();
    }

    private Outcome drop(Statement.Drop drop) {
        Optional<CatalogObject> dropped = session.catalog().drop(drop.target(), drop.name(), drop.ifExists());
        if (dropped.isPresent() && dropped.get() instanceof CatalogMaterializedView view) {
            dropView(view.name());
        }
        return Outcome.done();
    }

    /** Takes a materialized view out of the catalog, if it is there. */
    void removeView(String name) {
        session.catalog().drop(DropTarget.MATERIALIZED_VIEW, SqlPlanner.name(name), true);
    }

    /** Forgets a materialized view; its job ends when it fills no other. */
    void dropView(String name) {
        Millrace millrace = session.millrace();
        Optional<View> view = millrace.views().find(name);
        removeView(name);
        if (view.isEmpty()) {
            return;
        }
        if (view.get().group().views().size() > 1) {
            millrace.views().forget(name);
            return;
        }
        for (EngineJob job : millrace.jobs().jobs()) {
            if (view.get().group().equals(job.views())) {
                job.cancel();
                JobWait.untilOver(job);
                millrace.jobs().forget(job);
            }
        }
        millrace.views().drop(view.get().group());
    }

    private Outcome show(Statement.Show show) {
        if (show.target() == ShowTarget.CREATE) {
            String text = session.catalog().require(show.name()).toSql();
            return rows(FixedRows.textColumns("result"), List.of(List.of(text)));
        }
        boolean anyCase = show.target() == ShowTarget.FUNCTIONS;
        Predicate<String> wanted = show.like() == null ? name -> true : like(show.like(), anyCase);
        List<String> names =
                switch (show.target()) {
                    case TABLES -> session.catalog().names();
                    case VIEWS -> names(CatalogView.class);
                    case MATERIALIZED_VIEWS -> names(CatalogMaterializedView.class);
                    case FUNCTIONS -> List.copyOf(FunctionRegistry.builtIn().names());
                    case CREATE -> throw MillraceException.internal("SHOW CREATE lists nothing");
                };
        String column =
                switch (show.target()) {
                    case TABLES -> "table name";
                    case VIEWS -> "view name";
                    case MATERIALIZED_VIEWS -> "materialized view name";
                    default -> "function name";
                };
        return rows(FixedRows.textColumns(column), names.stream().filter(wanted).map(List::of).toList());
    }

    private List<String> names(Class<? extends CatalogObject> kind) {
        return session.catalog().objects().stream().filter(kind::isInstance).map(CatalogObject::name).toList();
    }

    /** A LIKE pattern: {@code %} is any text, {@code _} any character. Functions have names in any case, tables not. */
    private static Predicate<String> like(String pattern, boolean anyCase) {
        StringBuilder regex = new StringBuilder();
        for (char c : pattern.toCharArray()) {
            regex.append(
                    switch (c) {
                        case '%' -> ".*";
                        case '_' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        int flags = anyCase ? Pattern.DOTALL | Pattern.CASE_INSENSITIVE : Pattern.DOTALL;
        return Pattern.compile(regex.toString(), flags).asMatchPredicate();
    }

    private Outcome describe(Name name) {
        CatalogObject object = session.catalog().require(name);
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < object.schema().size(); i++) {
            DataType type = object.schema().type(i);
            rows.add(
                    Arrays.asList(
                            object.schema().name(i),
                            type.withNullable(true).toString(),
                            String.valueOf(type.nullable()),
                            key(object, object.schema().name(i)),
                            extras(object, i),
                            watermark(object, object.schema().name(i))));
        }
        return rows(FixedRows.textColumns("name", "type", "null", "key", "extras", "watermark"), rows);
    }

    private static String key(CatalogObject object, String column) {
        List<String> key =
                switch (object) {
                    case CatalogTable table -> table.primaryKey();
                    case CatalogMaterializedView view -> view.primaryKey();
                    case CatalogView view -> List.of();
                };
        return key.contains(column) ? "PRI(" + String.join(", ", key) + ")" : null;
    }

    private static String extras(CatalogObject object, int index) {
        if (!(object instanceof CatalogTable table)) {
            return null;
        }
        return switch (table.columns().get(index)) {
            case CatalogColumn.Physical physical -> null;
            case CatalogColumn.Computed computed -> "AS " + computed.sql();
            case CatalogColumn.Metadata metadata ->
                    "METADATA FROM '" + metadata.key() + "'" + (metadata.virtual() ? " VIRTUAL" : "");
        };
    }

    private static String watermark(CatalogObject object, String column) {
        return object instanceof CatalogTable table
                        && table.watermark() != null
                        && table.watermark().column().equals(column)
                ? table.watermark().sql()
                : null;
    }

    private Outcome explain(Statement.Explain explain) {
        boolean view = explain.statement() instanceof Statement.CreateMaterializedView;
        PlanOptions options = new PlanOptions(settings.runtimeMode(), settings.parallelism(), view);
        String text = session.planner().explain(explain, options);
        List<List<String>> lines = text.stripTrailing().lines().map(List::of).toList();
        return rows(FixedRows.textColumns("plan"), explain.json() ? List.of(List.of(text.strip())) : lines);
    }
}
