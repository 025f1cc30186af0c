package io.millrace.connectors.basic;

import io.millrace.connectors.api.TableOptions;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.hash.Hashing;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Layout;
import io.millrace.memory.types.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How one field is made: each value from its own random number, which is a hash of seed, field and row.
 *
 * @param sequence whether values count from {@code min} to {@code max} and end there
 * @param range bounds of numbers, inclusive
 * @param length of strings, bytes, arrays and maps
 * @param varLength whether lengths vary from 1 to {@code length}
 * @param maxPastMicros how far before now a time may lie
 */
record DatagenField(
        DataType type,
        long seed,
        boolean sequence,
        Range range,
        int length,
        boolean varLength,
        double nullRate,
        long maxPastMicros,
        List<DatagenField> children) {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    /** Inclusive bounds, as the type of the field needs them. */
    record Range(BigDecimal min, BigDecimal max) {}

    static DatagenField of(TableOptions options, String prefix, DataType type, long seed, Set<String> used) {
        for (String key : List.of("kind", "min", "max", "length", "var-len", "null-rate", "max-past", "start", "end")) {
            used.add(prefix + key);
        }
        boolean sequence = options.getWord(prefix + "kind", "random", "random", "sequence").equals("sequence");
        Range range =
                sequence
                        ? new Range(number(options, prefix + "start", null), number(options, prefix + "end", null))
                        : range(options, prefix, type);
        if (range.min().compareTo(range.max()) > 0) {
            throw options.invalid(prefix + (sequence ? "start" : "min"), "at most the other bound, " + range.max());
        }
        if (sequence && !countable(type)) {
            throw options.invalid(prefix + "kind", "random for a " + type);
        }
        String rate = options.table().option(prefix + "null-rate");
        double nullRate =
                rate == null || Double.parseDouble(rate) == 0 ? 0 : options.getPositive(prefix + "null-rate", 0);
        List<DatagenField> children = new ArrayList<>();
        long ownSeed = Hashing.combine(seed, Hashing.hashLong(prefix.hashCode()));
        DataType parent = type.kind() == TypeKind.MAP ? type.elementType() : type;
        for (Field child : parent.children()) {
            children.add(of(options, prefix + child.name() + ".", child.type(), ownSeed, used));
        }
        return new DatagenField(
                type,
                ownSeed,
                sequence,
                range,
                options.getInt(prefix + "length", defaultLength(type), 0, 1 << 20),
                options.getBoolean(prefix + "var-len", false),
                type.nullable() ? nullRate : 0,
                options.getNanos(prefix + "max-past", 0) / 1_000,
                children);
    }

    private static boolean countable(DataType type) {
        return type.kind().isNumeric() || type.kind() == TypeKind.VARCHAR;
    }

    private static int defaultLength(DataType type) {
        boolean bytes = type.kind().isBytes();
        return bytes ? Math.min(type.precision(), type.precision() == Integer.MAX_VALUE ? 100 : 1 << 20) : 3;
    }

    private static Range range(TableOptions options, String prefix, DataType type) {
        BigDecimal most =
                switch (type.kind()) {
                    case TINYINT -> BigDecimal.valueOf(Byte.MAX_VALUE);
                    case SMALLINT -> BigDecimal.valueOf(Short.MAX_VALUE);
                    case INT -> BigDecimal.valueOf(Integer.MAX_VALUE);
                    case BIGINT -> BigDecimal.valueOf(Long.MAX_VALUE);
                    case DECIMAL ->
                            new BigDecimal(BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE), type.scale());
                    default -> BigDecimal.ONE;
                };
        boolean real = !type.kind().isNumeric() || type.kind() == TypeKind.FLOAT || type.kind() == TypeKind.DOUBLE;
        BigDecimal least = real ? BigDecimal.ZERO : most.negate();
        Range range = new Range(number(options, prefix + "min", least), number(options, prefix + "max", most));
        boolean fits = real || (range.min().compareTo(least) >= 0 && range.max().compareTo(most) <= 0);
        if (!fits) {
            throw options.invalid(prefix + (range.min().compareTo(least) < 0 ? "min" : "max"), "a value of " + type);
        }
        return range;
    }

    private static BigDecimal number(TableOptions options, String key, BigDecimal defaultValue) {
        String text = options.table().option(key);
        if (text == null && defaultValue != null) {
            return defaultValue;
        }
        if (text == null) {
            throw new MillraceException(
                    ErrorCode.INVALID_OPTION, "table " + options.table().name() + " needs the option '" + key + "'");
        }
        try {
            return new BigDecimal(text.strip());
        } catch (NumberFormatException notANumber) {
            throw options.invalid(key, "a number");
        }
    }

    /** Rows until a sequence ends, {@link Long#MAX_VALUE} when there is none. */
    long rows() {
        long rows = Long.MAX_VALUE;
        if (sequence) {
            rows = range.max().subtract(range.min()).setScale(0, RoundingMode.FLOOR).longValue() + 1;
        }
        return rows;
    }

    /** Appends the field's value of a row, made at {@code nowMicros}. */
    void append(ColumnBuilder to, long row, long nowMicros) {
        long random = Hashing.combine(seed, Hashing.hashLong(row));
        if (nullRate > 0 && (Hashing.hashLong(random) >>> 11) * 0x1p-53 < nullRate) {
            to.appendNull();
            return;
        }
        switch (type.kind()) {
            case BOOLEAN -> to.appendLong(random >>> 63);
            case TINYINT, SMALLINT, INT, BIGINT ->
                    to.appendLong(
                            sequence
                                    ? range.min().longValue() + row
                                    : between(random, range.min().longValue(), range.max().longValue()));
            case FLOAT, DOUBLE -> to.appendDouble(real(random, row));
            case DECIMAL -> to.appendObject(decimal(random, row));
            case VARCHAR, BINARY -> appendText(to, random, row);
            case DATE -> to.appendLong(Math.floorDiv(time(random, nowMicros), MICROS_PER_DAY));
            case TIME -> to.appendLong(Math.floorMod(time(random, nowMicros), MICROS_PER_DAY));
            case TIMESTAMP, TIMESTAMP_LTZ -> appendTime(to, time(random, nowMicros));
            case ROW -> {
                for (int i = 0; i < children.size(); i++) {
                    children.get(i).append(to.child(i), row, nowMicros);
                }
                to.endStruct();
            }
            case ARRAY -> {
                for (int i = 0, n = lengthOf(random); i < n; i++) {
                    children.getFirst().append(to.child(0), row * 64 + i, nowMicros);
                }
                to.endList();
            }
            case MAP -> {
                ColumnBuilder entries = to.child(0);
                for (int i = 0, n = lengthOf(random); i < n; i++) {
                    children.get(0).append(entries.child(0), row * 64 + i, nowMicros);
                    children.get(1).append(entries.child(1), row * 64 + i, nowMicros);
                    entries.endStruct();
                }
                to.endList();
            }
        }
    }

    private static long between(long random, long min, long max) {
        long span = max - min + 1;
        return span == 0 ? random : min + Math.unsignedMultiplyHigh(random, span);
    }

    private int lengthOf(long random) {
        return varLength && length > 0 ? (int) between(Hashing.hashLong(random), 1, length) : length;
    }

    private double real(long random, long row) {
        double min = range.min().doubleValue();
        return sequence ? min + row : min + (random >>> 11) * 0x1p-53 * (range.max().doubleValue() - min);
    }

    private BigDecimal decimal(long random, long row) {
        if (sequence) {
            return range.min().add(BigDecimal.valueOf(row)).setScale(type.scale(), RoundingMode.DOWN);
        }
        BigDecimal share =
                new BigDecimal(BigInteger.valueOf(random >>> 1), 0)
                        .divide(new BigDecimal(BigInteger.ONE.shiftLeft(63)), 40, RoundingMode.DOWN);
        return range.min()
                .add(share.multiply(range.max().subtract(range.min())))
                .setScale(type.scale(), RoundingMode.DOWN);
    }

    private void appendText(ColumnBuilder to, long random, long row) {
        if (sequence) {
            to.appendBytes(Long.toString(range.min().longValue() + row).getBytes(StandardCharsets.US_ASCII));
            return;
        }
        byte[] bytes = new byte[lengthOf(random)];
        long bits = random;
        for (int i = 0; i < bytes.length; i++) {
            if (i % 8 == 0) {
                bits = Hashing.hashLong(bits + i);
            }
            bytes[i] = type.kind() == TypeKind.VARCHAR ? HEX[(int) bits & 15] : (byte) bits;
            bits >>>= 8;
        }
        to.appendBytes(bytes);
    }

    private long time(long random, long nowMicros) {
        return maxPastMicros == 0 ? nowMicros : nowMicros - between(random, 0, maxPastMicros);
    }

    private static void appendTime(ColumnBuilder to, long micros) {
        if (to.type().layout() == Layout.NANOS) {
            to.appendNanos(micros, 0);
            return;
        }
        long unit = 1;
        for (int digits = to.type().precision(); digits < 6; digits++) {
            unit *= 10;
        }
        to.appendLong(Math.floorDiv(micros, unit) * unit);
    }
}
