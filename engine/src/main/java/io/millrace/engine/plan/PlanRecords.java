package io.millrace.engine.plan;

import io.millrace.connectors.api.ColumnTime;
import io.millrace.connectors.api.ScanPredicate;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.operators.aggregate.AggregateCall;
import io.millrace.operators.aggregate.AggregateSpec;
import io.millrace.operators.calc.CalcSpec;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.graph.Edge;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.operators.graph.Partitioning;
import io.millrace.operators.scan.ScanSpec;
import io.millrace.operators.sink.SinkSpec;
import io.millrace.operators.sort.SortKey;
import io.millrace.operators.sort.SortSpec;
import io.millrace.operators.values.ValuesSpec;
import io.millrace.operators.window.WindowAggregateSpec;
import io.millrace.operators.window.WindowAssignSpec;
import io.millrace.operators.window.WindowShape;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The records that plans are made of, and the values that literals have, by their names in a stored plan. */
final class PlanRecords {
    /** Of a computed event time, which is no record. */
    static final String COMPUTED_TIME = "ComputedTime";

    private static final List<Class<?>> RECORDS =
            List.of(
                    OperatorGraph.class,
                    Node.class,
                    Edge.class,
                    Partitioning.Forward.class,
                    Partitioning.Hash.class,
                    Partitioning.Gather.class,
                    Partitioning.RoundRobin.class,
                    Partitioning.Broadcast.class,
                    ScanSpec.class,
                    ScanPredicate.class,
                    ColumnTime.class,
                    CalcSpec.class,
                    AggregateSpec.class,
                    AggregateCall.class,
                    WindowAggregateSpec.class,
                    WindowAssignSpec.class,
                    WindowShape.class,
                    SortSpec.class,
                    SortKey.class,
                    ValuesSpec.class,
                    SinkSpec.class,
                    Schema.class,
                    Field.class,
                    Expression.Input.class,
                    Expression.Literal.class,
                    Expression.Call.class);

    private static final Map<String, Class<?>> BY_NAME = new HashMap<>();

    private static final Map<String, Function<String, Object>> LITERALS = new HashMap<>();

    static {
        RECORDS.forEach(type -> BY_NAME.put(type.getSimpleName(), type));
        LITERALS.put("Boolean", Boolean::valueOf);
        LITERALS.put("Byte", Byte::valueOf);
        LITERALS.put("Short", Short::valueOf);
        LITERALS.put("Integer", Integer::valueOf);
        LITERALS.put("Long", Long::valueOf);
        LITERALS.put("Float", Float::valueOf);
        LITERALS.put("Double", Double::valueOf);
        LITERALS.put("BigDecimal", BigDecimal::new);
        LITERALS.put("String", text -> text);
        LITERALS.put("LocalDate", LocalDate::parse);
        LITERALS.put("LocalTime", LocalTime::parse);
        LITERALS.put("LocalDateTime", LocalDateTime::parse);
        LITERALS.put("Instant", Instant::parse);
        LITERALS.put("byte[]", text -> HexFormat.of().parseHex(text));
    }

    private PlanRecords() {}

    /** The record of this name; null when there is none. */
    static Class<?> named(String name) {
        return BY_NAME.get(name);
    }

    static boolean isKnown(Class<?> type) {
        return BY_NAME.get(type.getSimpleName()) == type;
    }

    /** How a literal's value is read from its text; null when there is none of this class. */
    static Function<String, Object> literal(String name) {
        return LITERALS.get(name);
    }

    /** The text of a literal's value. */
    static String text(Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
    }
}
