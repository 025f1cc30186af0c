package io.millrace.cli.output;

import io.millrace.engine.text.TextBuffer;
import io.millrace.engine.text.ValueText;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints columns side by side, numbers to the right. Columns are as wide as the widest of the first {@value
 * #SAMPLE_ROWS} rows, or of what came before the first {@link #flush}; wider values that follow stick out.
 */
final class TablePrinter implements RowPrinter {
    private static final int SAMPLE_ROWS = 1_000;
    private static final int MAX_CELL_CHARACTERS = 120;

    private final OutputStream out;
    private final ValueText values;
    private final TextBuffer text = new TextBuffer(JsonPrinter.BUFFER_BYTES + 4096);
    private final TextBuffer cell = new TextBuffer(256);
    private final List<String[]> sample = new ArrayList<>();
    private Schema schema;
    private int[] widths;
    private boolean headerPrinted;

    TablePrinter(OutputStream out, ValueText values) {
        this.out = out;
        this.values = values;
    }

    @Override
    public void begin(Schema newSchema) {
        schema = newSchema;
        widths = new int[schema.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(characters(schema.name(i)), 1);
        }
    }

    @Override
    public void print(Batch batch) throws IOException {
        int count = batch.activeCount();
        for (int position = 0; position < count; position++) {
            String[] row = cells(batch, batch.row(position));
            if (headerPrinted) {
                line(row);
            } else {
                sample.add(row);
                if (sample.size() == SAMPLE_ROWS) {
                    printSample();
                }
            }
        }
    }

    private String[] cells(Batch batch, int row) {
        String[] cells = new String[batch.columnCount()];
        for (int i = 0; i < cells.length; i++) {
            Column column = batch.column(i);
            if (column.isNull(row)) {
                cells[i] = "NULL";
                continue;
            }
            cell.clear();
            values.plain(cell, column, row);
            cells[i] = onOneLine(cell.toString());
        }
        return cells;
    }

    private static String onOneLine(String value) {
        StringBuilder escaped = null;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == 0x7f) {
                if (escaped == null) {
                    escaped = new StringBuilder(value.substring(0, i));
                }
                switch (c) {
                    case '\n' -> escaped.append("\\n");
                    case '\r' -> escaped.append("\\r");
                    case '\t' -> escaped.append("\\t");
                    default -> escaped.append(String.format(java.util.Locale.ROOT, "\\x%02x", (int) c));
                }
            } else if (escaped != null) {
                escaped.append(c);
            }
        }
        String line = escaped == null ? value : escaped.toString();
        return characters(line) <= MAX_CELL_CHARACTERS
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MAX_CELL_CHARACTERS - 1)) + "\u2026";
    }

    private static int characters(String value) {
        return value.codePointCount(0, value.length());
    }

    private void printSample() throws IOException {
        for (String[] row : sample) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], characters(row[i]));
            }
        }
        rule();
        header();
        rule();
        headerPrinted = true;
        for (String[] row : sample) {
            line(row);
        }
        sample.clear();
    }

    private void rule() {
        for (int width : widths) {
            text.put('+');
            fill('-', width + 2);
        }
        text.put("+\n");
    }

    private void header() {
        for (int i = 0; i < widths.length; i++) {
            text.put("| ");
            padded(schema.name(i), widths[i], isRight(schema.type(i)));
            text.put(' ');
        }
        text.put("|\n");
    }

    private void line(String[] row) throws IOException {
        for (int i = 0; i < row.length; i++) {
            text.put("| ");
            padded(row[i], widths[i], isRight(schema.type(i)));
            text.put(' ');
        }
        text.put("|\n");
        if (text.size() >= JsonPrinter.BUFFER_BYTES) {
            text.drainTo(out);
        }
    }

    private static boolean isRight(DataType type) {
        return type.kind().isNumeric();
    }

    private void padded(String value, int width, boolean right) {
        int padding = width - characters(value);
        if (right) {
            fill(' ', padding);
        }
        text.put(value);
        if (!right) {
            fill(' ', padding);
        }
    }

    private void fill(char c, int times) {
        for (int i = 0; i < times; i++) {
            text.put(c);
        }
    }

    @Override
    public void flush() throws IOException {
        if (!headerPrinted && !sample.isEmpty()) {
            printSample();
        }
        text.drainTo(out);
        out.flush();
    }

    @Override
    public void end() throws IOException {
        if (!headerPrinted) {
            printSample();
        }
        rule();
        flush();
    }
}
