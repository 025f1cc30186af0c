package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.encoding.ByteSlice;
import io.millrace.formats.parquet.footer.PageEncoding;

/**
 * One data page, ready to decode: levels and values as bytes. Holds the buffers they lie in; the reader releases it.
 *
 * @param rowCount -1 when the page does not say
 * @param repetition null when there are none; likewise {@code definition}
 */
record Page(
        PageEncoding encoding,
        int valueCount,
        int rowCount,
        ByteSlice repetition,
        ByteSlice definition,
        ByteSlice values) {
    void release() {
        if (repetition != null) {
            repetition.release();
        }
        if (definition != null) {
            definition.release();
        }
        values.release();
    }
}
