package io.millrace.cli;

import io.millrace.connectors.api.HandoverReport;
import io.millrace.engine.Millrace;
import io.millrace.engine.ProcessUsage;
import io.millrace.engine.job.JobStatus;
import io.millrace.engine.job.SourceStatus;
import io.millrace.engine.text.TextBuffer;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What {@code --report} of a job says: a JSON object that is there whole or not at all. */
final class RunReport {
    private static final int FORMAT_VERSION = 1;
    private static final long MICROS_PER_MILLI = 1_000;

    private RunReport() {}

    static void write(Path file, Millrace millrace, JobStatus status) {
        Path beside = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(beside, json(millrace, status), StandardCharsets.UTF_8);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new MillraceException(
                    ErrorCode.IO_FAILED, "cannot write " + file + ": " + failed.getMessage(), failed);
        }
    }

    static String json(Millrace millrace, JobStatus status) {
        TextBuffer out = new TextBuffer(1024);
        out.put("{\"format_version\":").putLong(FORMAT_VERSION);
        out.put(",\"version\":").putJsonString(Version.number());
        out.put(",\"jdk\":").putJsonString(Runtime.version().toString());
        out.put(",\"job\":").putJsonString(status.name());
        out.put(",\"state\":").putJsonString(status.state().name().toLowerCase(Locale.ROOT));
        out.put(",\"run_ms\":").putLong(status.runMillis());
        out.put(",\"rows_by_source\":{");
        String separator = "";
        for (Map.Entry<String, Long> rows : rowsByTable(status).entrySet()) {
            out.put(separator).putJsonString(rows.getKey()).put(':').putLong(rows.getValue());
            separator = ",";
        }
        out.put("},\"handover\":");
        handover(out, status);
        out.put(",\"late_rows\":").putLong(millrace.sideTables().totals().lateRows());
        out.put(",\"bad_rows\":").putLong(millrace.sideTables().totals().badRows());
        out.put(",\"peak_rss_bytes\":").putLong(ProcessUsage.peakRssBytes());
        out.put(",\"error\":");
        if (status.failure() == null) {
            out.put("null");
        } else {
            out.put("{\"code\":").putJsonString(status.failure().code().name());
            out.put(",\"message\":").putJsonString(String.valueOf(status.failure().getMessage())).put('}');
        }
        return out.put("}\n").toString();
    }

    /** Of a table that several queries read, each for itself, the rows of the one that is furthest. */
    private static Map<String, Long> rowsByTable(JobStatus status) {
        Map<String, Long> rows = new LinkedHashMap<>();
        status.sources().forEach(source -> rows.merge(source.table(), source.rowsRead(), Math::max));
        return rows;
    }

    private static void handover(TextBuffer out, JobStatus status) {
        for (SourceStatus source : status.sources()) {
            if (source.handover() != null) {
                handover(out, source.handover());
                return;
            }
        }
        out.put("null");
    }

    private static void handover(TextBuffer out, HandoverReport report) {
        out.put("{\"by\":").putJsonString(report.by());
        out.put(",\"exact\":").put(String.valueOf(report.exact()));
        out.put(",\"complete\":").put(String.valueOf(report.complete()));
        out.put(",\"cut\":[");
        String separator = "";
        for (HandoverReport.Cut cut : report.cuts()) {
            out.put(separator).put("{\"topic\":").putJsonString(cut.topic());
            out.put(",\"partition\":").putLong(cut.partition()).put(",\"offset\":").putLong(cut.offset());
            out.put(",\"event_time_micros\":").putLong(cut.eventTimeMicros()).put('}');
            separator = ",";
        }
        out.put("],\"history_rows\":").putLong(report.historyRows());
        out.put(",\"live_rows\":").putLong(report.liveRows());
        out.put(",\"duplicates_dropped\":").putLong(report.duplicatesDropped());
        out.put(",\"gap\":{\"checked\":").put(String.valueOf(report.gapChecked())).put(",\"missing\":[");
        separator = "";
        for (HandoverReport.Gap gap : report.gaps()) {
            out.put(separator).put("{\"partition\":").putLong(gap.partition());
            out.put(",\"from\":").putLong(gap.from()).put(",\"to\":").putLong(gap.to()).put('}');
            separator = ",";
        }
        out.put("]},\"pause_ms\":");
        long pauseMillis = report.pauseMicros() < 0 ? -1 : report.pauseMicros() / MICROS_PER_MILLI;
        out.putLong(pauseMillis).put('}');
    }
}
