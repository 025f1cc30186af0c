package io.millrace.cli.output;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.types.Schema;
import java.io.IOException;

/** Writes the rows of one result. One thread. */
public interface RowPrinter {
    /** Once, before the rows. */
    void begin(Schema schema) throws IOException;

    void print(Batch batch) throws IOException;

    /** Shows what was printed so far: more may take a while to come. */
    void flush() throws IOException;

    /** Once, after the rows. */
    void end() throws IOException;
}
