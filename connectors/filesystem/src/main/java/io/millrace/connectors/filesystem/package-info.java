/**
 * Tables over files on local disk and HDFS: {@code 'connector' = 'filesystem'}.
 *
 * <p>Read {@link io.millrace.connectors.filesystem.FilesystemConnectorFactory} first. A Parquet table is pinned when it
 * is planned: {@link io.millrace.connectors.filesystem.ParquetTable} holds the files, their lengths, modification times
 * and footers, and what is read later must still be those files.
 *
 * <pre>
 *   ParquetTable    files and footers; immutable
 *   ParquetRun      one execution: the row groups left after pruning, handed out one by one; shared, thread-safe
 *   ParquetReader   one task's share; on its worker: plans fetches, decodes, emits
 *   StripeFetch     the bytes of one row group on their way in, on an I/O thread a stripe at a time
 * </pre>
 *
 * <p>A row group is fetched in stripes of some megabytes: stripe j of n holds the j-th part of every column chunk that
 * is read, so that all columns come to the same row at about the same time, and a large row group is never held whole.
 */
package io.millrace.connectors.filesystem;
