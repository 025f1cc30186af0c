package io.millrace.state.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.millrace.memory.error.MillraceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/** Writes a record of the log as the package says. Stateless. */
final class LogRecordWriter {
    static final int FORMAT_VERSION = 2;
    static final String HEADER = "millrace-log ";

    /** Beyond this no record is written, or read. */
    static final int MAX_BYTES = 256 << 20;

    private static final JsonFactory JSON = new JsonFactory();

    private LogRecordWriter() {}

    static byte[] write(LogRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((HEADER + FORMAT_VERSION + "\n").getBytes(StandardCharsets.US_ASCII));
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            switch (record) {
                case LogRecord.Start start -> {
                    head(json, "start", start.slot());
                    owner(json, start.owner(), start.createdMillis());
                }
                case LogRecord.Skip skip -> {
                    head(json, "skip", skip.slot());
                    json.writeNumberField("next", skip.next());
                    owner(json, skip.owner(), skip.createdMillis());
                }
                case LogRecord.Checkpoint checkpoint -> manifest(json, checkpoint.manifest());
            }
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        out.writeBytes(trailer(out.toByteArray()).getBytes(StandardCharsets.US_ASCII));
        if (out.size() > MAX_BYTES) {
            throw MillraceException.internal(
                    "expected a record of the log of at most " + MAX_BYTES + " bytes, found " + out.size());
        }
        return out.toByteArray();
    }

    private static String trailer(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return String.format(Locale.ROOT, "crc32c %08x of %09d bytes\n", (int) crc.getValue(), body.length);
    }

    private static void head(JsonGenerator json, String kind, long slot) throws IOException {
        json.writeStringField("kind", kind);
        json.writeNumberField("slot", slot);
    }

    private static void owner(JsonGenerator json, String owner, long createdMillis) throws IOException {
        json.writeStringField("owner", owner);
        json.writeNumberField("created_millis", createdMillis);
    }

    private static void manifest(JsonGenerator json, Manifest manifest) throws IOException {
        head(json, "checkpoint", manifest.checkpoint());
        json.writeStringField("job", manifest.job());
        json.writeNumberField("incarnation", manifest.incarnation());
        json.writeNumberField("created_millis", manifest.createdMillis());
        json.writeStringField("engine_version", manifest.engineVersion());
        json.writeNumberField("key_groups", manifest.keyGroups());
        json.writeBooleanField("finished", manifest.finished());
        json.writeStringField("script", manifest.script());
        json.writeStringField("plan", manifest.plan());
        json.writeArrayFieldStart("operators");
        for (OperatorEntry operator : manifest.operators()) {
            operator(json, operator);
        }
        json.writeEndArray();
    }

    private static void operator(JsonGenerator json, OperatorEntry operator) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", operator.id());
        json.writeStringField("name", operator.name());
        meaning(json, operator.meaning());
        json.writeArrayFieldStart("tasks");
        for (TaskEntry task : operator.tasks()) {
            json.writeStartObject();
            json.writeNumberField("index", task.index());
            json.writeBooleanField("ended", task.ended());
            json.writeArrayFieldStart("states");
            for (StateEntry state : task.states()) {
                state(json, state);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("prepared");
            for (PreparedEntry prepared : task.prepared()) {
                json.writeStartObject();
                json.writeBinaryField("bytes", prepared.bytes());
                files(json, "files", prepared.files());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void meaning(JsonGenerator json, StateMeaning meaning) throws IOException {
        json.writeStringField("fingerprint", meaning.text());
        json.writeStringField("family", meaning.family());
        parts(json, "keys", meaning.keys());
        parts(json, "values", meaning.values());
        json.writeStringField("how", meaning.how());
        json.writeStringField("place", meaning.place());
    }

    private static void parts(JsonGenerator json, String field, List<StateMeaning.Part> parts) throws IOException {
        json.writeArrayFieldStart(field);
        for (StateMeaning.Part part : parts) {
            json.writeStartObject();
            json.writeStringField("what", part.what());
            json.writeArrayFieldStart("types");
            for (String type : part.types()) {
                json.writeString(type);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void state(JsonGenerator json, StateEntry state) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", state.name());
        json.writeStringField("kind", state.kind().name());
        json.writeStringField("layout", state.layout());
        json.writeNumberField("rows", state.rows());
        json.writeBinaryField("inline", state.inline());
        files(json, "files", state.files());
        json.writeEndObject();
    }

    private static void files(JsonGenerator json, String field, List<CheckpointFile> files) throws IOException {
        json.writeArrayFieldStart(field);
        for (CheckpointFile file : files) {
            if (!CheckpointFile.ofName(file.name()).equals(file)) {
                throw MillraceException.internal("no store gave this name: " + file);
            }
            json.writeString(file.name());
        }
        json.writeEndArray();
    }
}
