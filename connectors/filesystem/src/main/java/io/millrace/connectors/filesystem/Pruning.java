package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.ScanPredicate;
import io.millrace.formats.parquet.reader.ValueRange;
import io.millrace.memory.types.DataType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;

/** Decides from a row group's statistics whether any of its rows can matter. In doubt it can. */
final class Pruning {
    private static final long MICROS_PER_SECOND = 1_000_000L;

    private Pruning() {}

    /**
     * Whether a predicate may hold for a row.
     *
     * @param range null when unknown
     * @param nullCount -1 when unknown
     */
    static boolean mayHold(ScanPredicate predicate, DataType type, ValueRange range, long nullCount, long rowCount) {
        boolean allNull = nullCount == rowCount;
        switch (predicate.comparison()) {
            case IS_NULL -> {
                return nullCount != 0;
            }
            case IS_NOT_NULL -> {
                return !allNull;
            }
            default -> {
                if (allNull) {
                    return false;
                }
            }
        }
        if (range == null) {
            return true;
        }
        for (Object value : predicate.values()) {
            Object literal = literal(type, value);
            if (literal == null || literal.getClass() != range.min().getClass() || mayHold(predicate, range, literal)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a predicate may hold for a column that has one value in all rows, which may be null. */
    static boolean mayHold(ScanPredicate predicate, DataType type, Object value) {
        return mayHold(predicate, type, range(type, value), value == null ? 1 : 0, 1);
    }

    /** From a value to itself; null when it is none or its type has no order here. */
    static ValueRange range(DataType type, Object value) {
        Object bound = value == null ? null : literal(type, value);
        return bound == null ? null : new ValueRange(bound, bound);
    }

    private static boolean mayHold(ScanPredicate predicate, ValueRange range, Object literal) {
        int low = ValueRange.compare(range.min(), literal);
        int high = ValueRange.compare(range.max(), literal);
        // NaN, which statistics leave out, is greater than all numbers to some and to others no number's equal.
        boolean nan = literal instanceof Double;
        return switch (predicate.comparison()) {
            case EQUAL, IN -> nan && ((Double) literal).isNaN() || low <= 0 && high >= 0;
            case NOT_EQUAL -> nan || literal instanceof byte[] || low != 0 || high != 0;
            case LESS -> low < 0;
            case LESS_OR_EQUAL -> low <= 0;
            case GREATER -> nan || high > 0;
            case GREATER_OR_EQUAL -> nan || high >= 0;
            case IS_NULL, IS_NOT_NULL -> true;
        };
    }

    /** The literal as bounds of the type are given, or null when it has no such form. */
    private static Object literal(DataType type, Object value) {
        return switch (type.kind()) {
            case BOOLEAN -> value instanceof Boolean b ? (Object) (b ? 1L : 0L) : null;
            case TINYINT, SMALLINT, INT, BIGINT ->
                    value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte
                            ? (Object) ((Number) value).longValue()
                            : null;
            case FLOAT, DOUBLE ->
                    value instanceof Double || value instanceof Float ? (Object) ((Number) value).doubleValue() : null;
            case DECIMAL -> value instanceof BigDecimal ? value : null;
            case DATE -> value instanceof LocalDate d ? (Object) d.toEpochDay() : null;
            case TIME ->
                    value instanceof LocalTime t && t.getNano() % 1_000 == 0
                            ? (Object) (t.toNanoOfDay() / 1_000)
                            : null;
            case TIMESTAMP -> value instanceof LocalDateTime t ? micros(t.toInstant(ZoneOffset.UTC)) : null;
            case TIMESTAMP_LTZ -> value instanceof Instant t ? micros(t) : null;
            case VARCHAR -> value instanceof String s ? s.getBytes(StandardCharsets.UTF_8) : null;
            case BINARY -> value instanceof byte[] ? value : null;
            default -> null;
        };
    }

    private static Object micros(Instant time) {
        return time.getNano() % 1_000 == 0
                ? (Object) (time.getEpochSecond() * MICROS_PER_SECOND + time.getNano() / 1_000)
                : null;
    }
}
