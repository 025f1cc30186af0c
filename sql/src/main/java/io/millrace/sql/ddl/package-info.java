/**
 * From CREATE and INSERT statements to what the catalog keeps and the planner needs: types derived, computed columns
 * and watermarks checked, LIKE merged, options held against what the connector takes.
 *
 * <p>Read {@link io.millrace.sql.ddl.TableResolver} first. Nothing here changes the catalog.
 */
package io.millrace.sql.ddl;
