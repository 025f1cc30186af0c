package io.millrace.engine.plan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.Source;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.operators.evaluation.EventTimeExpression;
import io.millrace.operators.graph.OperatorGraph;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.List;

/** Writes plans as the package says. One plan, one thread. */
final class PlanWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator json;

    private PlanWriter(JsonGenerator json) {
        this.json = json;
    }

    /** UNSUPPORTED when the plan has something that cannot be written. */
    static String write(String conditions, OperatorGraph graph) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("conditions", conditions);
            json.writeFieldName("graph");
            new PlanWriter(json).value(graph, OperatorGraph.class);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (ReflectiveOperationException hidden) {
            throw MillraceException.wrap(hidden);
        }
        return text.toString();
    }

    private void value(Object value, Class<?> declared) throws IOException, ReflectiveOperationException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                // What a list holds of a literal's values is told by class, as a literal's is.
                value(element, declared == Object.class ? Object.class : null);
            }
            json.writeEndArray();
        } else if (declared == Object.class) {
            literal(value);
        } else if (value instanceof DataType type) {
            type(type);
        } else if (value instanceof Enum<?> constant) {
            json.writeString(constant.name());
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof EventTimeExpression time) {
            json.writeStartObject();
            json.writeStringField("is", PlanRecords.COMPUTED_TIME);
            json.writeFieldName("expression");
            value(time.expression(), null);
            json.writeNumberField("delayMicros", time.delayMicros());
            json.writeEndObject();
        } else if (PlanRecords.isKnown(value.getClass())) {
            record(value);
        } else {
            throw unsupported(value);
        }
    }

    private static MillraceException unsupported(Object value) {
        return new MillraceException(ErrorCode.UNSUPPORTED, "a stored plan with " + value.getClass().getName());
    }

    private void record(Object value) throws IOException, ReflectiveOperationException {
        json.writeStartObject();
        json.writeStringField("is", value.getClass().getSimpleName());
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            if (component.getType() != Source.class && component.getType() != Sink.class) {
                json.writeFieldName(component.getName());
                Class<?> declared = holdsLiterals(component) ? Object.class : component.getType();
                value(component.getAccessor().invoke(value), declared);
            }
        }
        json.writeEndObject();
    }

    /** Whether the component is a literal's value, or lists of those. */
    static boolean holdsLiterals(RecordComponent component) {
        return component
                .getGenericType()
                .getTypeName()
                .replace("java.util.List<", "")
                .replace(">", "")
                .equals("java.lang.Object");
    }

    private void literal(Object value) throws IOException {
        String name = value.getClass().getSimpleName();
        if (PlanRecords.literal(name) == null) {
            throw unsupported(value);
        }
        json.writeStartObject();
        json.writeStringField("is", name);
        json.writeStringField("value", PlanRecords.text(value));
        json.writeEndObject();
    }

    private void type(DataType type) throws IOException {
        if (!type.children().isEmpty()) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "a stored plan with a column of " + type);
        }
        json.writeString(type.toString());
    }
}
