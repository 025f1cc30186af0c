package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.footer.ColumnBounds;
import io.millrace.formats.parquet.footer.LogicalType;
import io.millrace.formats.parquet.footer.PhysicalType;
import io.millrace.formats.parquet.footer.SchemaNode;
import io.millrace.memory.types.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Between which values a column lies in a row group, by what the footer says. Bounds are Long (integers, BOOLEAN, DATE
 * as days, TIME and TIMESTAMP as microseconds), Double, BigDecimal (DECIMAL) or byte[] (VARCHAR, BINARY), both of one
 * kind. Bounds of bytes may have been shortened, the lower down and the upper up. NaN lies in no range and may be there
 * all the same.
 */
public record ValueRange(Object min, Object max) {
    /** The range in a column's own type, or null when the footer gives none that can be used. */
    static ValueRange of(ColumnBounds bounds, SchemaNode leaf, DataType type, Conversion conversion) {
        if (!bounds.isKnown()) {
            return null;
        }
        Object min = value(bounds.min(), leaf, type, conversion);
        Object max = value(bounds.max(), leaf, type, conversion);
        return min == null || max == null || compare(min, max) > 0 ? null : new ValueRange(min, max);
    }

    public boolean isLong() {
        return min instanceof Long;
    }

    public long minLong() {
        return (Long) min;
    }

    public long maxLong() {
        return (Long) max;
    }

    /** Compares two values of one kind, as the bounds are; zeros of either sign are equal, bytes are unsigned. */
    public static int compare(Object a, Object b) {
        return switch (a) {
            case Long value -> value.compareTo((Long) b);
            case Double value -> Double.compare(value + 0.0, (Double) b + 0.0);
            case BigDecimal value -> value.compareTo((BigDecimal) b);
            case byte[] value -> Arrays.compareUnsigned(value, (byte[]) b);
            default -> throw new IllegalArgumentException("no order for " + a.getClass());
        };
    }

    private static Object value(byte[] bytes, SchemaNode leaf, DataType type, Conversion conversion) {
        return switch (leaf.physical()) {
            case BOOLEAN -> bytes.length == 1 ? (Object) (long) bytes[0] : null;
            case INT32 -> bytes.length == 4 ? integer(little(bytes).getInt(), leaf, type, conversion) : null;
            case INT64 -> bytes.length == 8 ? integer(little(bytes).getLong(), leaf, type, conversion) : null;
            case FLOAT -> bytes.length == 4 ? floating(little(bytes).getFloat()) : null;
            case DOUBLE -> bytes.length == 8 ? floating(little(bytes).getDouble()) : null;
            case INT96 -> null;
            case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY ->
                    switch (conversion.kind()) {
                        case FIXED_TO_VIEW, BYTES_TO_VIEW -> bytes;
                        case FLOAT16_TO_F32 -> null;
                        default -> bytes.length == 0 ? null : new BigDecimal(new BigInteger(bytes), type.scale());
                    };
        };
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Object floating(double value) {
        return Double.isNaN(value) ? null : (Object) value;
    }

    private static Object integer(long value, SchemaNode leaf, DataType type, Conversion conversion) {
        boolean unsigned = leaf.logical().kind() == LogicalType.Kind.INTEGER && !leaf.logical().signed();
        long own = unsigned && leaf.physical() == PhysicalType.INT32 ? value & 0xffffffffL : value;
        return switch (conversion.kind()) {
            case COPY, INT32_TO_I8, INT32_TO_I16, INT32_TO_I64, UINT32_TO_I64, INT32_TO_I128, INT64_TO_I128 ->
                    switch (type.kind()) {
                        case DECIMAL -> BigDecimal.valueOf(own, type.scale());
                        default -> (Object) own;
                    };
            case UINT64_TO_I128 -> new BigDecimal(new BigInteger(Long.toUnsignedString(value)));
            case INT32_TO_F64 -> (double) own;
            case INT32_SCALE, INT64_SCALE -> {
                long scaled = own * conversion.multiplier();
                yield scaled / conversion.multiplier() == own ? (Object) scaled : null;
            }
            case INT64_TRUNCATE -> {
                long micros = Math.floorDiv(own, conversion.divisor());
                yield (Object) (micros - Math.floorMod(micros, conversion.multiplier()));
            }
            default -> null;
        };
    }
}
