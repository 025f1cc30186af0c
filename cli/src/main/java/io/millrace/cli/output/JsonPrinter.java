package io.millrace.cli.output;

import io.millrace.engine.text.RowText;
import io.millrace.engine.text.TextBuffer;
import io.millrace.engine.text.ValueText;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.io.OutputStream;

/** Prints JSON, one object a line. */
final class JsonPrinter implements RowPrinter {
    static final int BUFFER_BYTES = 1 << 16;

    private final OutputStream out;
    private final ValueText values;
    private final TextBuffer text = new TextBuffer(BUFFER_BYTES + 4096);
    private RowText rows;

    JsonPrinter(OutputStream out, ValueText values) {
        this.out = out;
        this.values = values;
    }

    @Override
    public void begin(Schema schema) {
        rows = new RowText(schema, values);
    }

    @Override
    public void print(Batch batch) throws IOException {
        int count = batch.activeCount();
        for (int position = 0; position < count; position++) {
            text.put('{');
            rows.jsonMembers(text, batch, batch.row(position));
            text.put("}\n");
            if (text.size() >= BUFFER_BYTES) {
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
