package io.millrace.sql.statement;

import io.millrace.memory.error.SqlPosition;
import java.util.Objects;
import org.apache.calcite.sql.parser.SqlParserPos;

/** A statement's text, without the closing semicolon, and the place of its first character in the script. */
public record StatementSource(String text, SqlPosition position) {
    public StatementSource {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(position, "position");
    }

    /** Text that is a script of its own. */
    public static StatementSource of(String text) {
        return new StatementSource(text, new SqlPosition(1, 1));
    }

    /** The text from the first character of {@code start} to the last of {@code end}, both positions in the script. */
    public StatementSource part(SqlParserPos start, SqlParserPos end) {
        int from = offset(start.getLineNum(), start.getColumnNum());
        int to = offset(end.getEndLineNum(), end.getEndColumnNum()) + 1;
        return new StatementSource(text.substring(from, Math.min(to, text.length())), position(start));
    }

    /** The offset in {@link #text} of a place in the script. */
    private int offset(int line, int column) {
        int offset = 0;
        for (int at = position.line(); at < line; at++) {
            offset = endOfLine(offset);
        }
        int firstColumn = line == position.line() ? position.column() : 1;
        return Math.min(offset + column - firstColumn, text.length());
    }

    private int endOfLine(int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
                return i + 1;
            }
        }
        return text.length();
    }

    /** The first character of a parsed node. */
    public static SqlPosition position(SqlParserPos pos) {
        return new SqlPosition(Math.max(1, pos.getLineNum()), Math.max(1, pos.getColumnNum()));
    }
}
