package io.millrace.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.memory.error.MillraceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * A whole answer.
 *
 * @param contentType with its charset
 */
record Reply(int status, String contentType, byte[] body) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Writes one JSON value. */
    @FunctionalInterface
    interface JsonBody {
        void write(JsonGenerator json) throws IOException;
    }

    static Reply json(JsonBody body) {
        return json(200, body);
    }

    static Reply json(int status, JsonBody body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            body.write(json);
            json.writeRaw('\n');
        } catch (IOException impossible) {
            throw MillraceException.internal("writing JSON to memory: " + impossible.getMessage());
        }
        return new Reply(status, "application/json; charset=utf-8", out.toByteArray());
    }

    static Reply of(HttpProblem problem) {
        return json(
                problem.status(),
                json -> {
                    json.writeStartObject();
                    json.writeObjectFieldStart("error");
                    json.writeStringField("code", problem.code().name());
                    json.writeStringField("message", problem.getMessage());
                    json.writeStringField("help", problem.help());
                    json.writeEndObject();
                    json.writeEndObject();
                });
    }
}
