package io.millrace.formats.parquet.footer;

/**
 * One leaf column of one row group, as the footer describes it; checked to lie within the file.
 *
 * @param offset first byte in the file, of the dictionary page if there is one
 * @param lengthBytes compressed, headers included
 * @param allDictionary whether every data page is known to be dictionary-encoded
 */
public record ColumnChunk(
        Codec codec,
        long valueCount,
        long offset,
        long lengthBytes,
        long uncompressedBytes,
        boolean hasDictionary,
        boolean allDictionary,
        ColumnBounds bounds) {}
