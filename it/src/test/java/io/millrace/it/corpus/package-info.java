/**
 * Queries in text files, run under many configurations that must all give the same answer.
 *
 * <p>Read {@link io.millrace.it.corpus.CorpusTest} first. The files are {@code it/slt/*.slt}, in the manner of
 * sqllogictest: records parted by blank lines, {@code #} begins a comment.
 *
 * <pre>
 *   include FILE                               the records of another file of the directory, first
 *
 *   statement ok                               runs
 *   SQL
 *
 *   statement error CODE [LINE:COLUMN] REGEX   fails so; the regex must be found in the message
 *   SQL
 *   ---- help                                  and with this advice, a regex too; may be left out
 *   REGEX
 *
 *   duckdb                                     run on DuckDB only: its side of a table
 *   SQL
 *
 *   query TYPES [nosort|rowsort] [retract]     rows, in order or not
 *   SQL
 *   ----                                       the expected rows, values parted by tabs;
 *   1       x                                  NULL and (empty) as such, tab, line feed and backslash escaped
 *   ---- duckdb                                or: the rows that DuckDB gives, for the same text
 *   SQL                                        or for this one
 * </pre>
 *
 * <p>A query without {@code ----} has the answer of the reference configuration. A letter a column: I for integers, R
 * for other numbers, T text, B BOOLEAN, D dates and times, X bytes and nested. {@code retract} marks queries in which
 * streaming mode takes rows back. {@code ${data}} is the directory of the generated files. Queries whose answer SQL
 * leaves open have no place here.
 */
package io.millrace.it.corpus;
