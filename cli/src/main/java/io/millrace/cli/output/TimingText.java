package io.millrace.cli.output;

import io.millrace.engine.Statistics;
import io.millrace.engine.text.TextBuffer;

/** The line that {@code --timing} prints. */
public final class TimingText {
    private TimingText() {}

    /** One JSON object and a line end. */
    public static String of(Statistics statistics) {
        TextBuffer text = new TextBuffer(256);
        text.put("{\"statement\":").putLong(statistics.statement());
        text.put(",\"kind\":").putJsonString(statistics.kind());
        text.put(",\"mode\":");
        stringOrNull(text, statistics.mode());
        text.put(",\"wall_ms\":");
        millis(text, statistics.wallMillis());
        text.put(",\"cpu_ms\":");
        millis(text, statistics.cpuMillis());
        text.put(",\"rows\":").putLong(statistics.rows());
        text.put(",\"rows_read\":").putLong(statistics.rowsRead());
        text.put(",\"bytes_read\":").putLong(statistics.bytesRead());
        text.put(",\"peak_rss_bytes\":").putLong(statistics.peakRssBytes());
        text.put(",\"error\":");
        stringOrNull(text, statistics.error());
        return text.put("}\n").toString();
    }

    private static void millis(TextBuffer text, double millis) {
        long tenths = Math.round(millis * 10);
        text.putLong(tenths / 10).put('.').putLong(tenths % 10);
    }

    private static void stringOrNull(TextBuffer text, String value) {
        if (value == null) {
            text.put("null");
        } else {
            text.putJsonString(value);
        }
    }
}
