/**
 * From batches to Parquet files. {@link io.millrace.formats.parquet.writer.ParquetWriter} writes to a stream that is
 * the caller's; pages are encoded by parquet-hadoop's value writers, in memory that the allocator counts.
 *
 * <pre>
 *   ParquetWriter   the open row group; writes it to the stream when it is full
 *   FileSchema      from SQL types to the file's schema
 *   Shredder        from nested values to leaves with levels
 *   LeafWriter      one leaf's values and levels, page by page
 * </pre>
 *
 * <p>One thread at a time. A file is whole only once the writer was finished.
 */
package io.millrace.formats.parquet.writer;
