package io.millrace.engine.plan;

import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.Source;
import io.millrace.memory.types.DataType;
import io.millrace.operators.evaluation.EventTimeExpression;
import io.millrace.operators.expression.Expression;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads plans as the package says, and binds them to the tables of a script. One plan, one thread. */
final class PlanReader {
    private final Map<String, Source> sources;
    private final Map<String, Sink> sinks;

    PlanReader(Map<String, Source> sources, Map<String, Sink> sinks) {
        this.sources = sources;
        this.sinks = sinks;
    }

    /** What a tree is; IllegalArgumentException or ClassCastException when this version knows no such thing. */
    Object value(Object tree, Type type) throws ReflectiveOperationException {
        if (tree == null) {
            return null;
        }
        if (type instanceof ParameterizedType list) {
            List<Object> elements = new ArrayList<>();
            for (Object element : (List<?>) tree) {
                elements.add(value(element, list.getActualTypeArguments()[0]));
            }
            return elements;
        }
        if (type == int.class || type == Integer.class) {
            return Math.toIntExact((Long) tree);
        }
        if (type == long.class || type == Long.class || type == boolean.class || type == String.class) {
            return tree;
        }
        if (type == DataType.class) {
            return DataType.parse((String) tree);
        }
        if (type == Object.class) {
            return literal((Map<?, ?>) tree);
        }
        if (((Class<?>) type).isEnum()) {
            return Arrays.stream(((Class<?>) type).getEnumConstants())
                    .filter(constant -> ((Enum<?>) constant).name().equals(tree))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no " + type + " is " + tree));
        }
        return record((Map<?, ?>) tree);
    }

    private static Object literal(Map<?, ?> tree) {
        Function<String, Object> reader = PlanRecords.literal((String) tree.get("is"));
        if (reader == null) {
            throw new IllegalArgumentException("no literal is a " + tree.get("is"));
        }
        return reader.apply((String) tree.get("value"));
    }

    private Object record(Map<?, ?> tree) throws ReflectiveOperationException {
        if (PlanRecords.COMPUTED_TIME.equals(tree.get("is"))) {
            Expression expression = (Expression) value(tree.get("expression"), Expression.class);
            return new EventTimeExpression(expression, (Long) tree.get("delayMicros"));
        }
        Class<?> type = PlanRecords.named((String) tree.get("is"));
        if (type == null) {
            throw new IllegalArgumentException("no record is a " + tree.get("is"));
        }
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        int read = 1;
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            if (types[i] == Source.class) {
                values[i] = bound(sources, tree);
            } else if (types[i] == Sink.class) {
                values[i] = bound(sinks, tree);
            } else if (tree.containsKey(components[i].getName())) {
                values[i] = value(tree.get(components[i].getName()), components[i].getGenericType());
                read++;
            } else {
                throw new IllegalArgumentException("a " + tree.get("is") + " without " + components[i].getName());
            }
        }
        if (read != tree.size()) {
            throw new IllegalArgumentException("a " + tree.get("is") + " with more than " + tree.keySet());
        }
        return type.getConstructor(types).newInstance(values);
    }

    private static <T> T bound(Map<String, T> tables, Map<?, ?> tree) {
        T table = tables.get((String) tree.get("table"));
        if (table == null) {
            throw new IllegalArgumentException("no table " + tree.get("table"));
        }
        return table;
    }
}
