package io.millrace.formats.json;

import io.millrace.formats.EncodedBytes;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordEncoder;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;

/** Encodes a row as one JSON object. */
final class JsonRecordEncoder implements RecordEncoder {
    private final byte[][] keys;
    private final int[] columns;
    private final boolean ignoreNulls;

    JsonRecordEncoder(FormatRequest request) {
        this.columns = request.columns().clone();
        this.keys = new byte[columns.length][];
        this.ignoreNulls = Boolean.parseBoolean(request.option(JsonFormatFactory.IGNORE_NULLS));
        try (EncodedBytes scratch = new EncodedBytes(request.allocator(), 256)) {
            for (int i = 0; i < keys.length; i++) {
                scratch.truncate(0);
                JsonWriter.writeKey(request.schema().name(i), scratch);
                keys[i] = scratch.copy();
            }
        }
    }

    @Override
    public void encode(Batch batch, int row, EncodedBytes out) {
        out.putByte('{');
        boolean first = true;
        for (int i = 0; i < keys.length; i++) {
            Column column = batch.column(columns[i]);
            if (ignoreNulls && column.isNull(row)) {
                continue;
            }
            if (!first) {
                out.putByte(',');
            }
            first = false;
            out.putBytes(keys[i]);
            JsonWriter.write(column, row, out);
        }
        out.putByte('}');
    }

    @Override
    public void close() {}
}
