package io.millrace.cli.output;

import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import java.io.PrintWriter;
import java.io.StringWriter;

/** An error as people read it: what, where, and what to do. */
public final class ErrorText {
    private ErrorText() {}

    /**
     * The error's lines, each ended.
     *
     * @param file that the SQL text came from, as the user named it; null without SQL
     * @param sql the text that the error's place counts in; null without SQL
     * @param verbose whether to add the stack
     */
    public static String of(MillraceException error, String file, String sql, boolean verbose) {
        StringBuilder text = new StringBuilder();
        text.append("error[").append(error.code()).append("]: ").append(error.getMessage()).append('\n');
        if (error.position() != null && sql != null) {
            place(text, error.position(), file, sql);
        }
        if (error.help() != null) {
            text.append("help: ").append(error.help()).append('\n');
        }
        if (verbose) {
            StringWriter stack = new StringWriter();
            error.printStackTrace(new PrintWriter(stack, true));
            text.append(stack);
        }
        return text.toString();
    }

    private static void place(StringBuilder text, SqlPosition position, String file, String sql) {
        text.append(" --> ").append(file).append(':').append(position.line()).append(':').append(position.column());
        text.append('\n');
        String line = line(sql, position.line());
        if (line == null) {
            return;
        }
        String number = String.valueOf(position.line());
        String gutter = " ".repeat(number.length());
        text.append(gutter).append(" |\n");
        text.append(number).append(" | ").append(line).append('\n');
        text.append(gutter).append(" | ");
        for (int i = 0; i < position.column() - 1; i++) {
            text.append(i < line.length() && line.charAt(i) == '\t' ? '\t' : ' ');
        }
        text.append("^\n");
    }

    /** A line of a text by its number from 1, or null. Lines end as in the SQL scanner: LF, CR or CRLF. */
    private static String line(String sql, int number) {
        int from = 0;
        for (int line = 1; line < number; line++) {
            from = afterLineEnd(sql, from);
            if (from < 0) {
                return null;
            }
        }
        int to = from;
        while (to < sql.length() && sql.charAt(to) != '\n' && sql.charAt(to) != '\r') {
            to++;
        }
        return sql.substring(from, to);
    }

    private static int afterLineEnd(String sql, int from) {
        for (int i = from; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (c == '\n') {
                return i + 1;
            }
            if (c == '\r') {
                return i + 1 < sql.length() && sql.charAt(i + 1) == '\n' ? i + 2 : i + 1;
            }
        }
        return -1;
    }
}
