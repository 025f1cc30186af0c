/**
 * Parquet: from fetched bytes to batches, and from batches to files.
 *
 * <p>Reading does no I/O and knows no Hadoop class. Whoever reads a file hands its tail to {@link
 * io.millrace.formats.parquet.ParquetFooter#footerBytes}, the footer's bytes to {@link
 * io.millrace.formats.parquet.ParquetFooter#parse}, chooses columns with {@link
 * io.millrace.formats.parquet.ParquetProjection}, and feeds each row group's column chunks through {@link
 * io.millrace.formats.parquet.ChunkBytes} to a {@link io.millrace.formats.parquet.RowGroupReader}. Footers and
 * projections are immutable; a row-group reader belongs to one thread at a time.
 *
 * <pre>
 *   file          "PAR1" | column chunks … | footer (thrift) | i32 footer length | "PAR1"
 *   column chunk  [dictionary page] data page …
 *   page          header (thrift compact) | body
 *   body v1       compressed: [i32 length, repetition levels] [i32 length, definition levels] values
 *   body v2       repetition levels | definition levels | compressed: values
 *   levels        RLE / bit-packed hybrid, low bit first
 *   values        PLAIN, a dictionary's indices (u8 bit width, then the hybrid), DELTA_*, BYTE_STREAM_SPLIT
 * </pre>
 *
 * <p>Every byte of a file is untrusted: lengths are checked against the bytes that are there before anything is
 * allocated, indices and levels against their ranges, and what fails ends as CORRUPT_DATA naming file, row group and
 * column. Decoders may read, never use, up to {@link io.millrace.formats.parquet.ChunkBytes#PADDING_BYTES} bytes past
 * the end of a page.
 *
 * <p>Source: the Apache Parquet format specification.
 */
package io.millrace.formats.parquet;
