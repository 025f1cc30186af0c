package io.millrace.formats.parquet.footer;

import java.util.List;

/**
 * One row group, as the footer describes it.
 *
 * @param ordinal its index in the file
 * @param columns one a leaf, in the order of the schema
 */
public record RowGroup(int ordinal, long rowCount, List<ColumnChunk> columns) {}
