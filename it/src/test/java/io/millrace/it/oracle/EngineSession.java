package io.millrace.it.oracle;

import io.millrace.engine.Millrace;
import io.millrace.engine.Result;
import io.millrace.engine.Results;
import io.millrace.engine.Session;
import io.millrace.engine.text.TextBuffer;
import io.millrace.engine.text.ValueText;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A session of an engine in this process whose queries are read as {@link Answer}s. */
public final class EngineSession implements AutoCloseable {
    private static final ValueText TEXT = new ValueText(ZoneOffset.UTC);

    private final Session session;

    public EngineSession(Millrace millrace) {
        this.session = millrace.session();
        session.onWarning(warning -> {});
    }

    /** Runs statements, in whatever configuration is set. */
    public void run(String sql) {
        try (Results results = session.execute(sql)) {
            results.await();
        }
    }

    /** Runs one query so; its changelog, if it gives one, is folded at the end. */
    public Answer answer(String sql, Configuration configuration) {
        configuration.settings().forEach(session.settings()::set);
        try (Results results = session.execute(sql);
                Result result = results.next()) {
            if (result == null || result.schema() == null) {
                throw new AssertionError("no query: " + sql);
            }
            return configuration.isStreaming() ? folded(result) : plain(result);
        }
    }

    private static Answer plain(Result result) {
        List<String> rows = new ArrayList<>();
        for (Batch batch = result.next(); batch != null; batch = result.next()) {
            for (int position = 0; position < batch.activeCount(); position++) {
                rows.add(row(batch, batch.row(position), 0));
            }
        }
        return new Answer(letters(result.schema(), 0), rows, 0);
    }

    /** Each row as often as it was added less often than it was taken away. */
    private static Answer folded(Result result) {
        List<String> inOrder = new ArrayList<>();
        Map<String, Long> counts = new TreeMap<>();
        long takenBack = 0;
        for (Batch batch = result.next(); batch != null; batch = result.next()) {
            for (int position = 0; position < batch.activeCount(); position++) {
                int index = batch.row(position);
                String row = row(batch, index, 1);
                boolean added = isAddition(String.valueOf(batch.column(0).getObject(index)));
                counts.merge(row, added ? 1L : -1L, Long::sum);
                takenBack += added ? 0 : 1;
                inOrder.add(row);
            }
        }
        String types = letters(result.schema(), 1);
        if (takenBack == 0) {
            return new Answer(types, inOrder, 0);
        }
        List<String> left = new ArrayList<>();
        counts.forEach((row, count) -> {
            if (count < 0) {
                throw new AssertionError("taken away " + -count + " times more often than added: " + row);
            }
            for (long i = 0; i < count; i++) {
                left.add(row);
            }
        });
        return new Answer(types, left, takenBack);
    }

    private static boolean isAddition(String op) {
        return switch (op) {
            case "+I", "+U" -> true;
            case "-U", "-D" -> false;
            default -> throw new AssertionError("unknown op " + op);
        };
    }

    private static String row(Batch batch, int row, int firstColumn) {
        StringBuilder text = new StringBuilder();
        for (int i = firstColumn; i < batch.columnCount(); i++) {
            text.append(i == firstColumn ? "" : "\t").append(cell(batch.column(i), row));
        }
        return text.toString();
    }

    private static String cell(Column column, int row) {
        if (column.isNull(row)) {
            return Answer.NULL;
        }
        TextBuffer buffer = new TextBuffer(32);
        TEXT.plain(buffer, column, row);
        return Answer.cell(buffer.toString());
    }

    private static String letters(Schema schema, int firstColumn) {
        StringBuilder letters = new StringBuilder();
        for (int i = firstColumn; i < schema.size(); i++) {
            letters.append(letter(schema.type(i)));
        }
        return letters.toString();
    }

    private static char letter(DataType type) {
        return switch (type.kind()) {
            case BOOLEAN -> 'B';
            case TINYINT, SMALLINT, INT, BIGINT -> 'I';
            case FLOAT, DOUBLE, DECIMAL -> 'R';
            case VARCHAR -> 'T';
            case DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ -> 'D';
            case BINARY, ROW, ARRAY, MAP -> 'X';
        };
    }

    @Override
    public void close() {
        session.close();
    }
}
