package io.millrace.engine.text;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.Schema;

/** Rows as lines of CSV or as JSON objects. Thread-safe; the buffers are the caller's. */
public final class RowText {
    private final ValueText values;

    /** By column: {@code "name":}. */
    private final String[] jsonKeys;

    public RowText(Schema schema, ValueText values) {
        this.values = values;
        this.jsonKeys = new String[schema.size()];
        for (int i = 0; i < jsonKeys.length; i++) {
            TextBuffer key = new TextBuffer(16);
            jsonKeys[i] = key.putJsonString(schema.name(i)).put(':').toString();
        }
    }

    /** A CSV header line. */
    public static void csvHeader(TextBuffer out, Schema schema) {
        for (int i = 0; i < schema.size(); i++) {
            if (i > 0) {
                out.put(',');
            }
            csvString(out, schema.name(i));
        }
        out.put('\n');
    }

    private static void csvString(TextBuffer out, String text) {
        int from = out.size();
        out.put(text);
        out.quoteCsv(from);
    }

    /** A CSV line: NULL is an empty field, the empty string is {@code ""}. */
    public void csv(TextBuffer out, Batch batch, int row) {
        for (int i = 0; i < batch.columnCount(); i++) {
            if (i > 0) {
                out.put(',');
            }
            Column column = batch.column(i);
            if (column.isNull(row)) {
                continue;
            }
            int from = out.size();
            values.plain(out, column, row);
            switch (column.type().kind()) {
                case VARCHAR, BINARY, ROW, ARRAY, MAP -> out.quoteCsv(from);
                default -> {}
            }
        }
        out.put('\n');
    }

    /** The row's members as JSON, without the braces and without a line end. */
    public void jsonMembers(TextBuffer out, Batch batch, int row) {
        for (int i = 0; i < jsonKeys.length; i++) {
            if (i > 0) {
                out.put(',');
            }
            out.put(jsonKeys[i]);
            values.json(out, batch.column(i), row);
        }
    }
}
