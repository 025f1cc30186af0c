package io.millrace.formats.text;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;

/** Appends values written as text to columns. A reader of one column type each time; one thread. */
public final class ValueReader {
    private static final int MAX_NUMBER_BYTES = 400;
    private static final long[] POWERS = new long[19];
    private static final double[] EXACT_POWERS = new double[23];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
        EXACT_POWERS[0] = 1;
        for (int i = 1; i < EXACT_POWERS.length; i++) {
            EXACT_POWERS[i] = EXACT_POWERS[i - 1] * 10;
        }
    }

    private final TimeReader times;
    // A number taken apart by decimal(): sign, digits and where the point stands.
    private long mantissa;
    private int exponent;
    private boolean negative;

    /** {@code zone} is that of instants written without an offset. */
    public ValueReader(ZoneId zone) {
        this.times = new TimeReader(zone);
    }

    /**
     * Appends the value of these bytes, none of which is part of anything else. Not for VARCHAR, BINARY and nested
     * types.
     *
     * @return false, with nothing appended, when they are no value of the type
     */
    public boolean append(ColumnBuilder to, DataType type, long address, int lengthBytes) {
        return switch (type.kind()) {
            case BOOLEAN -> appendBoolean(to, address, lengthBytes);
            case TINYINT, SMALLINT, INT, BIGINT -> appendInteger(to, type.layout(), address, lengthBytes);
            case FLOAT -> appendFloat(to, address, lengthBytes);
            case DOUBLE -> appendDouble(to, address, lengthBytes);
            case DECIMAL -> appendDecimal(to, type, address, lengthBytes);
            case DATE -> appendDate(to, address, lengthBytes);
            case TIME -> appendTime(to, type, address, lengthBytes);
            case TIMESTAMP -> times.readTimestamp(address, lengthBytes, false) && appendTimestamp(to, type);
            case TIMESTAMP_LTZ -> times.readTimestamp(address, lengthBytes, true) && appendTimestamp(to, type);
            default -> throw new IllegalArgumentException("no text reader for " + type);
        };
    }

    private static boolean appendBoolean(ColumnBuilder to, long address, int length) {
        if (length == 4 && Mem.getInt(address) == 0x65757274) { // true
            to.appendLong(1);
            return true;
        }
        if (length == 5 && Mem.getInt(address) == 0x736c6166 && Mem.getByte(address + 4) == 'e') { // fals
            to.appendLong(0);
            return true;
        }
        return false;
    }

    private boolean appendInteger(ColumnBuilder to, Layout layout, long address, int length) {
        long value;
        if (length <= 18 && length > 0) {
            int i = 0;
            byte first = Mem.getByte(address);
            boolean minus = first == '-';
            if (minus || first == '+') {
                i = 1;
            }
            if (i == length) {
                return false;
            }
            value = 0;
            for (; i < length; i++) {
                int d = Mem.getByte(address + i) - '0';
                if (d < 0 || d > 9) {
                    return appendSlowInteger(to, layout, address, length);
                }
                value = value * 10 + d;
            }
            value = minus ? -value : value;
            return fits(layout, value) && appendFitting(to, value);
        }
        return appendSlowInteger(to, layout, address, length);
    }

    private static boolean appendFitting(ColumnBuilder to, long value) {
        to.appendLong(value);
        return true;
    }

    /** Whether a value lies in the range of an integer layout. */
    public static boolean fits(Layout layout, long value) {
        return switch (layout) {
            case I8 -> value == (byte) value;
            case I16 -> value == (short) value;
            case I32 -> value == (int) value;
            default -> true;
        };
    }

    /** Long ones, and those with a point or exponent that are whole all the same. */
    private boolean appendSlowInteger(ColumnBuilder to, Layout layout, long address, int length) {
        BigDecimal number = number(address, length);
        if (number == null || number.precision() - number.scale() > 20) {
            return false;
        }
        try {
            long value = number.longValueExact();
            return fits(layout, value) && appendFitting(to, value);
        } catch (ArithmeticException notWholeOrTooLarge) {
            return false;
        }
    }

    private static BigDecimal number(long address, int length) {
        if (length == 0 || length > MAX_NUMBER_BYTES) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text(address, length));
            return Math.abs((long) number.scale()) > 10_000 ? null : number;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    private static String text(long address, int length) {
        byte[] bytes = new byte[length];
        Mem.copyOut(address, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Takes a number apart into mantissa and power of ten; false when it has more than 18 digits or is none. */
    private boolean decimal(long address, int length) {
        long value = 0;
        int digits = 0;
        int scale = 0;
        boolean point = false;
        int i = 0;
        byte first = length == 0 ? 0 : Mem.getByte(address);
        negative = first == '-';
        if (negative || first == '+') {
            i = 1;
        }
        for (; i < length; i++) {
            int c = Mem.getByte(address + i);
            int d = c - '0';
            if (d >= 0 && d <= 9) {
                value = value * 10 + d;
                digits++;
                scale += point ? 1 : 0;
            } else if (c == '.' && !point) {
                point = true;
            } else {
                return false;
            }
        }
        mantissa = value;
        exponent = -scale;
        return digits > 0 && digits <= 18;
    }

    private boolean appendDouble(ColumnBuilder to, long address, int length) {
        // Exact: both are doubles without error, and one operation rounds once (Clinger 1990).
        if (decimal(address, length) && mantissa <= 1L << 53 && exponent >= -22) {
            double value = mantissa / EXACT_POWERS[-exponent];
            to.appendDouble(negative ? -value : value);
            return true;
        }
        String text = floatingText(address, length);
        if (text == null) {
            return false;
        }
        try {
            to.appendDouble(Double.parseDouble(text));
            return true;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    private boolean appendFloat(ColumnBuilder to, long address, int length) {
        if (decimal(address, length) && mantissa <= 1L << 24 && exponent >= -10) {
            float value = (float) mantissa / (float) EXACT_POWERS[-exponent];
            to.appendDouble(negative ? -value : value);
            return true;
        }
        String text = floatingText(address, length);
        if (text == null) {
            return false;
        }
        try {
            to.appendDouble(Float.parseFloat(text));
            return true;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    /** What Java's parser may be given: it would take {@code 1d}, hexadecimal and spaces as well. */
    private static String floatingText(long address, int length) {
        if (length == 0 || length > MAX_NUMBER_BYTES) {
            return null;
        }
        String text = text(address, length);
        if (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity")) {
            return text;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                return null;
            }
        }
        return text;
    }

    private boolean appendDecimal(ColumnBuilder to, DataType type, long address, int length) {
        if (type.layout() == Layout.I64 && decimal(address, length)) {
            int shift = type.scale() + exponent;
            if (shift >= 0 && shift <= 18 && mantissa <= Long.MAX_VALUE / POWERS[shift]) {
                long unscaled = mantissa * POWERS[shift];
                if (unscaled < limit(type)) {
                    to.appendLong(negative ? -unscaled : unscaled);
                    return true;
                }
                return false;
            }
        }
        BigDecimal number = number(address, length);
        if (number == null) {
            return false;
        }
        BigDecimal scaled = number.setScale(type.scale(), RoundingMode.HALF_UP);
        if (scaled.precision() > type.precision()) {
            return false;
        }
        BigInteger unscaled = scaled.unscaledValue();
        if (type.layout() == Layout.I64) {
            to.appendLong(unscaled.longValueExact());
        } else {
            to.appendInt128(unscaled.shiftRight(64).longValue(), unscaled.longValue());
        }
        return true;
    }

    private static long limit(DataType type) {
        return POWERS[type.precision()];
    }

    private boolean appendDate(ColumnBuilder to, long address, int length) {
        long day = times.readDate(address, length);
        return day != Long.MIN_VALUE && appendFitting(to, day);
    }

    private boolean appendTime(ColumnBuilder to, DataType type, long address, int length) {
        return times.readTime(address, length) && appendFitting(to, truncated(type));
    }

    private long truncated(DataType type) {
        long unit = POWERS[6 - Math.min(6, type.precision())];
        return times.micros() - Math.floorMod(times.micros(), unit);
    }

    private boolean appendTimestamp(ColumnBuilder to, DataType type) {
        if (type.layout() == Layout.NANOS) {
            int unit = (int) POWERS[9 - type.precision()];
            to.appendNanos(times.micros(), times.nanosOfMicro() - times.nanosOfMicro() % unit);
        } else {
            to.appendLong(truncated(type));
        }
        return true;
    }
}
