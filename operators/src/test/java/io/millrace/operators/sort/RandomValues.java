package io.millrace.operators.sort;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Values of every type, many of them alike, extreme or special, by a seed. */
final class RandomValues {
    static final List<DataType> TYPES =
            List.of(
                    DataType.BOOLEAN,
                    DataType.TINYINT,
                    DataType.SMALLINT,
                    DataType.INT,
                    DataType.BIGINT,
                    DataType.FLOAT,
                    DataType.DOUBLE,
                    DataType.decimal(18, 2),
                    DataType.decimal(38, 0),
                    DataType.DATE,
                    DataType.time(6),
                    DataType.timestamp(6),
                    DataType.timestamp(9),
                    DataType.timestampLtz(3),
                    DataType.timestampLtz(9),
                    DataType.VARCHAR,
                    DataType.BINARY,
                    DataType.array(DataType.DOUBLE),
                    DataType.row(List.of(new Field("p", DataType.VARCHAR), new Field("q", DataType.decimal(38, 0)))),
                    DataType.map(DataType.VARCHAR.notNull(), DataType.timestamp(9)));

    private static final double[] DOUBLES = {
        Double.NaN,
        Double.longBitsToDouble(0xfff8_0000_0000_0001L),
        Double.NEGATIVE_INFINITY,
        Double.POSITIVE_INFINITY,
        -0.0,
        0.0,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Float.MIN_VALUE,
        Float.MAX_VALUE,
        1,
        -1
    };

    private final Random random;

    RandomValues(Random random) {
        this.random = random;
    }

    /** A value, or null one time in eight. */
    Object next(DataType type) {
        return random.nextInt(8) == 0 ? null : present(type);
    }

    private Object present(DataType type) {
        return switch (type.kind()) {
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> (byte) integer(8);
            case SMALLINT -> (short) integer(16);
            case INT -> (int) integer(32);
            case BIGINT -> integer(64);
            case FLOAT -> (float) floating();
            case DOUBLE -> floating();
            case DECIMAL -> decimal(type);
            case DATE -> LocalDate.ofEpochDay(random.nextInt(9) - 4L);
            case TIME -> LocalTime.ofNanoOfDay(1_000L * random.nextInt(5));
            case TIMESTAMP -> LocalDateTime.ofInstant(instant(type), ZoneOffset.UTC);
            case TIMESTAMP_LTZ -> instant(type);
            case VARCHAR -> text();
            case BINARY -> text().getBytes(StandardCharsets.UTF_8);
            case ROW -> {
                List<Object> fields = new ArrayList<>();
                type.children().forEach(field -> fields.add(next(field.type())));
                yield fields;
            }
            case ARRAY -> {
                List<Object> elements = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    elements.add(next(type.elementType()));
                }
                yield elements;
            }
            case MAP -> {
                List<Field> entry = type.children().getFirst().type().children();
                Map<Object, Object> entries = new LinkedHashMap<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    entries.put(present(entry.get(0).type()), next(entry.get(1).type()));
                }
                yield entries;
            }
        };
    }

    private long integer(int bits) {
        long max = Long.MAX_VALUE >> 64 - bits;
        return switch (random.nextInt(6)) {
            case 0 -> max - random.nextInt(2);
            case 1 -> -max - random.nextInt(2);
            case 2 -> random.nextLong() >> 64 - bits;
            default -> random.nextInt(9) - 4L;
        };
    }

    private double floating() {
        return random.nextInt(4) == 0 ? random.nextGaussian() : DOUBLES[random.nextInt(DOUBLES.length)];
    }

    private BigDecimal decimal(DataType type) {
        BigInteger bound = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
        BigInteger value =
                switch (random.nextInt(6)) {
                    case 0 -> bound;
                    case 1 -> BigInteger.ONE.shiftLeft(63).min(bound);
                    case 2 -> BigInteger.ONE.shiftLeft(64).min(bound);
                    case 3 -> new BigInteger(random.nextInt(bound.bitLength()), random);
                    default -> BigInteger.valueOf(random.nextInt(5));
                };
        BigInteger near = value.subtract(BigInteger.valueOf(random.nextInt(3))).max(bound.negate());
        return new BigDecimal(random.nextBoolean() ? near : near.negate(), type.scale());
    }

    private Instant instant(DataType type) {
        long unitNanos = (long) Math.pow(10, 9 - type.precision());
        return Instant.ofEpochSecond(random.nextInt(3) - 1, unitNanos * (random.nextInt(5) - 2));
    }

    /** Alike at the front, so that a few bytes say little; also with zero bytes and those above 0x7f. */
    private String text() {
        String[] parts = {"", "\0", "a", "\u00e9", "\uffff", "\ud83d\ude00", "abcdefgh", "abcdefg", "x".repeat(20)};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }

    /** Rows of one or two columns of random types, and with few exceptions a third one. */
    List<Object> row(List<DataType> types) {
        return Arrays.asList(types.stream().map(this::next).toArray());
    }
}
