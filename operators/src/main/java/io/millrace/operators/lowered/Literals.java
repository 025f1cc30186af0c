package io.millrace.operators.lowered;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import io.millrace.operators.kernel.ConstantSet;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;

/** Constants as the numbers that columns hold. */
public final class Literals {
    private Literals() {}

    /** A Long or Double: what a column holds for this constant of LONG or DOUBLE carrier, which is not NULL. */
    public static Number number(Lowered.Constant constant) {
        return switch (constant.carrier()) {
            case LONG -> longOf(constant.value(), constant.type());
            case DOUBLE ->
                    constant.type().kind() == TypeKind.FLOAT
                            ? (double) ((Number) constant.value()).floatValue()
                            : ((Number) constant.value()).doubleValue();
            default -> throw new IllegalArgumentException("expected a number, found " + constant);
        };
    }

    private static long longOf(Object value, DataType type) {
        return switch (value) {
            case BigDecimal decimal -> decimal.setScale(type.scale()).unscaledValue().longValueExact();
            case Number number -> number.longValue();
            case LocalDate date -> date.toEpochDay();
            case LocalTime time -> time.toNanoOfDay() / 1_000;
            case LocalDateTime local -> micros(local.toInstant(ZoneOffset.UTC));
            case Instant instant -> micros(instant);
            default ->
                    throw new IllegalArgumentException("expected a value of " + type + ", found " + value.getClass());
        };
    }

    /** The object for a number that a column of an integer, DATE, TIME or TIMESTAMP type holds. */
    public static Object object(long value, DataType type) {
        return switch (type.kind()) {
            case TINYINT, SMALLINT, INT, BIGINT -> value;
            case DATE -> LocalDate.ofEpochDay(value);
            case TIME -> LocalTime.ofNanoOfDay(value * 1_000);
            case TIMESTAMP -> LocalDateTime.ofInstant(instant(value), ZoneOffset.UTC);
            case TIMESTAMP_LTZ -> instant(value);
            default -> throw new IllegalArgumentException("expected an integer or a time, found " + type);
        };
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    /** The constants of a membership test, to be looked up. */
    public static ConstantSet constantSet(Lowered.OneOf oneOf) {
        DataType type = oneOf.value().type();
        List<Object> values = oneOf.constants();
        return Carrier.of(type) == Carrier.LONG
                ? ConstantSet.ofNumbers(values.stream().mapToLong(value -> longOf(value, type)).toArray())
                : ConstantSet.ofTexts(values.stream().map(Object::toString).toList());
    }
}
