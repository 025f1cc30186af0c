package io.millrace.engine.plan;

import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.Source;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.operators.evaluation.EventTimeExpression;
import io.millrace.operators.graph.OperatorGraph;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes plans as the package says, as trees of maps and lists. Stateless. */
final class PlanWriter {
    private PlanWriter() {}

    /** UNSUPPORTED when the plan has something that cannot be written. */
    static Map<String, Object> write(String conditions, OperatorGraph graph) {
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("conditions", conditions);
        try {
            plan.put("graph", tree(graph, false));
        } catch (ReflectiveOperationException hidden) {
            throw MillraceException.wrap(hidden);
        }
        return plan;
    }

    /** {@code isLiteral} when the value, or those in lists of it, are a literal's, whose class is told. */
    private static Object tree(Object value, boolean isLiteral) throws ReflectiveOperationException {
        if (value == null) {
            return null;
        }
        if (value instanceof List<?> list) {
            List<Object> elements = new ArrayList<>();
            for (Object element : list) {
                elements.add(tree(element, isLiteral));
            }
            return elements;
        }
        if (isLiteral) {
            return literal(value);
        }
        return switch (value) {
            case DataType type -> type(type);
            case Enum<?> constant -> constant.name();
            case String text -> text;
            case Boolean flag -> flag;
            case Integer number -> number.longValue();
            case Long number -> number;
            case EventTimeExpression time -> time(time);
            default -> record(value);
        };
    }

    private static MillraceException unsupported(Object value) {
        return new MillraceException(ErrorCode.UNSUPPORTED, "a stored plan with " + value.getClass().getName());
    }

    private static Map<String, Object> record(Object value) throws ReflectiveOperationException {
        if (!PlanRecords.isKnown(value.getClass())) {
            throw unsupported(value);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("is", value.getClass().getSimpleName());
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            if (component.getType() != Source.class && component.getType() != Sink.class) {
                Object field = component.getAccessor().invoke(value);
                fields.put(component.getName(), tree(field, holdsLiterals(component)));
            }
        }
        return fields;
    }

    /** Whether the component is a literal's value, or lists of those. */
    private static boolean holdsLiterals(RecordComponent component) {
        String type = component.getGenericType().getTypeName();
        return type.replace("java.util.List<", "").replace(">", "").equals("java.lang.Object");
    }

    private static Map<String, Object> time(EventTimeExpression time) throws ReflectiveOperationException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("is", PlanRecords.COMPUTED_TIME);
        fields.put("expression", tree(time.expression(), false));
        fields.put("delayMicros", time.delayMicros());
        return fields;
    }

    private static Map<String, Object> literal(Object value) {
        String name = value.getClass().getSimpleName();
        if (PlanRecords.literal(name) == null) {
            throw unsupported(value);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("is", name);
        fields.put("value", PlanRecords.text(value));
        return fields;
    }

    private static String type(DataType type) {
        if (!type.children().isEmpty()) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "a stored plan with a column of " + type);
        }
        return type.toString();
    }
}
