package io.millrace.connectors.api;

import io.millrace.memory.time.Clock;
import java.time.ZoneId;

/** What a factory may ask of the session. */
public interface ConnectorContext {
    /**
     * The source of another table of the catalog; UNKNOWN_TABLE when there is none. How a hybrid table finds its
     * stages.
     */
    Source source(String tableName);

    Clock clock();

    /** {@code table.local-time-zone}. */
    ZoneId zone();

    /** A setting of the session, or null. */
    String setting(String key);

    /** Tells the user, in one line, what no result shows; at any time, from any thread. */
    void warn(String text);
}
