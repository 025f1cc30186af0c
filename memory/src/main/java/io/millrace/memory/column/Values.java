package io.millrace.memory.column;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Single values between columns and Java objects: what edges, literals and tests use. Not for the data path. */
final class Values {
    private static final long MICROS_PER_SECOND = 1_000_000L;

    private Values() {}

    static Object read(Column column, int row) {
        if (column.isNull(row)) {
            return null;
        }
        DataType type = column.type();
        return switch (type.kind()) {
            case BOOLEAN -> column.getBoolean(row);
            case TINYINT -> (byte) column.getLong(row);
            case SMALLINT -> (short) column.getLong(row);
            case INT -> (int) column.getLong(row);
            case BIGINT -> column.getLong(row);
            case FLOAT -> (float) column.getDouble(row);
            case DOUBLE -> column.getDouble(row);
            case DECIMAL -> new BigDecimal(readUnscaled(column, row), type.scale());
            case DATE -> LocalDate.ofEpochDay(column.getLong(row));
            case TIME -> LocalTime.ofNanoOfDay(column.getLong(row) * 1_000);
            case TIMESTAMP ->
                    LocalDateTime.ofEpochSecond(
                            Math.floorDiv(column.getLong(row), MICROS_PER_SECOND),
                            nanoOfSecond(column, row),
                            ZoneOffset.UTC);
            case TIMESTAMP_LTZ ->
                    Instant.ofEpochSecond(
                            Math.floorDiv(column.getLong(row), MICROS_PER_SECOND), nanoOfSecond(column, row));
            case VARCHAR -> new String(column.getBytes(row), StandardCharsets.UTF_8);
            case BINARY -> column.getBytes(row);
            case ROW -> readRow(column, row);
            case ARRAY -> readList(column, row);
            case MAP -> readMap(column, row);
        };
    }

    private static int nanoOfSecond(Column column, int row) {
        int nanos = (int) Math.floorMod(column.getLong(row), MICROS_PER_SECOND) * 1_000;
        return column.type().layout() == Layout.NANOS ? nanos + Mem.getInt(column.valueAddress(row) + 8) : nanos;
    }

    private static BigInteger readUnscaled(Column column, int row) {
        if (column.type().layout() == Layout.I64) {
            return BigInteger.valueOf(column.getLong(row));
        }
        long at = column.valueAddress(row);
        return toBigInteger(Mem.getLong(at + 8), Mem.getLong(at));
    }

    static BigInteger toBigInteger(long high, long low) {
        BigInteger lowPart = BigInteger.valueOf(low);
        if (low < 0) {
            lowPart = lowPart.add(BigInteger.ONE.shiftLeft(64));
        }
        return BigInteger.valueOf(high).shiftLeft(64).add(lowPart);
    }

    private static List<Object> readRow(Column column, int row) {
        Column values = column.valueColumn();
        int index = column.valueIndex(row);
        List<Object> fields = new ArrayList<>(values.childCount());
        for (int i = 0; i < values.childCount(); i++) {
            fields.add(read(values.child(i), index));
        }
        return fields;
    }

    private static List<Object> readList(Column column, int row) {
        List<Object> elements = new ArrayList<>();
        for (int i = column.listStart(row); i < column.listEnd(row); i++) {
            elements.add(read(column.child(0), i));
        }
        return elements;
    }

    private static Map<Object, Object> readMap(Column column, int row) {
        Map<Object, Object> entries = new LinkedHashMap<>();
        for (int i = column.listStart(row); i < column.listEnd(row); i++) {
            Column pairs = column.child(0);
            entries.put(read(pairs.child(0), i), read(pairs.child(1), i));
        }
        return entries;
    }

    /** Appends what {@link #read} returns, or the usual Java counterpart of the type. */
    static void append(ColumnBuilder builder, Object value) {
        DataType type = builder.type();
        if (value == null) {
            builder.appendNull();
            return;
        }
        switch (type.kind()) {
            case BOOLEAN -> builder.appendLong((Boolean) value ? 1 : 0);
            case TINYINT, SMALLINT, INT, BIGINT -> builder.appendLong(((Number) value).longValue());
            case FLOAT, DOUBLE -> builder.appendDouble(((Number) value).doubleValue());
            case DECIMAL -> appendDecimal(builder, (BigDecimal) value);
            case DATE -> builder.appendLong(((LocalDate) value).toEpochDay());
            case TIME -> builder.appendLong(((LocalTime) value).toNanoOfDay() / 1_000);
            case TIMESTAMP, TIMESTAMP_LTZ -> appendTimestamp(builder, value);
            case VARCHAR -> builder.appendBytes(value.toString().getBytes(StandardCharsets.UTF_8));
            case BINARY -> builder.appendBytes((byte[]) value);
            case ROW -> {
                List<?> fields = (List<?>) value;
                for (int i = 0; i < fields.size(); i++) {
                    append(builder.child(i), fields.get(i));
                }
                builder.endStruct();
            }
            case ARRAY -> {
                for (Object element : (List<?>) value) {
                    append(builder.child(0), element);
                }
                builder.endList();
            }
            case MAP -> {
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                    append(builder.child(0).child(0), entry.getKey());
                    append(builder.child(0).child(1), entry.getValue());
                    builder.child(0).endStruct();
                }
                builder.endList();
            }
        }
    }

    private static void appendDecimal(ColumnBuilder builder, BigDecimal value) {
        DataType type = builder.type();
        BigDecimal scaled = value.setScale(type.scale());
        if (scaled.precision() > type.precision()) {
            throw new IllegalArgumentException("expected a value of " + type + ", found " + value);
        }
        BigInteger unscaled = scaled.unscaledValue();
        if (type.layout() == Layout.I64) {
            builder.appendLong(unscaled.longValueExact());
        } else {
            builder.appendInt128(unscaled.shiftRight(64).longValue(), unscaled.longValue());
        }
    }

    private static void appendTimestamp(ColumnBuilder builder, Object value) {
        Instant instant =
                switch (value) {
                    case LocalDateTime local -> local.toInstant(ZoneOffset.UTC);
                    case Instant already -> already;
                    default ->
                            throw new IllegalArgumentException(
                                    "expected LocalDateTime or Instant for "
                                            + builder.type()
                                            + ", found "
                                            + value.getClass());
                };
        long micros =
                Math.addExact(
                        Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / 1_000);
        if (builder.type().layout() == Layout.NANOS) {
            builder.appendNanos(micros, instant.getNano() % 1_000);
        } else {
            builder.appendLong(micros);
        }
    }
}
