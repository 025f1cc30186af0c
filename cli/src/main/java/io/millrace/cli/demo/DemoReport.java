package io.millrace.cli.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.connectors.api.HandoverReport;
import io.millrace.engine.ProcessUsage;
import io.millrace.memory.error.MillraceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a demo came to. Filled in as it goes, by one thread, so that there is something to write after a failure too;
 * what was never known is null.
 */
final class DemoReport {
    private static final int FORMAT_VERSION = 1;
    private static final double MICROS_PER_MILLI = 1e3;

    private final String commit;
    Map<String, Long> rowsBySource = new LinkedHashMap<>();
    Double secondsToLive;
    Double historySeconds;
    HandoverReport handover;

    /** Rows of the topic that history held, skipped by the cut. */
    long duplicatesSkipped;

    long lateRows;
    long badRows;
    Double maxDisorderMillis;
    Long backfillRowsPerSecond;
    LatencyProbe.Latency latency = new LatencyProbe.Latency(0, 0, 0, 0);
    Verification verification = Verification.NONE;
    MillraceException failure;

    DemoReport(String commit) {
        this.commit = commit;
    }

    /** Writes it beside its place first and moves it there whole. */
    void write(Path file) {
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        try {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            Files.write(unfinished, json());
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw Directories.failed("cannot write the report to " + file, failed);
        }
    }

    byte[] json() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeNumberField("format_version", FORMAT_VERSION);
            json.writeStringField("commit", commit);
            json.writeStringField("jdk", Runtime.version().toString());
            number(json, "seconds_to_live", secondsToLive);
            number(json, "history_seconds", historySeconds);
            json.writeObjectFieldStart("rows_by_source");
            for (Map.Entry<String, Long> source : rowsBySource.entrySet()) {
                json.writeNumberField(source.getKey(), source.getValue());
            }
            json.writeEndObject();
            handover(json);
            json.writeNumberField("late_rows", lateRows);
            json.writeNumberField("bad_rows", badRows);
            number(json, "max_disorder_ms", maxDisorderMillis);
            number(json, "backfill_rows_per_s", backfillRowsPerSecond == null ? null : (double) backfillRowsPerSecond);
            boolean paused = handover != null && handover.pauseMicros() >= 0;
            number(json, "handover_pause_ms", paused ? handover.pauseMicros() / MICROS_PER_MILLI : null);
            json.writeObjectFieldStart("latency_ms");
            json.writeNumberField("p50", latency.p50());
            json.writeNumberField("p99", latency.p99());
            json.writeNumberField("p99_99", latency.p9999());
            json.writeNumberField("count", latency.count());
            json.writeEndObject();
            json.writeNumberField("peak_rss_bytes", ProcessUsage.peakRssBytes());
            json.writeBooleanField("verified", verification.verified());
            json.writeNumberField("verified_rows", verification.rows());
            json.writeStringField("first_difference", verification.firstDifference());
            failure(json);
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return out.toByteArray();
    }

    private static void number(JsonGenerator json, String name, Double value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else if (value == Math.rint(value)) {
            json.writeNumberField(name, value.longValue());
        } else {
            json.writeNumberField(name, value);
        }
    }

    private void failure(JsonGenerator json) throws IOException {
        if (failure == null) {
            json.writeNullField("error");
            return;
        }
        json.writeObjectFieldStart("error");
        json.writeStringField("code", failure.code().name());
        json.writeStringField("message", failure.getMessage());
        json.writeStringField("help", failure.help());
        json.writeEndObject();
    }

    private void handover(JsonGenerator json) throws IOException {
        if (handover == null) {
            json.writeNullField("handover");
            return;
        }
        json.writeObjectFieldStart("handover");
        json.writeStringField("by", handover.by());
        json.writeBooleanField("exact", handover.exact());
        json.writeBooleanField("complete", handover.complete());
        json.writeArrayFieldStart("cut");
        for (HandoverReport.Cut cut : handover.cuts()) {
            json.writeStartObject();
            json.writeStringField("topic", cut.topic());
            json.writeNumberField("partition", cut.partition());
            json.writeNumberField("offset", cut.offset());
            json.writeNumberField("event_time_micros", cut.eventTimeMicros());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("duplicates_dropped", handover.duplicatesDropped() + duplicatesSkipped);
        json.writeObjectFieldStart("gap");
        json.writeBooleanField("checked", handover.gapChecked());
        json.writeArrayFieldStart("missing");
        for (HandoverReport.Gap gap : handover.gaps()) {
            json.writeStartObject();
            json.writeNumberField("partition", gap.partition());
            json.writeNumberField("from", gap.from());
            json.writeNumberField("to", gap.to());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }
}
