/**
 * What names stand for: tables, views and materialized views, and the connectors that tables use.
 *
 * <p>Read {@link io.millrace.sql.catalog.Catalog} first. Objects are immutable records with resolved types; how a
 * statement becomes one is told in {@link io.millrace.sql.ddl}. A session has one catalog; any thread may use it.
 */
package io.millrace.sql.catalog;
