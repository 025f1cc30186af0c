package io.millrace.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.connectors.api.BadRecord;
import io.millrace.engine.job.EngineJob;
import io.millrace.engine.job.JobRegistry;
import io.millrace.engine.side.SideTableStore;
import io.millrace.engine.text.RowText;
import io.millrace.engine.text.TextBuffer;
import io.millrace.engine.text.ValueText;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;

/** Rows that came too late and records that could not be decoded, the newest first. Thread-safe. */
final class SideTableRoutes {
    private static final long DEFAULT_LIMIT_ROWS = 100;
    private static final long MAX_LIMIT_ROWS = 10_000;

    private final SideTableStore sides;
    private final JobRegistry jobs;

    SideTableRoutes(SideTableStore sides, JobRegistry jobs) {
        this.sides = sides;
        this.jobs = jobs;
    }

    private String table(Exchange exchange) {
        String table = exchange.segments().get(2);
        boolean isRead = jobs.jobs().stream().anyMatch(job -> reads(job, table));
        SideTableStore.Counts counts = sides.counts(table);
        if (!isRead && counts.lateRows() == 0 && counts.badRows() == 0) {
            throw new HttpProblem(404, ErrorCode.UNKNOWN_TABLE, "no job reads a table '" + table + "'")
                    .withHelp("/v1/jobs lists what is read.");
        }
        return table;
    }

    private static boolean reads(EngineJob job, String table) {
        return job.status().sources().stream().anyMatch(source -> source.table().equals(table));
    }

    Reply late(Exchange exchange) {
        exchange.allow("limit");
        long limit = exchange.number("limit", DEFAULT_LIMIT_ROWS, MAX_LIMIT_ROWS);
        String table = table(exchange);
        long total = sides.counts(table).lateRows();
        List<Batch> batches = sides.shareLate(table);
        try {
            return Reply.json(json -> {
                begin(json, table, total);
                writeLate(json, batches, limit);
                json.writeEndArray();
                json.writeEndObject();
            });
        } finally {
            batches.forEach(Batch::close);
        }
    }

    private static void begin(JsonGenerator json, String table, long total) throws IOException {
        json.writeStartObject();
        json.writeStringField("table", table);
        json.writeNumberField("total", total);
        json.writeArrayFieldStart("rows");
    }

    private static void writeLate(JsonGenerator json, List<Batch> batches, long limit) throws IOException {
        TextBuffer buffer = new TextBuffer(512);
        long left = limit;
        for (Batch batch : batches.reversed()) {
            RowText text = new RowText(batch.schema(), new ValueText(ZoneOffset.UTC));
            for (int i = batch.activeCount() - 1; i >= 0 && left > 0; i--) {
                buffer.clear();
                buffer.put('{');
                text.jsonMembers(buffer, batch, batch.row(i));
                json.writeRawValue(buffer.put('}').toString());
                left--;
            }
        }
    }

    Reply bad(Exchange exchange) {
        exchange.allow("limit");
        long limit = exchange.number("limit", DEFAULT_LIMIT_ROWS, MAX_LIMIT_ROWS);
        String table = table(exchange);
        long total = sides.counts(table).badRows();
        List<BadRecord> records = sides.keptBad(table);
        return Reply.json(json -> {
            begin(json, table, total);
            long left = limit;
            for (BadRecord bad : records.reversed()) {
                if (left-- <= 0) {
                    break;
                }
                json.writeStartObject();
                json.writeStringField("origin", bad.origin());
                json.writeNumberField("position", bad.position());
                json.writeStringField("reason", bad.reason());
                json.writeStringField("raw", new String(bad.rawBytes(), StandardCharsets.UTF_8));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
