/**
 * Tables over files on local disk and HDFS: {@code 'connector' = 'filesystem'}.
 *
 * <p>Read {@link io.millrace.connectors.filesystem.FilesystemConnectorFactory} first. A table is pinned when it is
 * planned: files, their lengths, modification times and footers; what is read later must still be those files.
 *
 * <pre>
 *   ParquetTable TextTable    the pinned files; immutable
 *   Part                      a row group or a file of records: what one reader reads at a time
 *   FileRun                   one execution: hands out parts; shared, thread-safe
 *   PlainReader               reads parts in the order of the files
 *   OrderedReader             reads parts in the order of event time (TimeOrder), after a TimeScan of each
 *   TimeSort, RunSorter       sorts on disk first what has more overlapping parts than can be held open
 *   PartitionColumns          values that are names of directories, and columns of a PartitionedPart
 *   PartStream, StripeFetch   a part on its way in: decoded on the worker, fetched on I/O threads
 *   FileSink                  writes hidden files and publishes them at commit (FileSinkRun; names: FileNames)
 *   OpenFiles, FileLayout     a file a partition; when it ends, and when a directory is complete
 * </pre>
 *
 * <p>A row group is fetched in stripes of some megabytes: stripe j of n holds the j-th part of every column chunk that
 * is read, so that all columns come to the same row at about the same time, and a large row group is never held whole.
 *
 * <p>Event time: no row of a part is earlier than what its statistics, or a scan of its time column, say. A reader's
 * bound is the least of the parts it has open and of those nobody has taken, so no row is ever late by the source's
 * doing.
 */
package io.millrace.connectors.filesystem;
