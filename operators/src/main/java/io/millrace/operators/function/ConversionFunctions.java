package io.millrace.operators.function;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * What CAST and TRY_CAST are made of; the names are no SQL. Text is read without the spaces around it. A value that has
 * no counterpart is an error, or NULL for TRY_CAST.
 */
public final class ConversionFunctions {
    private ConversionFunctions() {}

    /** The types of one cast, and what a failure comes to. */
    public static final class Cast {
        final DataType from;
        final DataType to;
        final SessionZone zone;
        private final boolean tolerant;
        private final long unit;
        private final Text scratch = new Text();

        public Cast(CallSite site) {
            from = site.argumentTypes().getFirst();
            to = site.resultType();
            zone = new SessionZone(site.zone());
            tolerant = site.tolerant();
            int digits = to.kind() == TypeKind.TIME || to.kind().isTimestamp() ? Math.min(6, to.precision()) : 6;
            unit = Decimals.power(6 - digits);
        }

        /** Without spaces at both ends. */
        Text trimmed(Text value) {
            StringFunctions.trim(value, scratch);
            return scratch;
        }

        long fail(String value, Outcome out) {
            if (!tolerant) {
                throw DataErrors.badCast(value, from, to);
            }
            out.setNull();
            return 0;
        }

        /** Cuts fractional digits that the target does not have. */
        long truncated(long micros) {
            return micros - Math.floorMod(micros, unit);
        }

        long integer(long value, Outcome out) {
            boolean fits =
                    switch (to.kind()) {
                        case TINYINT -> value == (byte) value;
                        case SMALLINT -> value == (short) value;
                        case INT -> value == (int) value;
                        default -> true;
                    };
            return fits ? value : fail(String.valueOf(value), out);
        }

        void decimal(BigDecimal value, Outcome out) {
            BigInteger unscaled = value.setScale(to.scale(), RoundingMode.HALF_UP).unscaledValue();
            if (unscaled.abs().compareTo(Decimals.bigPower(to.precision())) >= 0) {
                fail(value.toPlainString(), out);
            } else {
                Decimals.put(unscaled, to, out, "");
            }
        }
    }

    // ---- numbers ----

    @SqlFunction(name = "INTEGER TO INTEGER", signature = "(INTEGER) -> BIGINT", nulls = NullBehaviour.NULLABLE)
    public static long integerToInteger(long value, Cast cast, Outcome out) {
        return cast.integer(value, out);
    }

    @SqlFunction(name = "INTEGER TO DOUBLE", signature = "(INTEGER) -> DOUBLE")
    public static double integerToDouble(long value) {
        return value;
    }

    @SqlFunction(name = "INTEGER TO FLOAT", signature = "(INTEGER) -> FLOAT")
    public static double integerToFloat(long value) {
        return (float) value;
    }

    /** Towards zero. */
    @SqlFunction(
            name = {"DOUBLE TO INTEGER", "FLOAT TO INTEGER"},
            signature = {"(FLOAT) -> BIGINT", "(DOUBLE) -> BIGINT"},
            nulls = NullBehaviour.NULLABLE)
    public static long doubleToInteger(double value, Cast cast, Outcome out) {
        if (!(value > -0x1.0000000000001p63 && value < 0x1p63)) {
            return cast.fail(String.valueOf(value), out);
        }
        return cast.integer((long) value, out);
    }

    @SqlFunction(name = "INTEGER TO DECIMAL", signature = "(INTEGER) -> DECIMAL", nulls = NullBehaviour.NULLABLE)
    public static void integerToDecimal(long value, Cast cast, Outcome out) {
        if (cast.to.scale() == 0 && Decimals.fits(value >> 63, value, cast.to.precision())) {
            out.set(value >> 63, value);
        } else {
            cast.decimal(BigDecimal.valueOf(value), out);
        }
    }

    /** Towards zero. */
    @SqlFunction(name = "DECIMAL TO INTEGER", signature = "(DECIMAL) -> BIGINT", nulls = NullBehaviour.NULLABLE)
    public static long decimalToInteger(long high, long low, Cast cast, Outcome out) {
        BigInteger whole = Decimals.rescale(Decimals.toBigInteger(high, low), cast.from.scale(), 0, RoundingMode.DOWN);
        return whole.bitLength() > 63 ? cast.fail(whole.toString(), out) : cast.integer(whole.longValue(), out);
    }

    @SqlFunction(name = "DECIMAL TO DECIMAL", signature = "(DECIMAL) -> DECIMAL", nulls = NullBehaviour.NULLABLE)
    public static void decimalToDecimal(long high, long low, Cast cast, Outcome out) {
        if (cast.from.scale() == cast.to.scale() && Decimals.fits(high, low, cast.to.precision())) {
            out.set(high, low);
        } else {
            cast.decimal(Decimals.toBigDecimal(high, low, cast.from.scale()), out);
        }
    }

    @SqlFunction(
            name = {"DECIMAL TO DOUBLE", "DECIMAL TO FLOAT"},
            signature = "(DECIMAL) -> DOUBLE")
    public static double decimalToDouble(long high, long low, Cast cast) {
        if (high == low >> 63 && Math.abs(low) < 1L << 53 && cast.from.scale() <= 22 && cast.from.scale() < 19) {
            return (double) low / Decimals.power(cast.from.scale());
        }
        return Decimals.toBigDecimal(high, low, cast.from.scale()).doubleValue();
    }

    @SqlFunction(
            name = {"DOUBLE TO DECIMAL", "FLOAT TO DECIMAL"},
            signature = {"(FLOAT) -> DECIMAL", "(DOUBLE) -> DECIMAL"},
            nulls = NullBehaviour.NULLABLE)
    public static void doubleToDecimal(double value, Cast cast, Outcome out) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            cast.fail(String.valueOf(value), out);
        } else {
            String shortest =
                    cast.from.kind() == TypeKind.FLOAT ? Float.toString((float) value) : Double.toString(value);
            cast.decimal(new BigDecimal(shortest), out);
        }
    }

    @SqlFunction(name = "BOOLEAN TO INTEGER", signature = "(BOOLEAN) -> BIGINT")
    public static long booleanToInteger(boolean value) {
        return value ? 1 : 0;
    }

    @SqlFunction(
            name = {"BOOLEAN TO DOUBLE", "BOOLEAN TO FLOAT"},
            signature = "(BOOLEAN) -> DOUBLE")
    public static double booleanToDouble(boolean value) {
        return value ? 1 : 0;
    }

    @SqlFunction(name = "BOOLEAN TO DECIMAL", signature = "(BOOLEAN) -> DECIMAL", nulls = NullBehaviour.NULLABLE)
    public static void booleanToDecimal(boolean value, Cast cast, Outcome out) {
        cast.decimal(value ? BigDecimal.ONE : BigDecimal.ZERO, out);
    }

    @SqlFunction(name = "INTEGER TO BOOLEAN", signature = "(INTEGER) -> BOOLEAN")
    public static boolean integerToBoolean(long value) {
        return value != 0;
    }

    @SqlFunction(
            name = {"DOUBLE TO BOOLEAN", "FLOAT TO BOOLEAN"},
            signature = {"(FLOAT) -> BOOLEAN", "(DOUBLE) -> BOOLEAN"})
    public static boolean doubleToBoolean(double value) {
        return value != 0;
    }

    @SqlFunction(name = "DECIMAL TO BOOLEAN", signature = "(DECIMAL) -> BOOLEAN")
    public static boolean decimalToBoolean(long high, long low) {
        return (high | low) != 0;
    }

    // ---- dates and times ----

    @SqlFunction(name = "DATE TO TIMESTAMP", signature = "(DATE) -> TIMESTAMP")
    public static long dateToTimestamp(long day) {
        return Math.multiplyExact(day, TimeFunctions.DAY_MICROS);
    }

    @SqlFunction(name = "DATE TO TIMESTAMP_LTZ", signature = "(DATE) -> TIMESTAMP_LTZ")
    public static long dateToInstant(long day, Cast cast) {
        return cast.zone.toInstant(Math.multiplyExact(day, TimeFunctions.DAY_MICROS));
    }

    @SqlFunction(
            name = {"TIMESTAMP TO TIMESTAMP", "TIMESTAMP_LTZ TO TIMESTAMP_LTZ", "TIME TO TIME"},
            signature = {"(TIMESTAMP) -> $0", "(TIMESTAMP_LTZ) -> $0", "(TIME) -> $0"})
    public static long toLowerPrecision(long micros, Cast cast) {
        return cast.truncated(micros);
    }

    @SqlFunction(name = "TIMESTAMP TO TIMESTAMP_LTZ", signature = "(TIMESTAMP) -> TIMESTAMP_LTZ")
    public static long timestampToInstant(long micros, Cast cast) {
        return cast.truncated(cast.zone.toInstant(micros));
    }

    @SqlFunction(name = "TIMESTAMP_LTZ TO TIMESTAMP", signature = "(TIMESTAMP_LTZ) -> TIMESTAMP")
    public static long instantToTimestamp(long micros, Cast cast) {
        return cast.truncated(cast.zone.toLocal(micros));
    }

    @SqlFunction(name = "TIMESTAMP TO DATE", signature = "(TIMESTAMP) -> DATE")
    public static long timestampToDate(long micros) {
        return Math.floorDiv(micros, TimeFunctions.DAY_MICROS);
    }

    @SqlFunction(name = "TIMESTAMP_LTZ TO DATE", signature = "(TIMESTAMP_LTZ) -> DATE")
    public static long instantToDate(long micros, Cast cast) {
        return Math.floorDiv(cast.zone.toLocal(micros), TimeFunctions.DAY_MICROS);
    }

    @SqlFunction(name = "TIMESTAMP TO TIME", signature = "(TIMESTAMP) -> TIME")
    public static long timestampToTime(long micros, Cast cast) {
        return cast.truncated(Math.floorMod(micros, TimeFunctions.DAY_MICROS));
    }

    @SqlFunction(name = "TIMESTAMP_LTZ TO TIME", signature = "(TIMESTAMP_LTZ) -> TIME")
    public static long instantToTime(long micros, Cast cast) {
        return cast.truncated(Math.floorMod(cast.zone.toLocal(micros), TimeFunctions.DAY_MICROS));
    }

    // ---- from text ----

    @SqlFunction(name = "VARCHAR TO BOOLEAN", signature = "(STRING) -> BOOLEAN", nulls = NullBehaviour.NULLABLE)
    public static boolean textToBoolean(Text value, Cast cast, Outcome out) {
        String word = cast.trimmed(value).toString().toLowerCase(java.util.Locale.ROOT);
        return switch (word) {
            case "t", "true", "y", "yes", "1" -> true;
            case "f", "false", "n", "no", "0" -> false;
            default -> cast.fail(value.toString(), out) != 0;
        };
    }

    /** Digits with a sign; digits after a point are cut. */
    @SqlFunction(name = "VARCHAR TO INTEGER", signature = "(STRING) -> BIGINT", nulls = NullBehaviour.NULLABLE)
    public static long textToInteger(Text value, Cast cast, Outcome out) {
        Text text = cast.trimmed(value);
        int length = text.length();
        int i = 0;
        boolean negative = length > 0 && text.byteAt(0) == '-';
        if (length > 0 && (negative || text.byteAt(0) == '+')) {
            i++;
        }
        int first = i;
        long result = 0;
        for (; i < length && text.byteAt(i) >= '0' && text.byteAt(i) <= '9'; i++) {
            int digit = text.byteAt(i) - '0';
            if (result < (Long.MIN_VALUE + digit) / 10) {
                return cast.fail(value.toString(), out);
            }
            result = result * 10 - digit;
        }
        boolean digits = i > first;
        if (i < length && text.byteAt(i) == '.') {
            for (i++; i < length && text.byteAt(i) >= '0' && text.byteAt(i) <= '9'; i++) {
                digits = true;
            }
        }
        if (!digits || i < length || !negative && result == Long.MIN_VALUE) {
            return cast.fail(value.toString(), out);
        }
        return cast.integer(negative ? result : -result, out);
    }

    @SqlFunction(
            name = {"VARCHAR TO DOUBLE", "VARCHAR TO FLOAT"},
            signature = "(STRING) -> DOUBLE",
            nulls = NullBehaviour.NULLABLE)
    public static double textToDouble(Text value, Cast cast, Outcome out) {
        String text = cast.trimmed(value).toString();
        boolean suffixed = !text.isEmpty() && "dDfF".indexOf(text.charAt(text.length() - 1)) >= 0;
        try {
            double parsed = suffixed ? Double.NaN : Double.parseDouble(text);
            return suffixed ? cast.fail(text, out) : cast.to.kind() == TypeKind.FLOAT ? Float.parseFloat(text) : parsed;
        } catch (NumberFormatException none) {
            return cast.fail(value.toString(), out);
        }
    }

    @SqlFunction(name = "VARCHAR TO DECIMAL", signature = "(STRING) -> DECIMAL", nulls = NullBehaviour.NULLABLE)
    public static void textToDecimal(Text value, Cast cast, Outcome out) {
        String text = cast.trimmed(value).toString();
        try {
            BigDecimal parsed = new BigDecimal(text);
            if (Math.abs((long) parsed.scale()) > 10_000) {
                cast.fail(text, out);
            } else {
                cast.decimal(parsed, out);
            }
        } catch (NumberFormatException none) {
            cast.fail(value.toString(), out);
        }
    }

    @SqlFunction(name = "VARCHAR TO DATE", signature = "(STRING) -> DATE", nulls = NullBehaviour.NULLABLE)
    public static long textToDate(Text value, Cast cast, Outcome out) {
        Text text = cast.trimmed(value);
        long day = TimeText.parseDate(text, 0, text.length());
        if (day == TimeText.NONE) {
            long micros = TimeText.parseTimestamp(text, 0, text.length());
            day = micros == TimeText.NONE ? micros : Math.floorDiv(micros, TimeFunctions.DAY_MICROS);
        }
        return day == TimeText.NONE ? cast.fail(value.toString(), out) : day;
    }

    @SqlFunction(name = "VARCHAR TO TIME", signature = "(STRING) -> TIME", nulls = NullBehaviour.NULLABLE)
    public static long textToTime(Text value, Cast cast, Outcome out) {
        Text text = cast.trimmed(value);
        long micros = TimeText.parseTime(text, 0, text.length());
        return micros == TimeText.NONE ? cast.fail(value.toString(), out) : cast.truncated(micros);
    }

    @SqlFunction(name = "VARCHAR TO TIMESTAMP", signature = "(STRING) -> TIMESTAMP", nulls = NullBehaviour.NULLABLE)
    public static long textToTimestamp(Text value, Cast cast, Outcome out) {
        Text text = cast.trimmed(value);
        long micros = TimeText.parseTimestamp(text, 0, text.length());
        return micros == TimeText.NONE ? cast.fail(value.toString(), out) : cast.truncated(micros);
    }

    /** On the wall clock of the session, or in UTC after a {@code Z}. */
    @SqlFunction(
            name = "VARCHAR TO TIMESTAMP_LTZ",
            signature = "(STRING) -> TIMESTAMP_LTZ",
            nulls = NullBehaviour.NULLABLE)
    public static long textToInstant(Text value, Cast cast, Outcome out) {
        Text text = cast.trimmed(value);
        long micros = TimeText.parseTimestamp(text, 0, text.length());
        if (micros == TimeText.NONE) {
            return cast.fail(value.toString(), out);
        }
        boolean utc = text.byteAt(text.length() - 1) == 'Z';
        return cast.truncated(utc ? micros : cast.zone.toInstant(micros));
    }

    /** Cut to the length of the type. */
    @SqlFunction(
            name = {"VARCHAR TO VARCHAR", "BINARY TO VARCHAR"},
            signature = {"(STRING) -> STRING", "(BYTES) -> STRING"})
    public static void cut(Text value, Cast cast, Text out) {
        out.slice(value, 0, value.byteIndexOf(cast.to.precision()));
    }

    @SqlFunction(
            name = {"BINARY TO BINARY", "VARCHAR TO BINARY"},
            signature = {"(BYTES) -> BYTES", "(STRING) -> BYTES"})
    public static void cutBytes(Text value, Cast cast, Text out) {
        out.slice(value, 0, Math.min(value.length(), cast.to.precision()));
    }

    // ---- to text ----

    @SqlFunction(name = "BOOLEAN TO VARCHAR", signature = "(BOOLEAN) -> STRING")
    public static void booleanToText(boolean value, Cast cast, Text out) {
        limit(out.clear().append(value ? "TRUE" : "FALSE"), cast);
    }

    @SqlFunction(name = "INTEGER TO VARCHAR", signature = "(INTEGER) -> STRING")
    public static void integerToText(long value, Cast cast, Text out) {
        out.clear();
        if (value < 0) {
            out.append((byte) '-');
        }
        if (value == Long.MIN_VALUE) {
            out.append("9223372036854775808");
        } else {
            long absolute = Math.abs(value);
            int digits = 1;
            while (digits < 19 && absolute >= Decimals.power(digits)) {
                digits++;
            }
            TimeText.appendDigits(absolute, digits, out);
        }
        limit(out, cast);
    }

    /** The shortest text that reads back as the value. */
    @SqlFunction(
            name = {"DOUBLE TO VARCHAR", "FLOAT TO VARCHAR"},
            signature = {"(FLOAT) -> STRING", "(DOUBLE) -> STRING"})
    public static void doubleToText(double value, Cast cast, Text out) {
        boolean single = cast.from.kind() == TypeKind.FLOAT;
        limit(out.clear().append(single ? Float.toString((float) value) : Double.toString(value)), cast);
    }

    @SqlFunction(name = "DECIMAL TO VARCHAR", signature = "(DECIMAL) -> STRING")
    public static void decimalToText(long high, long low, Cast cast, Text out) {
        limit(out.clear().append(Decimals.toString(high, low, cast.from.scale())), cast);
    }

    @SqlFunction(name = "DATE TO VARCHAR", signature = "(DATE) -> STRING")
    public static void dateToText(long day, Cast cast, Text out) {
        TimeText.appendDate(day, out.clear());
        limit(out, cast);
    }

    @SqlFunction(name = "TIME TO VARCHAR", signature = "(TIME) -> STRING")
    public static void timeToText(long micros, Cast cast, Text out) {
        TimeText.appendTime(micros, cast.from.precision(), out.clear());
        limit(out, cast);
    }

    @SqlFunction(name = "TIMESTAMP TO VARCHAR", signature = "(TIMESTAMP) -> STRING")
    public static void timestampToText(long micros, Cast cast, Text out) {
        TimeText.appendTimestamp(micros, cast.from.precision(), out.clear());
        limit(out, cast);
    }

    @SqlFunction(name = "TIMESTAMP_LTZ TO VARCHAR", signature = "(TIMESTAMP_LTZ) -> STRING")
    public static void instantToText(long micros, Cast cast, Text out) {
        TimeText.appendTimestamp(cast.zone.toLocal(micros), cast.from.precision(), out.clear());
        limit(out, cast);
    }

    private static void limit(Text out, Cast cast) {
        if (out.length() > cast.to.precision()) {
            out.slice(out, 0, out.byteIndexOf(cast.to.precision()));
        }
    }
}
