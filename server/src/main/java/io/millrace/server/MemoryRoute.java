package io.millrace.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.engine.Millrace;
import io.millrace.engine.ProcessUsage;
import io.millrace.engine.memory.MemoryReport;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.buffer.OwnerUsage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the process's memory is: what EXPLAIN MEMORY shows. Thread-safe. */
final class MemoryRoute {
    private final Millrace millrace;

    MemoryRoute(Millrace millrace) {
        this.millrace = millrace;
    }

    Reply report(Exchange exchange) {
        exchange.allow();
        MemoryReport report = millrace.memoryReport();
        return Reply.json(json -> write(json, report));
    }

    private static void write(JsonGenerator json, MemoryReport report) throws IOException {
        json.writeStartObject();
        json.writeNumberField("limit_bytes", report.split().memoryBytes());
        json.writeObjectFieldStart("process");
        known(json, "bounded_bytes", report.resident().boundedBytes());
        known(json, "anonymous_bytes", report.resident().anonymousBytes());
        known(json, "shared_bytes", report.resident().sharedBytes());
        known(json, "file_bytes", report.resident().fileBytes());
        known(json, "peak_resident_bytes", ProcessUsage.peakRssBytes());
        json.writeEndObject();
        json.writeObjectFieldStart("jvm");
        json.writeNumberField("heap_used_bytes", report.jvm().heapUsedBytes());
        json.writeNumberField("heap_bytes", report.jvm().heapCommittedBytes());
        json.writeNumberField("heap_limit_bytes", report.split().heapBytes());
        json.writeNumberField("direct_bytes", report.jvm().directBytes());
        json.writeNumberField("direct_limit_bytes", report.split().directBytes());
        json.writeNumberField("metaspace_bytes", report.jvm().metaspaceBytes());
        json.writeNumberField("code_bytes", report.jvm().codeBytes());
        json.writeEndObject();
        json.writeObjectFieldStart("budget");
        json.writeNumberField("limit_bytes", report.split().budgetBytes());
        json.writeNumberField("used_bytes", report.usedBytes());
        json.writeNumberField("peak_bytes", report.peakBytes());
        json.writeObjectFieldStart("tags");
        for (Map.Entry<MemoryTag, Long> tag : report.byTag().entrySet()) {
            json.writeNumberField(tag.getKey().name().toLowerCase(Locale.ROOT), tag.getValue());
        }
        json.writeEndObject();
        write(json, report.owners().children());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, List<OwnerUsage> owners) throws IOException {
        json.writeArrayFieldStart("owners");
        for (OwnerUsage owner : owners) {
            json.writeStartObject();
            json.writeStringField("owner", owner.owner());
            json.writeNumberField("bytes", owner.heldBytes());
            write(json, owner.children());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void known(JsonGenerator json, String name, long bytes) throws IOException {
        if (bytes < 0) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, bytes);
        }
    }
}
