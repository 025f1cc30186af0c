/**
 * Message and file formats, to and from batches, without any policy on input and output: this module is given bytes and
 * gives bytes, and opens nothing by itself.
 *
 * <p>Formats of single records (JSON, CSV): read {@link io.millrace.formats.FormatFactory}, found by ServiceLoader
 * under the value of {@code 'format'}; it makes a {@link io.millrace.formats.RecordDecoder}, from bytes to rows of a
 * {@link io.millrace.memory.batch.BatchBuilder}, and a {@link io.millrace.formats.RecordEncoder}, from rows to {@link
 * io.millrace.formats.EncodedBytes}. Decoders and encoders belong to one thread; factories to all.
 *
 * <p>Columnar files: {@code io.millrace.formats.parquet}.
 */
package io.millrace.formats;
