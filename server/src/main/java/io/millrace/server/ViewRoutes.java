package io.millrace.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.engine.text.RowText;
import io.millrace.engine.text.TextBuffer;
import io.millrace.engine.text.ValueText;
import io.millrace.engine.view.View;
import io.millrace.engine.view.ViewPage;
import io.millrace.engine.view.ViewStore;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.List;

/** Rows of views. Thread-safe. */
final class ViewRoutes {
    private static final long DEFAULT_LIMIT_ROWS = 100;
    private static final long MAX_LIMIT_ROWS = 10_000;
    private static final int MAX_ORDERED_ROWS = 100_000;

    private final ViewStore views;

    ViewRoutes(ViewStore views) {
        this.views = views;
    }

    /** Writes the rows of a page. */
    private static final class Rows implements ViewPage.RowVisitor {
        private final JsonGenerator json;
        private final RowText text;
        private final TextBuffer buffer = new TextBuffer(512);
        private IOException failure;

        Rows(JsonGenerator json, Schema schema) {
            this.json = json;
            this.text = new RowText(schema, new ValueText(ZoneOffset.UTC));
        }

        @Override
        public void row(Batch batch, int row, boolean isFinal) {
            buffer.clear();
            buffer.put('{');
            text.jsonMembers(buffer, batch, row);
            buffer.put(batch.columnCount() == 0 ? "" : ",").put("\"result\":");
            buffer.put(isFinal ? "\"final\"}" : "\"partial\"}");
            try {
                json.writeRawValue(buffer.toString());
            } catch (IOException impossible) {
                failure = impossible;
            }
        }
    }

    Reply rows(Exchange exchange) {
        exchange.allow("limit", "offset", "order", "result");
        View view = views.require(exchange.segments().getLast());
        long limit = exchange.number("limit", DEFAULT_LIMIT_ROWS, MAX_LIMIT_ROWS);
        long offset = exchange.number("offset", 0, Long.MAX_VALUE / 10);
        String order = exchange.parameters().get("order");
        String result = exchange.parameters().getOrDefault("result", "");
        if (!List.of("", "partial", "final").contains(result)) {
            throw Exchange.bad("parameter result: expected partial or final, found '" + result + "'");
        }
        if (order == null && result.isEmpty()) {
            try (ViewPage page = view.read(limit, offset)) {
                return reply(view, page, page::forEach);
            }
        }
        if (offset + limit > MAX_ORDERED_ROWS) {
            throw Exchange.bad("with order or result, limit and offset together reach at most " + MAX_ORDERED_ROWS);
        }
        RowOrder rowOrder = RowOrder.of(view.schema(), order);
        try (ViewPage page = view.read(Long.MAX_VALUE, 0)) {
            RowChoice choice = new RowChoice(rowOrder, result, (int) limit, (int) offset);
            page.forEach(choice);
            return reply(view, page, choice::forEach);
        }
    }

    /** Gives rows to a visitor. */
    @FunctionalInterface
    private interface RowSupply {
        void forEach(ViewPage.RowVisitor visitor);
    }

    private Reply reply(View view, ViewPage page, RowSupply supply) {
        return Reply.json(json -> {
            json.writeStartObject();
            json.writeStringField("view", page.view());
            json.writeNumberField("epoch", page.epoch());
            EventTimes.write(json, "frontier_micros", page.frontierMicros());
            json.writeStringField("frontier", EventTimes.text(page.frontierMicros()));
            json.writeNumberField("age_ms", page.ageMillis());
            json.writeBooleanField("finished", page.isFinished());
            json.writeNumberField("total_rows", page.totalRows());
            writeColumns(json, view);
            json.writeArrayFieldStart("rows");
            Rows rows = new Rows(json, page.schema());
            supply.forEach(rows);
            if (rows.failure != null) {
                throw rows.failure;
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void writeColumns(JsonGenerator json, View view) throws IOException {
        json.writeArrayFieldStart("columns");
        for (int i = 0; i < view.schema().size(); i++) {
            json.writeStartObject();
            json.writeStringField("name", view.schema().name(i));
            json.writeStringField("type", view.schema().type(i).withNullable(true).toString());
            json.writeBooleanField("key", view.definition().primaryKey().contains(i));
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
