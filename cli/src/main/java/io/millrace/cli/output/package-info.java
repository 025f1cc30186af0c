/**
 * What the command line prints: rows on stdout, errors and timings on stderr.
 *
 * <p>Read {@link io.millrace.cli.output.RowPrinter} and {@link io.millrace.cli.output.ErrorText}. Scripts depend on
 * every character of CSV, JSON, errors and timings; tests hold them.
 */
package io.millrace.cli.output;
