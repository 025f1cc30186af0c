package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.footer.LogicalType;
import io.millrace.formats.parquet.footer.PhysicalType;
import io.millrace.formats.parquet.footer.SchemaNode;
import io.millrace.formats.parquet.footer.TypeMapping;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;

/**
 * How a leaf's physical values become values of a column.
 *
 * @param multiplier of SCALE: each value is multiplied by it; of TRUNCATE: rounded down to a multiple of it, after a
 *     division by {@code divisor}
 */
record Conversion(Kind kind, long multiplier, long divisor) {
    enum Kind {
        /** The bytes as they are. */
        COPY,
        /** One byte a value, from bits. */
        BOOLEAN,
        INT32_TO_I8,
        INT32_TO_I16,
        INT32_TO_I64,
        UINT32_TO_I64,
        INT32_TO_I128,
        INT64_TO_I128,
        UINT64_TO_I128,
        FLOAT_TO_F64,
        FLOAT16_TO_F32,
        INT32_TO_F64,
        /** INT32 times a constant to I64. */
        INT32_SCALE,
        /** INT64 times a constant, overflow refused. */
        INT64_SCALE,
        /** INT64 divided, then cut to a coarser precision, toward the past. */
        INT64_TRUNCATE,
        /** INT64 of some unit to microseconds and nanoseconds. */
        INT64_TO_NANOS,
        INT96_TO_NANOS,
        INT96_TO_MICROS,
        FIXED_TO_I64,
        FIXED_TO_I128,
        FIXED_TO_VIEW,
        BYTES_TO_I64,
        BYTES_TO_I128,
        BYTES_TO_VIEW
    }

    private static Conversion of(Kind kind) {
        return new Conversion(kind, 1, 1);
    }

    boolean isView() {
        return kind == Kind.BYTES_TO_VIEW || kind == Kind.FIXED_TO_VIEW;
    }

    /** The conversion of a leaf to a wanted type, or SQL_INVALID when there is none. */
    static Conversion between(SchemaNode leaf, DataType wanted, DataType own, String file) {
        Conversion found = find(leaf, wanted, own);
        if (found == null) {
            throw new MillraceException(
                            ErrorCode.SQL_INVALID,
                            "column "
                                    + leaf.path()
                                    + " of file "
                                    + file
                                    + " holds "
                                    + own
                                    + " and cannot be read as "
                                    + wanted)
                    .withHelp("Declare the column as " + own + ", or leave out the files that differ.");
        }
        return found;
    }

    private static Conversion find(SchemaNode leaf, DataType wanted, DataType own) {
        LogicalType.Kind logical = leaf.logical().kind();
        if (wanted.kind().isTimestamp()) {
            return own.kind().isTimestamp() ? timestamp(leaf, wanted) : null;
        }
        return switch (wanted.kind()) {
            case BOOLEAN -> leaf.physical() == PhysicalType.BOOLEAN ? of(Kind.BOOLEAN) : null;
            case TINYINT, SMALLINT, INT, BIGINT -> own.kind().isInteger() ? integer(leaf, wanted, own) : null;
            case DATE -> logical == LogicalType.Kind.DATE ? of(Kind.COPY) : null;
            case TIME -> own.kind() == wanted.kind() ? time(leaf, wanted) : null;
            case FLOAT ->
                    switch (leaf.physical()) {
                        case FLOAT -> of(Kind.COPY);
                        case FIXED_LEN_BYTE_ARRAY ->
                                logical == LogicalType.Kind.FLOAT16 ? of(Kind.FLOAT16_TO_F32) : null;
                        default -> null;
                    };
            case DOUBLE ->
                    switch (leaf.physical()) {
                        case DOUBLE -> of(Kind.COPY);
                        case FLOAT -> of(Kind.FLOAT_TO_F64);
                        case INT32 ->
                                own.kind().isInteger() && own.layout() != Layout.I64 ? of(Kind.INT32_TO_F64) : null;
                        default -> null;
                    };
            case DECIMAL -> decimal(leaf, wanted, own);
            case VARCHAR -> bytes(leaf, own);
            case BINARY -> bytes(leaf, own);
            default -> null;
        };
    }

    private static Conversion bytes(SchemaNode leaf, DataType own) {
        return !own.kind().isBytes()
                ? null
                : of(leaf.physical() == PhysicalType.BYTE_ARRAY ? Kind.BYTES_TO_VIEW : Kind.FIXED_TO_VIEW);
    }

    private static Conversion integer(SchemaNode leaf, DataType wanted, DataType own) {
        if (wanted.layout().widthBytes() < own.layout().widthBytes()) {
            return null;
        }
        if (leaf.physical() == PhysicalType.INT64) {
            return of(Kind.COPY);
        }
        boolean unsigned32 = own.equals(DataType.BIGINT.withNullable(own.nullable()));
        return of(
                switch (wanted.layout()) {
                    case I8 -> Kind.INT32_TO_I8;
                    case I16 -> Kind.INT32_TO_I16;
                    case I32 -> Kind.COPY;
                    default -> unsigned32 ? Kind.UINT32_TO_I64 : Kind.INT32_TO_I64;
                });
    }

    private static Conversion decimal(SchemaNode leaf, DataType wanted, DataType own) {
        if (own.kind() != wanted.kind() || own.scale() != wanted.scale() || own.precision() > wanted.precision()) {
            return null;
        }
        boolean narrow = wanted.layout() == Layout.I64;
        return of(
                switch (leaf.physical()) {
                    case INT32 -> narrow ? Kind.INT32_TO_I64 : Kind.INT32_TO_I128;
                    case INT64 ->
                            narrow
                                    ? Kind.COPY
                                    : leaf.logical().kind() == LogicalType.Kind.INTEGER
                                            ? Kind.UINT64_TO_I128
                                            : Kind.INT64_TO_I128;
                    case FIXED_LEN_BYTE_ARRAY -> narrow ? Kind.FIXED_TO_I64 : Kind.FIXED_TO_I128;
                    default -> narrow ? Kind.BYTES_TO_I64 : Kind.BYTES_TO_I128;
                });
    }

    private static long power10(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }

    private static Conversion time(SchemaNode leaf, DataType wanted) {
        if (leaf.physical() == PhysicalType.INT32) {
            return wanted.precision() >= 3 ? new Conversion(Kind.INT32_SCALE, 1_000, 1) : null;
        }
        return truncation(leaf.logical().unitsPerSecond(), wanted.precision());
    }

    private static Conversion truncation(int unitsPerSecond, int precision) {
        int own = TypeMapping.digits(unitsPerSecond);
        if (own <= precision) {
            return own == 3 ? new Conversion(Kind.INT64_SCALE, 1_000, 1) : of(Kind.COPY);
        }
        if (own == 3) {
            return null;
        }
        return new Conversion(Kind.INT64_TRUNCATE, power10(6 - Math.min(6, precision)), own == 9 ? 1_000 : 1);
    }

    private static Conversion timestamp(SchemaNode leaf, DataType wanted) {
        boolean nanos = wanted.layout() == Layout.NANOS;
        if (leaf.physical() == PhysicalType.INT96) {
            return of(nanos ? Kind.INT96_TO_NANOS : Kind.INT96_TO_MICROS);
        }
        int unitsPerSecond = leaf.logical().unitsPerSecond();
        if (nanos) {
            return new Conversion(Kind.INT64_TO_NANOS, 1_000_000_000 / unitsPerSecond, 1);
        }
        return truncation(unitsPerSecond, wanted.precision());
    }
}
