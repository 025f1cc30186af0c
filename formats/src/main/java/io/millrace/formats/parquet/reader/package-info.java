/**
 * From the bytes of column chunks to batches. Read {@link io.millrace.formats.parquet.reader.RowGroupReader} first.
 *
 * <pre>
 *   ParquetProjection   which columns, as what types; immutable, thread-safe
 *   ChunkBytes          a chunk's bytes as they arrive
 *   PageSource          cuts them into pages, checks sizes and checksums, decompresses
 *   FlatColumnReader    a column that is one leaf: flat, or a dictionary of its own
 *   NestedColumnReader  ROW, ARRAY, MAP: levels and values of each leaf (LeafLevels), then offsets and validity
 *   ValueReader         values of a page in whatever encoding; Conversion to the wanted type
 *
 *   page      header (thrift compact) | body
 *   body v1   compressed: [i32 length, repetition levels] [i32 length, definition levels] values
 *   body v2   repetition levels | definition levels | compressed: values
 *   levels    RLE / bit-packed hybrid, low bit first
 *   values    PLAIN, a dictionary's indices (u8 bit width, then the hybrid), DELTA_*, BYTE_STREAM_SPLIT
 * </pre>
 *
 * <p>A row-group reader and all that it holds belong to one thread at a time.
 */
package io.millrace.formats.parquet.reader;
