package io.millrace.sql.catalog;

import io.millrace.memory.types.Schema;

/** What a name in FROM can stand for. */
public sealed interface CatalogObject permits CatalogTable, CatalogView, CatalogMaterializedView {
    String name();

    /** The columns a query sees. */
    Schema schema();

    /** {@code table}, {@code view} or {@code materialized view}. */
    String kind();

    /** The statement that would create it. */
    String toSql();
}
