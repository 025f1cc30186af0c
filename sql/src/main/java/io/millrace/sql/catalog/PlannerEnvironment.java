package io.millrace.sql.catalog;

import io.millrace.connectors.api.Source;
import io.millrace.memory.time.Clock;
import java.time.ZoneId;
import java.util.Optional;

/** What the planner asks of the session that uses it. */
public interface PlannerEnvironment {
    Clock clock();

    /** {@code table.local-time-zone}. */
    ZoneId zone();

    /** A setting, or null. */
    String setting(String key);

    /** Tells the user, in one line; from any thread. */
    void warn(String text);

    /**
     * What a query reads that the catalog knows and no connector stores: a materialized view, or the side table {@code
     * t$late} or {@code t$bad} of a source table. Empty when there is nothing to read.
     */
    Optional<Source> engineTable(String name);
}
