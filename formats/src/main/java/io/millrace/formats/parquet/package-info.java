/**
 * Parquet: from fetched bytes to batches, and from batches to files. Nothing lives here but what the packages below
 * share:
 *
 * <pre>
 *   footer     what the end of a file says of it: schema, row groups, column chunks, bounds
 *   encoding   from the bytes of values and levels to fixed-width values, views, indices and bits
 *   reader     from the bytes of column chunks to pages, columns and batches
 *   writer     from batches to files
 * </pre>
 *
 * <p>Reading does no I/O and knows no Hadoop class. Whoever reads a file hands its tail to {@link
 * io.millrace.formats.parquet.footer.ParquetFooter#footerBytes}, the footer's bytes to {@link
 * io.millrace.formats.parquet.footer.ParquetFooter#parse}, chooses columns with {@link
 * io.millrace.formats.parquet.reader.ParquetProjection}, and feeds each row group's column chunks through {@link
 * io.millrace.formats.parquet.reader.ChunkBytes} to a {@link io.millrace.formats.parquet.reader.RowGroupReader}.
 *
 * <pre>
 *   file          "PAR1" | column chunks … | footer (thrift) | i32 footer length | "PAR1"
 *   column chunk  [dictionary page] data page …
 * </pre>
 *
 * <p>Every byte of a file is untrusted: lengths are checked against the bytes that are there before anything is
 * allocated, indices and levels against their ranges, and what fails ends as CORRUPT_DATA naming file, row group and
 * column.
 *
 * <p>Source: the Apache Parquet format specification.
 */
package io.millrace.formats.parquet;
