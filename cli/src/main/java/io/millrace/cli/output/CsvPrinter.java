package io.millrace.cli.output;

import io.millrace.engine.text.RowText;
import io.millrace.engine.text.TextBuffer;
import io.millrace.engine.text.ValueText;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.io.OutputStream;

/** Prints CSV. */
final class CsvPrinter implements RowPrinter {
    private final OutputStream out;
    private final ValueText values;
    private final TextBuffer text = new TextBuffer(JsonPrinter.BUFFER_BYTES + 4096);
    private RowText rows;

    CsvPrinter(OutputStream out, ValueText values) {
        this.out = out;
        this.values = values;
    }

    @Override
    public void begin(Schema schema) {
        rows = new RowText(schema, values);
        RowText.csvHeader(text, schema);
    }

    @Override
    public void print(Batch batch) throws IOException {
        int count = batch.activeCount();
        for (int position = 0; position < count; position++) {
            rows.csv(text, batch, batch.row(position));
            if (text.size() >= JsonPrinter.BUFFER_BYTES) {
                text.drainTo(out);
            }
        }
    }

    @Override
    public void flush() throws IOException {
        text.drainTo(out);
        out.flush();
    }

    @Override
    public void end() throws IOException {
        flush();
    }
}
