package io.millrace.memory.types;

import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A SQL type: its constructor, whether it admits NULL, and its parameters.
 *
 * @param precision DECIMAL: digits, 1 to 38. TIME and TIMESTAMP: fractional digits, 0 to 9 (TIME 0 to 6). VARCHAR and
 *     BINARY: the greatest length ({@link Integer#MAX_VALUE} when unbounded). Otherwise 0.
 * @param scale DECIMAL only: digits after the point, 0 to precision
 * @param children ROW: the fields. ARRAY: one field, {@code element}. MAP: one field, {@code entries}, a ROW of {@code
 *     key} and {@code value}. Otherwise empty.
 */
public record DataType(TypeKind kind, boolean nullable, int precision, int scale, List<Field> children) {
    public static final int MAX_DECIMAL_PRECISION = 38;

    /** The largest DECIMAL precision whose unscaled value fits a long. */
    public static final int MAX_LONG_DECIMAL_PRECISION = 18;

    public static final DataType BOOLEAN = simple(TypeKind.BOOLEAN);
    public static final DataType TINYINT = simple(TypeKind.TINYINT);
    public static final DataType SMALLINT = simple(TypeKind.SMALLINT);
    public static final DataType INT = simple(TypeKind.INT);
    public static final DataType BIGINT = simple(TypeKind.BIGINT);
    public static final DataType FLOAT = simple(TypeKind.FLOAT);
    public static final DataType DOUBLE = simple(TypeKind.DOUBLE);
    public static final DataType DATE = simple(TypeKind.DATE);
    public static final DataType VARCHAR = varchar(Integer.MAX_VALUE);
    public static final DataType BINARY = binary(Integer.MAX_VALUE);

    /** TIMESTAMP(3), the customary type of an event time. */
    public static final DataType TIMESTAMP = timestamp(3);

    private static final Pattern SCALAR = Pattern.compile("([A-Z_]+)(?:\\((\\d+)(?:, (\\d+))?\\))?( NOT NULL)?");

    public DataType {
        Objects.requireNonNull(kind, "kind");
        children = List.copyOf(children);
        switch (kind) {
            case DECIMAL -> {
                require(precision >= 1 && precision <= MAX_DECIMAL_PRECISION, "DECIMAL precision 1 to 38", precision);
                require(scale >= 0 && scale <= precision, "DECIMAL scale 0 to precision=" + precision, scale);
            }
            case TIME -> require(precision >= 0 && precision <= 6, "TIME precision 0 to 6", precision);
            case TIMESTAMP, TIMESTAMP_LTZ ->
                    require(precision >= 0 && precision <= 9, "TIMESTAMP precision 0 to 9", precision);
            case VARCHAR, BINARY -> require(precision >= 0, "a length of at least 0", precision);
            case ARRAY, MAP -> require(children.size() == 1, "one child", children.size());
            default -> {}
        }
    }

    private static void require(boolean holds, String expected, int found) {
        if (!holds) {
            throw new IllegalArgumentException("expected " + expected + ", found " + found);
        }
    }

    private static DataType simple(TypeKind kind) {
        return new DataType(kind, true, 0, 0, List.of());
    }

    public static DataType decimal(int precision, int scale) {
        return new DataType(TypeKind.DECIMAL, true, precision, scale, List.of());
    }

    public static DataType time(int precision) {
        return new DataType(TypeKind.TIME, true, precision, 0, List.of());
    }

    public static DataType timestamp(int precision) {
        return new DataType(TypeKind.TIMESTAMP, true, precision, 0, List.of());
    }

    public static DataType timestampLtz(int precision) {
        return new DataType(TypeKind.TIMESTAMP_LTZ, true, precision, 0, List.of());
    }

    public static DataType varchar(int maxLength) {
        return new DataType(TypeKind.VARCHAR, true, maxLength, 0, List.of());
    }

    public static DataType binary(int maxLength) {
        return new DataType(TypeKind.BINARY, true, maxLength, 0, List.of());
    }

    public static DataType row(List<Field> fields) {
        return new DataType(TypeKind.ROW, true, 0, 0, fields);
    }

    public static DataType array(DataType element) {
        return new DataType(TypeKind.ARRAY, true, 0, 0, List.of(new Field("element", element)));
    }

    public static DataType map(DataType key, DataType value) {
        DataType entries = row(List.of(new Field("key", key.notNull()), new Field("value", value))).notNull();
        return new DataType(TypeKind.MAP, true, 0, 0, List.of(new Field("entries", entries)));
    }

    /**
     * The type that {@link #toString} wrote: one without children.
     *
     * @throws IllegalArgumentException when it is no such text
     */
    public static DataType parse(String text) {
        Matcher parts = SCALAR.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("expected a type without children, found '" + text + "'");
        }
        int first = parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2));
        int second = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
        DataType type =
                switch (parts.group(1)) {
                    case "STRING" -> VARCHAR;
                    case "BYTES" -> BINARY;
                    case "VARBINARY" -> binary(first);
                    default -> new DataType(TypeKind.valueOf(parts.group(1)), true, first, second, List.of());
                };
        return type.withNullable(parts.group(4) == null);
    }

    public DataType withNullable(boolean newNullable) {
        return newNullable == nullable ? this : new DataType(kind, newNullable, precision, scale, children);
    }

    public DataType notNull() {
        return withNullable(false);
    }

    public Layout layout() {
        return switch (kind) {
            case BOOLEAN -> Layout.BOOL8;
            case TINYINT -> Layout.I8;
            case SMALLINT -> Layout.I16;
            case INT, DATE -> Layout.I32;
            case BIGINT, TIME -> Layout.I64;
            case FLOAT -> Layout.F32;
            case DOUBLE -> Layout.F64;
            case DECIMAL -> precision <= MAX_LONG_DECIMAL_PRECISION ? Layout.I64 : Layout.I128;
            case TIMESTAMP, TIMESTAMP_LTZ -> precision <= 6 ? Layout.I64 : Layout.NANOS;
            case VARCHAR, BINARY -> Layout.VIEW;
            case ARRAY, MAP -> Layout.LIST;
            case ROW -> Layout.STRUCT;
        };
    }

    /** The same type, NULL or not. */
    public boolean sameValues(DataType other) {
        return withNullable(true).equals(other.withNullable(true));
    }

    /** Element type of an ARRAY, entry ROW of a MAP. */
    public DataType elementType() {
        return children.getFirst().type();
    }

    /** As SQL writes it, {@code NOT NULL} included. */
    @Override
    public String toString() {
        String text =
                switch (kind) {
                    case DECIMAL -> "DECIMAL(" + precision + ", " + scale + ")";
                    case TIME, TIMESTAMP, TIMESTAMP_LTZ -> kind + "(" + precision + ")";
                    case VARCHAR -> precision == Integer.MAX_VALUE ? "STRING" : "VARCHAR(" + precision + ")";
                    case BINARY -> precision == Integer.MAX_VALUE ? "BYTES" : "VARBINARY(" + precision + ")";
                    case ARRAY -> "ARRAY<" + elementType() + ">";
                    case MAP ->
                            "MAP<"
                                    + elementType().children().get(0).type()
                                    + ", "
                                    + elementType().children().get(1).type()
                                    + ">";
                    case ROW ->
                            children.stream()
                                    .map(f -> f.name() + " " + f.type())
                                    .collect(Collectors.joining(", ", "ROW<", ">"));
                    default -> kind.name();
                };
        return nullable ? text : text + " NOT NULL";
    }
}
