/**
 * Suggestions for names that do not exist: tables, columns, functions, options, settings, keywords.
 *
 * <p>{@link io.millrace.sql.names.NearestName} is all there is.
 */
package io.millrace.sql.names;
