package io.millrace.cli.output;

import io.millrace.engine.text.ValueText;
import java.io.OutputStream;
import java.time.ZoneId;

/** What {@code --output} takes. */
public enum OutputFormat {
    /** Columns side by side, for people. */
    TABLE,
    /** A header and lines after RFC 4180. */
    CSV,
    /** One object a line. */
    JSON;

    /** A printer to the stream; times with a zone are shown in this one. */
    public RowPrinter printer(OutputStream out, ZoneId zone) {
        ValueText values = new ValueText(zone);
        return switch (this) {
            case TABLE -> new TablePrinter(out, values);
            case CSV -> new CsvPrinter(out, values);
            case JSON -> new JsonPrinter(out, values);
        };
    }
}
