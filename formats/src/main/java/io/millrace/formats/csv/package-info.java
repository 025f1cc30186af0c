/**
 * CSV by RFC 4180: {@code 'format' = 'csv'}.
 *
 * <p>Read {@link io.millrace.formats.csv.CsvRecordDecoder} first. A file begins with a header that names the fields,
 * unless {@code csv.header} is false; then, and in single records, fields have the places of the table's columns.
 *
 * <pre>
 *   record   field (delimiter field)*
 *   field    bare text without delimiter, quote, CR, LF | " text, a quote in it doubled "
 * </pre>
 *
 * <p>NULL is an empty field, the empty string is {@code ""}. BINARY is hexadecimal; ROW, ARRAY and MAP are JSON. Bytes
 * of VARCHAR must be UTF-8.
 */
package io.millrace.formats.csv;
