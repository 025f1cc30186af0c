package io.millrace.engine;

import io.millrace.connectors.api.Source;
import io.millrace.engine.config.SessionSettings;
import io.millrace.engine.view.View;
import io.millrace.engine.view.ViewReads;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.sql.catalog.Catalog;
import io.millrace.sql.catalog.CatalogTable;
import io.millrace.sql.catalog.PlannerEnvironment;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Consumer;

/** What the planner sees of a session. One statement at a time. */
final class SessionEnvironment implements PlannerEnvironment {
    private final Millrace millrace;
    private final Catalog catalog;
    private final SessionSettings settings;
    private final Consumer<String> warnings;
    private ViewReads reads;
    private boolean viewsAreReadable = true;

    SessionEnvironment(Millrace millrace, Catalog catalog, SessionSettings settings, Consumer<String> warnings) {
        this.millrace = millrace;
        this.catalog = catalog;
        this.settings = settings;
        this.warnings = warnings;
    }

    /** What the next statement reads of views; whoever runs it closes it. */
    ViewReads beginStatement() {
        reads = new ViewReads();
        viewsAreReadable = true;
        return reads;
    }

    void endStatement() {
        if (reads != null) {
            reads.close();
            reads = null;
        }
    }

    /** From here to the end of the statement a view is no source: what is planned outlives any snapshot of it. */
    void forbidViews() {
        viewsAreReadable = false;
    }

    @Override
    public Clock clock() {
        return millrace.clock();
    }

    @Override
    public ZoneId zone() {
        return settings.zone();
    }

    @Override
    public String setting(String key) {
        return settings.get(key);
    }

    @Override
    public void warn(String text) {
        warnings.accept(text);
    }

    @Override
    public Optional<Source> engineTable(String name) {
        Optional<View> view = millrace.views().find(name);
        if (view.isPresent()) {
            if (!viewsAreReadable) {
                throw new MillraceException(ErrorCode.UNSUPPORTED, "a job cannot read the materialized view " + name)
                        .withHelp("Put its query into a VIEW, and use that in both.");
            }
            return Optional.of(reads.source(view.get()));
        }
        if (name.endsWith(Catalog.LATE_SUFFIX)) {
            return table(name, Catalog.LATE_SUFFIX)
                    .map(table -> millrace.sideTables().lateRows(table.name(), table.schema()));
        }
        if (name.endsWith(Catalog.BAD_SUFFIX)) {
            return table(name, Catalog.BAD_SUFFIX).map(table -> millrace.sideTables().badRecords(table.name()));
        }
        return Optional.empty();
    }

    private Optional<CatalogTable> table(String name, String suffix) {
        return catalog.find(name.substring(0, name.length() - suffix.length()))
                .filter(CatalogTable.class::isInstance)
                .map(CatalogTable.class::cast);
    }
}
