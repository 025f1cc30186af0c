package io.millrace.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.connectors.api.HandoverReport;
import io.millrace.engine.Millrace;
import io.millrace.engine.durable.Savepoint;
import io.millrace.engine.job.EngineJob;
import io.millrace.engine.job.JobStatus;
import io.millrace.engine.job.SourceStatus;
import io.millrace.engine.side.SideTableStore;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.scheduler.checkpoint.CheckpointStatistics;
import io.millrace.scheduler.job.JobState;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** How jobs stand. Thread-safe. */
final class JobRoutes {
    private static final double MICROS_PER_MILLI = 1_000;

    private final Millrace millrace;

    JobRoutes(Millrace millrace) {
        this.millrace = millrace;
    }

    Reply health(Exchange exchange) {
        exchange.allow();
        List<EngineJob> jobs = millrace.jobs().jobs();
        long failed = jobs.stream().filter(job -> job.state() == JobState.FAILED).count();
        long running = jobs.stream().filter(job -> !job.state().isTerminal()).count();
        return Reply.json(
                failed == 0 ? 200 : 503,
                json -> {
                    json.writeStartObject();
                    json.writeStringField("status", failed == 0 ? "ok" : "failed");
                    json.writeNumberField("running_jobs", running);
                    json.writeNumberField("failed_jobs", failed);
                    json.writeEndObject();
                });
    }

    Reply list(Exchange exchange) {
        exchange.allow();
        List<EngineJob> jobs = millrace.jobs().jobs();
        return Reply.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("jobs");
            for (EngineJob job : jobs) {
                write(json, job.status());
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    Reply one(Exchange exchange) {
        exchange.allow();
        EngineJob job = find(exchange.segments().getLast());
        return Reply.json(json -> write(json, job.status()));
    }

    private EngineJob find(String id) {
        return millrace.jobs()
                .find(id)
                .orElseThrow(() ->
                        new HttpProblem(404, ErrorCode.USAGE, "no job '" + id + "'").withHelp("/v1/jobs lists them."));
    }

    private void write(JsonGenerator json, JobStatus job) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", job.id());
        json.writeStringField("name", job.name());
        json.writeStringField("state", job.state().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("run_ms", job.runMillis());
        json.writeNumberField("epoch", job.epoch());
        json.writeNumberField("rows", job.rowsRead());
        json.writeArrayFieldStart("views");
        for (String view : job.views()) {
            json.writeString(view);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("sources");
        HandoverReport handover = null;
        for (SourceStatus source : job.sources()) {
            write(json, source, job.runMillis());
            handover = source.handover() == null ? handover : source.handover();
        }
        json.writeEndArray();
        json.writeFieldName("handover");
        write(json, handover);
        json.writeFieldName("checkpoints");
        write(json, job.checkpoints());
        json.writeFieldName("failure");
        write(json, job.failure());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, CheckpointStatistics checkpoints) throws IOException {
        if (checkpoints == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeNumberField("completed", checkpoints.completed());
        json.writeNumberField("failed", checkpoints.failed());
        json.writeNumberField("last", checkpoints.lastCheckpoint());
        json.writeNumberField("last_bytes", checkpoints.lastBytes());
        json.writeNumberField("last_ms", checkpoints.lastNanos() / 1_000_000);
        json.writeNumberField("written_bytes", checkpoints.writtenBytes());
        json.writeNumberField("longest_pause_us", checkpoints.longestPauseNanos() / 1_000);
        json.writeNumberField("restored", checkpoints.restoredCheckpoint());
        json.writeStringField("last_failure", checkpoints.lastFailure());
        json.writeEndObject();
    }

    /** Takes a savepoint; the door has seen to it that no page of another origin asks. */
    Reply savepoint(Exchange exchange) {
        exchange.allow("name");
        String name = exchange.parameters().get("name");
        if (name == null) {
            throw new HttpProblem(
                    400, ErrorCode.USAGE, "expected the parameter name: of the savepoint, where the job's go");
        }
        Savepoint taken = find(exchange.segments().get(2)).savepoint(name);
        return Reply.json(json -> {
            json.writeStartObject();
            json.writeNumberField("checkpoint", taken.manifest().checkpoint());
            json.writeStringField("path", taken.location());
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, MillraceException failure) throws IOException {
        if (failure == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("code", failure.code().name());
        json.writeStringField("message", failure.getMessage());
        json.writeStringField("help", failure.help());
        json.writeEndObject();
    }

    private void write(JsonGenerator json, SourceStatus source, long runMillis) throws IOException {
        SideTableStore.Counts side = millrace.sideTables().counts(source.table());
        json.writeStartObject();
        json.writeStringField("table", source.table());
        json.writeBooleanField("bounded", source.bounded());
        json.writeNumberField("rows", source.rowsRead());
        writeKnown(json, "rows_total", source.rowsTotal());
        json.writeNumberField("rows_per_s", runMillis <= 0 ? 0 : source.rowsRead() * 1000 / runMillis);
        json.writeNumberField("bytes_read", source.bytesRead());
        writeKnown(json, "lag_rows", source.lagRows());
        json.writeStringField("watermark", EventTimes.text(source.watermarkMicros()));
        EventTimes.write(json, "watermark_micros", source.watermarkMicros());
        if (source.live()) {
            json.writeNumberField("progress", 1);
        } else if (source.rowsTotal() > 0) {
            json.writeNumberField("progress", Math.min(1, (double) source.rowsRead() / source.rowsTotal()));
        } else {
            json.writeNullField("progress");
        }
        writeKnown(json, "eta_ms", source.etaMillis());
        json.writeBooleanField("live", source.live());
        json.writeNumberField("late_rows", side.lateRows());
        json.writeNumberField("bad_rows", side.badRows());
        json.writeFieldName("handover");
        write(json, source.handover());
        json.writeEndObject();
    }

    private static void writeKnown(JsonGenerator json, String name, long value) throws IOException {
        if (value < 0) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }

    private static void write(JsonGenerator json, HandoverReport handover) throws IOException {
        if (handover == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("by", handover.by());
        json.writeBooleanField("exact", handover.exact());
        json.writeBooleanField("complete", handover.complete());
        json.writeArrayFieldStart("cut");
        for (HandoverReport.Cut cut : handover.cuts()) {
            json.writeStartObject();
            json.writeStringField("topic", cut.topic());
            json.writeNumberField("partition", cut.partition());
            json.writeNumberField("offset", cut.offset());
            EventTimes.write(json, "event_time_micros", cut.eventTimeMicros());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("history_rows", handover.historyRows());
        json.writeNumberField("live_rows", handover.liveRows());
        json.writeNumberField("duplicates_dropped", handover.duplicatesDropped());
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
        if (handover.pauseMicros() < 0) {
            json.writeNullField("pause_ms");
        } else {
            json.writeNumberField("pause_ms", handover.pauseMicros() / MICROS_PER_MILLI);
        }
        json.writeEndObject();
    }
}
