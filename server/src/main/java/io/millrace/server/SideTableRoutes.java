package io.millrace.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.connectors.api.BadRecord;
import io.millrace.engine.side.SideTableStore;
import io.millrace.engine.text.RowText;
import io.millrace.engine.text.TextBuffer;
import io.millrace.engine.text.ValueText;
import io.millrace.memory.batch.Batch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;

/** Rows that came too late and records that could not be decoded, the newest first. Thread-safe. */
final class SideTableRoutes {
    private static final long DEFAULT_LIMIT_ROWS = 100;
    private static final long MAX_LIMIT_ROWS = 10_000;

    private final SideTableStore sides;

    SideTableRoutes(SideTableStore sides) {
        this.sides = sides;
    }

    private static String table(Exchange exchange) {
        return exchange.segments().get(2);
    }

    Reply late(Exchange exchange) {
        exchange.allow("limit");
        long limit = exchange.number("limit", DEFAULT_LIMIT_ROWS, MAX_LIMIT_ROWS);
        long total = sides.counts(table(exchange)).lateRows();
        List<Batch> batches = sides.shareLate(table(exchange));
        try {
            return Reply.json(
                    json -> {
                        begin(json, exchange, total);
                        writeLate(json, batches, limit);
                        json.writeEndArray();
                        json.writeEndObject();
                    });
        } finally {
            batches.forEach(Batch::close);
        }
    }

    private static void begin(JsonGenerator json, Exchange exchange, long total) throws IOException {
        json.writeStartObject();
        json.writeStringField("table", table(exchange));
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
        long total = sides.counts(table(exchange)).badRows();
        List<BadRecord> records = sides.keptBad(table(exchange));
        return Reply.json(
                json -> {
                    begin(json, exchange, total);
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
