/**
 * Rows as text for clients: CSV and JSON, straight from columns to UTF-8 bytes.
 *
 * <p>Read {@link io.millrace.engine.text.RowText}. How a value looks is said in {@link
 * io.millrace.engine.text.ValueText}, and scripts depend on it.
 */
package io.millrace.engine.text;
