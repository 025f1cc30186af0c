/**
 * Decoders of values and levels: from the decompressed bytes of a page to memory that the caller gives. Two shapes: a
 * {@link io.millrace.formats.parquet.encoding.FixedDecoder} gives values of one width, a {@link
 * io.millrace.formats.parquet.encoding.ViewDecoder} views of bytes that stay where they are.
 *
 * <pre>
 *   PLAIN                    values one behind the other; byte arrays with an i32 length before each
 *   RLE                      runs: varint header; low bit 0: repeated value, 1: groups of 8 bit-packed, low bit first
 *   DELTA_BINARY_PACKED      blocks of miniblocks, each with its own bit width, of differences less the least
 *   DELTA_LENGTH_BYTE_ARRAY  the lengths so packed, then all bytes
 *   DELTA_BYTE_ARRAY         lengths of shared prefixes, then the suffixes so packed
 *   BYTE_STREAM_SPLIT        first the first byte of every value, then the second of every value …
 * </pre>
 *
 * <p>Decoders may read, never use, up to {@link io.millrace.formats.parquet.encoding.ByteSlice#PADDING_BYTES} bytes
 * past the end of a page. One thread each; those that hold memory are closed by the reader that has them.
 */
package io.millrace.formats.parquet.encoding;
