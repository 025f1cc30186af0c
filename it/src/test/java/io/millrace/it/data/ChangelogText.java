package io.millrace.it.data;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Changes as text, one a line: the weight, then the values, parted by {@code |}; NULL and (empty) stand for themselves.
 * The line {@code pause} lets some epochs pass.
 */
final class ChangelogText {
    static final String PAUSE = "pause";

    private ChangelogText() {}

    /**
     * A line.
     *
     * @param values null for a pause
     */
    record Line(long weight, List<Object> values) {
        static final Line PAUSE = new Line(0, null);

        boolean isPause() {
            return values == null;
        }
    }

    static List<Line> parse(String text, Schema schema) {
        List<Line> lines = new ArrayList<>();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> lines.add(line(line, schema)));
        return lines;
    }

    private static Line line(String line, Schema schema) {
        if (line.equals(PAUSE)) {
            return Line.PAUSE;
        }
        String[] cells = line.split("\\|", -1);
        if (cells.length != schema.size() + 1) {
            throw new IllegalArgumentException("expected a weight and values of " + schema + ", found " + line);
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            values.add(value(cells[i + 1].strip(), schema.type(i)));
        }
        return new Line(Long.parseLong(cells[0].strip()), Collections.unmodifiableList(values));
    }

    private static Object value(String text, DataType type) {
        if (text.equals("NULL")) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN -> Boolean.valueOf(text);
            case TINYINT, SMALLINT, INT, BIGINT -> Long.valueOf(text);
            case FLOAT, DOUBLE -> Double.valueOf(text);
            case DECIMAL -> new BigDecimal(text);
            case DATE -> LocalDate.parse(text);
            case TIMESTAMP -> LocalDateTime.parse(text.replace(' ', 'T'));
            case VARCHAR -> text.equals("(empty)") ? "" : text;
            default -> throw new IllegalArgumentException("no " + type + " in a changelog");
        };
    }
}
