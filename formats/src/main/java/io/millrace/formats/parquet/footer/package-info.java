/**
 * What the end of a Parquet file says of it. Read {@link io.millrace.formats.parquet.footer.ParquetFooter} first: it is
 * parsed once from bytes that the caller fetched, is immutable and lives on the heap.
 *
 * <pre>
 *   footer        thrift, compact protocol: schema elements in depth-first order, row groups
 *   row group     row count, column chunks in the order of the leaves
 *   column chunk  codec, offset and lengths, encodings, statistics (min, max, null count)
 * </pre>
 *
 * <p>Offsets are checked against the length of the file, counts and depths against fixed limits, before anything is
 * made of them.
 */
package io.millrace.formats.parquet.footer;
