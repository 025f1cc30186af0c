package io.millrace.operators.lowered;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;

/** The form in which a value is computed with. */
public enum Carrier {
    BOOLEAN,
    /** Integers, DATE, TIME, TIMESTAMP to microseconds, DECIMAL up to 18 digits. */
    LONG,
    /** FLOAT, rounded at each step, and DOUBLE. */
    DOUBLE,
    /** DECIMAL from 19 digits on: two words. */
    WIDE,
    /** TIMESTAMP with nanoseconds: microseconds and the rest. */
    NANOS,
    /** VARCHAR and BINARY. */
    TEXT,
    /** ROW, ARRAY, MAP. */
    NESTED;

    public static Carrier of(DataType type) {
        return switch (type.layout()) {
            case BOOL8 -> BOOLEAN;
            case I8, I16, I32, I64 -> LONG;
            case F32, F64 -> DOUBLE;
            case I128 -> WIDE;
            case NANOS -> NANOS;
            case VIEW -> TEXT;
            case LIST, STRUCT -> NESTED;
        };
    }

    /** The least value of a type with LONG carrier. */
    public static long least(DataType type) {
        return switch (type.kind()) {
            case TINYINT -> Byte.MIN_VALUE;
            case SMALLINT -> Short.MIN_VALUE;
            case INT, DATE -> Integer.MIN_VALUE;
            case DECIMAL -> -greatest(type);
            default -> Long.MIN_VALUE;
        };
    }

    /** The greatest value of a type with LONG carrier. */
    public static long greatest(DataType type) {
        if (type.kind() == TypeKind.DECIMAL) {
            long unit = 1;
            for (int i = 0; i < type.precision(); i++) {
                unit *= 10;
            }
            return unit - 1;
        }
        return switch (type.kind()) {
            case TINYINT -> Byte.MAX_VALUE;
            case SMALLINT -> Short.MAX_VALUE;
            case INT, DATE -> Integer.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
    }
}
