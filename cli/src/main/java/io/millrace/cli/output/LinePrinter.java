package io.millrace.cli.output;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Prints the first column alone, as it is: a plan. */
public final class LinePrinter implements RowPrinter {
    private final OutputStream out;

    public LinePrinter(OutputStream out) {
        this.out = out;
    }

    @Override
    public void begin(Schema schema) {}

    @Override
    public void print(Batch batch) throws IOException {
        for (int position = 0; position < batch.activeCount(); position++) {
            out.write((batch.column(0).getObject(batch.row(position)) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void end() throws IOException {
        flush();
    }
}
