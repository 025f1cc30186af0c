package io.millrace.operators.function;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import java.util.List;

/** Types of results, as Flink's dialect has them. Nullability is left to the caller: every result here is nullable. */
public final class TypeRules {
    private static final int MIN_ADJUSTED_SCALE = 6;

    private TypeRules() {}

    /** The DECIMAL that holds every value of an integer type; a DECIMAL itself. Null for other types. */
    public static DataType asDecimal(DataType type) {
        return switch (type.kind()) {
            case TINYINT -> DataType.decimal(3, 0);
            case SMALLINT -> DataType.decimal(5, 0);
            case INT -> DataType.decimal(10, 0);
            case BIGINT -> DataType.decimal(19, 0);
            case DECIMAL -> type.withNullable(true);
            default -> null;
        };
    }

    /** The type that values of all these types have in common without loss of meaning, or null. */
    public static DataType common(List<DataType> types) {
        DataType result = null;
        for (DataType type : types) {
            result = result == null ? type.withNullable(true) : common(result, type.withNullable(true));
            if (result == null) {
                return null;
            }
        }
        return result;
    }

    private static DataType common(DataType a, DataType b) {
        if (a.sameValues(b)) {
            return a;
        }
        if (a.kind().isNumeric() && b.kind().isNumeric()) {
            return commonNumber(a, b);
        }
        if (a.kind() == b.kind()) {
            return switch (a.kind()) {
                case VARCHAR, BINARY, TIME, TIMESTAMP, TIMESTAMP_LTZ -> a.precision() >= b.precision() ? a : b;
                case ARRAY -> {
                    DataType element = common(List.of(a.elementType(), b.elementType()));
                    yield element == null ? null : DataType.array(element);
                }
                default -> null;
            };
        }
        return commonTime(a, b);
    }

    private static DataType commonNumber(DataType a, DataType b) {
        boolean approximateA = isApproximate(a);
        boolean approximateB = isApproximate(b);
        if (approximateA || approximateB) {
            boolean bothFloat =
                    (!approximateA || a.kind() == TypeKind.FLOAT) && (!approximateB || b.kind() == TypeKind.FLOAT);
            boolean decimal = a.kind() == TypeKind.DECIMAL || b.kind() == TypeKind.DECIMAL;
            return bothFloat && !decimal ? DataType.FLOAT : DataType.DOUBLE;
        }
        if (a.kind() == TypeKind.DECIMAL || b.kind() == TypeKind.DECIMAL) {
            DataType x = asDecimal(a);
            DataType y = asDecimal(b);
            int scale = Math.max(x.scale(), y.scale());
            int digits = Math.max(x.precision() - x.scale(), y.precision() - y.scale());
            return adjusted(digits + scale, scale);
        }
        return a.kind().compareTo(b.kind()) >= 0 ? a : b;
    }

    private static DataType commonTime(DataType a, DataType b) {
        if (a.kind() == TypeKind.DATE && b.kind().isTimestamp()) {
            return b;
        }
        if (b.kind() == TypeKind.DATE && a.kind().isTimestamp()) {
            return a;
        }
        if (a.kind().isTimestamp() && b.kind().isTimestamp()) {
            return DataType.timestampLtz(Math.max(a.precision(), b.precision()));
        }
        return null;
    }

    public static boolean isApproximate(DataType type) {
        return type.kind() == TypeKind.FLOAT || type.kind() == TypeKind.DOUBLE;
    }

    /**
     * The type of {@code a operator b} over numbers, or null when it has none.
     *
     * @param operator one of {@code + - * / %}
     */
    public static DataType arithmetic(String operator, DataType a, DataType b) {
        if (!a.kind().isNumeric() || !b.kind().isNumeric()) {
            return null;
        }
        boolean decimal = a.kind() == TypeKind.DECIMAL || b.kind() == TypeKind.DECIMAL;
        if (isApproximate(a) || isApproximate(b) || !decimal) {
            return commonNumber(a.withNullable(true), b.withNullable(true));
        }
        DataType x = asDecimal(a);
        DataType y = asDecimal(b);
        int digitsX = x.precision() - x.scale();
        int digitsY = y.precision() - y.scale();
        int maxScale = Math.max(x.scale(), y.scale());
        return switch (operator) {
            case "+", "-" -> adjusted(Math.max(digitsX, digitsY) + maxScale + 1, maxScale);
            case "*" -> adjusted(x.precision() + y.precision() + 1, x.scale() + y.scale());
            case "/" -> {
                int scale = Math.max(MIN_ADJUSTED_SCALE, x.scale() + y.precision() + 1);
                yield adjusted(digitsX + y.scale() + scale, scale);
            }
            case "%" -> adjusted(Math.min(digitsX, digitsY) + maxScale, maxScale);
            default -> null;
        };
    }

    /** A DECIMAL of at most 38 digits: too many give up scale, down to 6, before they give up whole digits. */
    static DataType adjusted(int precision, int scale) {
        if (precision <= DataType.MAX_DECIMAL_PRECISION) {
            return DataType.decimal(Math.max(1, precision), scale);
        }
        int wholeDigits = precision - scale;
        int minScale = Math.min(scale, MIN_ADJUSTED_SCALE);
        int kept = Math.max(DataType.MAX_DECIMAL_PRECISION - wholeDigits, minScale);
        return DataType.decimal(DataType.MAX_DECIMAL_PRECISION, kept);
    }

    /** The type of ROUND or TRUNCATE of a DECIMAL to so many digits after the point. */
    static DataType rounded(DataType decimal, int digits) {
        if (digits >= decimal.scale()) {
            return decimal;
        }
        int whole = decimal.precision() - decimal.scale();
        return digits < 0
                ? DataType.decimal(Math.min(DataType.MAX_DECIMAL_PRECISION, 1 + whole), 0)
                : DataType.decimal(Math.min(DataType.MAX_DECIMAL_PRECISION, 1 + whole + digits), digits);
    }

    /** Whether CAST is defined between two types. */
    public static boolean canCast(DataType from, DataType to) {
        TypeKind a = from.kind();
        TypeKind b = to.kind();
        if (a == TypeKind.ROW || a == TypeKind.ARRAY || a == TypeKind.MAP) {
            return from.sameValues(to) || b == TypeKind.VARCHAR;
        }
        if (a == b || a == TypeKind.VARCHAR || b == TypeKind.VARCHAR) {
            return b != TypeKind.ROW && b != TypeKind.ARRAY && b != TypeKind.MAP;
        }
        if (a.isNumeric() && (b.isNumeric() || b == TypeKind.BOOLEAN)) {
            return true;
        }
        return switch (a) {
            case BOOLEAN -> b.isNumeric();
            case DATE -> b.isTimestamp();
            case TIME -> false;
            case TIMESTAMP, TIMESTAMP_LTZ -> b.isTimestamp() || b == TypeKind.DATE || b == TypeKind.TIME;
            default -> false;
        };
    }

    /**
     * The widening steps from one type to another that needs no CAST in the text, 0 for none; -1 where there is no way.
     */
    static int wideningSteps(DataType from, DataType to) {
        TypeKind a = from.kind();
        TypeKind b = to.kind();
        if (a == b) {
            return 0;
        }
        if (a.isNumeric() && b.isNumeric()) {
            int steps = rank(b) - rank(a);
            return steps > 0 ? steps : -1;
        }
        if (a == TypeKind.DATE && b.isTimestamp()) {
            return 1;
        }
        return a == TypeKind.TIMESTAMP && b == TypeKind.TIMESTAMP_LTZ ? 2 : -1;
    }

    private static int rank(TypeKind kind) {
        return switch (kind) {
            case TINYINT -> 0;
            case SMALLINT -> 1;
            case INT -> 2;
            case BIGINT -> 3;
            case DECIMAL -> 5;
            case FLOAT -> 7;
            default -> 8;
        };
    }
}
