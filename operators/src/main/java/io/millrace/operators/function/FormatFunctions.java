package io.millrace.operators.function;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/** Times as text and back, by patterns of Java's DateTimeFormatter, and epochs. */
public final class FormatFunctions {
    private FormatFunctions() {}

    /** The format of one call, made again when it changes. One thread. */
    public static final class Format {
        final SessionZone zone;
        private final TypeKind kind;
        private byte[] source;
        private DateTimeFormatter formatter;

        public Format(CallSite site) {
            zone = new SessionZone(site.zone());
            kind = site.argumentTypes().isEmpty() ? TypeKind.TIMESTAMP : site.argumentTypes().getFirst().kind();
        }

        DateTimeFormatter of(Text pattern) {
            if (source == null || !pattern.sameAs(source)) {
                try {
                    formatter =
                            new DateTimeFormatterBuilder()
                                    .appendPattern(pattern.toString())
                                    .parseDefaulting(ChronoField.ERA, 1)
                                    .toFormatter(Locale.ROOT);
                } catch (IllegalArgumentException bad) {
                    throw new MillraceException(
                            ErrorCode.DATA_EXCEPTION, "expected a format of times, found '" + pattern + "'", bad);
                }
                source = pattern.toBytes();
            }
            return formatter;
        }
    }

    @SqlFunction(
            name = "DATE_FORMAT",
            signature = {"(TIMESTAMP, STRING) -> STRING", "(TIMESTAMP_LTZ, STRING) -> STRING"})
    public static void dateFormat(long micros, Text pattern, Format format, Text out) {
        long local = format.kind == TypeKind.TIMESTAMP_LTZ ? format.zone.toLocal(micros) : micros;
        out.clear();
        if (!appendCommon(local, pattern, out)) {
            out.append(format.of(pattern).format(localDateTime(local)));
        }
    }

    /** The patterns that most queries use, without objects. */
    private static boolean appendCommon(long local, Text pattern, Text out) {
        long day = Math.floorDiv(local, TimeFunctions.DAY_MICROS);
        if (pattern.sameAs(ISO_DATE)) {
            TimeText.appendDate(day, out);
            return true;
        }
        if (pattern.sameAs(ISO_SECONDS)) {
            TimeText.appendTimestamp(local, 0, out);
            return true;
        }
        if (pattern.sameAs(ISO_TIME)) {
            TimeText.appendTime(local - day * TimeFunctions.DAY_MICROS, 0, out);
            return true;
        }
        return false;
    }

    private static final byte[] ISO_DATE = {'y', 'y', 'y', 'y', '-', 'M', 'M', '-', 'd', 'd'};
    private static final byte[] ISO_TIME = {'H', 'H', ':', 'm', 'm', ':', 's', 's'};
    private static final byte[] ISO_SECONDS = {
        'y', 'y', 'y', 'y', '-', 'M', 'M', '-', 'd', 'd', ' ', 'H', 'H', ':', 'm', 'm', ':', 's', 's'
    };

    private static LocalDateTime localDateTime(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), (int) Math.floorMod(micros, 1_000_000L) * 1_000, ZoneOffset.UTC);
    }

    /** NULL for text that is no time. */
    @SqlFunction(name = "TO_TIMESTAMP", signature = "(STRING) -> TIMESTAMP", nulls = NullBehaviour.NULLABLE)
    public static long toTimestamp(Text value, Outcome out) {
        long micros = TimeText.parseTimestamp(value, 0, value.length());
        if (micros == TimeText.NONE) {
            out.setNull();
        }
        return micros - Math.floorMod(micros, 1_000L);
    }

    /** NULL for text that does not have the format. */
    @SqlFunction(name = "TO_TIMESTAMP", signature = "(STRING, STRING) -> TIMESTAMP", nulls = NullBehaviour.NULLABLE)
    public static long toTimestamp(Text value, Text pattern, Format format, Outcome out) {
        DateTimeFormatter formatter = format.of(pattern);
        try {
            TemporalAccessor parsed = formatter.parse(value.toString());
            LocalDate date = parsed.query(TemporalQueries.localDate());
            LocalTime time = parsed.query(TemporalQueries.localTime());
            LocalDateTime local =
                    (date == null ? LocalDate.EPOCH : date).atTime(time == null ? LocalTime.MIDNIGHT : time);
            long seconds = local.toEpochSecond(ZoneOffset.UTC);
            return seconds * 1_000_000L + local.getNano() / 1_000_000 * 1_000L;
        } catch (DateTimeException none) {
            out.setNull();
            return 0;
        }
    }

    @SqlFunction(name = "TO_DATE", signature = "(STRING) -> DATE", nulls = NullBehaviour.NULLABLE)
    public static long toDate(Text value, Outcome out) {
        long day = TimeText.parseDate(value, 0, value.length());
        if (day == TimeText.NONE) {
            out.setNull();
            return 0;
        }
        return day;
    }

    @SqlFunction(name = "TO_DATE", signature = "(STRING, STRING) -> DATE", nulls = NullBehaviour.NULLABLE)
    public static long toDate(Text value, Text pattern, Format format, Outcome out) {
        return Math.floorDiv(toTimestamp(value, pattern, format, out), TimeFunctions.DAY_MICROS);
    }

    /** Seconds (0) or milliseconds (3) since 1970. */
    @SqlFunction(name = "TO_TIMESTAMP_LTZ", signature = "(BIGINT, INT) -> TIMESTAMP_LTZ")
    public static long toTimestampLtz(long epoch, long precision) {
        if (precision != 0 && precision != 3 && precision != 6) {
            throw new MillraceException(
                    ErrorCode.DATA_EXCEPTION, "expected precision 0, 3 or 6 of TO_TIMESTAMP_LTZ, found " + precision);
        }
        return Exact.multiply(epoch, Decimals.power(6 - (int) precision), DataType.timestampLtz(3));
    }

    /** Milliseconds since 1970. */
    @SqlFunction(name = "TO_TIMESTAMP_LTZ", signature = "(BIGINT) -> TIMESTAMP_LTZ")
    public static long toTimestampLtz(long epochMillis) {
        return toTimestampLtz(epochMillis, 3);
    }

    /** Seconds since 1970, on the wall clock of the session. */
    @SqlFunction(name = "FROM_UNIXTIME", signature = "(BIGINT) -> STRING")
    public static void fromUnixTime(long seconds, Format format, Text out) {
        TimeText.appendTimestamp(format.zone.toLocal(Math.multiplyExact(seconds, 1_000_000L)), 0, out.clear());
    }

    @SqlFunction(name = "FROM_UNIXTIME", signature = "(BIGINT, STRING) -> STRING")
    public static void fromUnixTime(long seconds, Text pattern, Format format, Text out) {
        long local = format.zone.toLocal(Math.multiplyExact(seconds, 1_000_000L));
        out.clear().append(format.of(pattern).format(localDateTime(local)));
    }

    /** Seconds since 1970 of a wall clock of the session; NULL for text that is no time. */
    @SqlFunction(name = "UNIX_TIMESTAMP", signature = "(STRING) -> BIGINT", nulls = NullBehaviour.NULLABLE)
    public static long unixTimestamp(Text value, Format format, Outcome out) {
        long micros = TimeText.parseTimestamp(value, 0, value.length());
        if (micros == TimeText.NONE) {
            out.setNull();
            return 0;
        }
        return Math.floorDiv(format.zone.toInstant(micros), 1_000_000L);
    }

    // ---- the current time: a literal by the time an expression is evaluated, see Expressions.inSession ----

    @SqlFunction(
            name = {"CURRENT_TIMESTAMP", "NOW", "CURRENT_ROW_TIMESTAMP"},
            signature = "() -> TIMESTAMP_LTZ",
            nulls = NullBehaviour.NEVER,
            deterministic = false)
    public static long currentTimestamp() {
        throw unbound("CURRENT_TIMESTAMP");
    }

    @SqlFunction(
            name = "PROCTIME",
            signature = "() -> TIMESTAMP_LTZ",
            nulls = NullBehaviour.NEVER,
            deterministic = false)
    public static long proctime() {
        throw unbound("PROCTIME");
    }

    @SqlFunction(
            name = "LOCALTIMESTAMP",
            signature = "() -> TIMESTAMP",
            nulls = NullBehaviour.NEVER,
            deterministic = false)
    public static long localTimestamp() {
        throw unbound("LOCALTIMESTAMP");
    }

    @SqlFunction(name = "CURRENT_DATE", signature = "() -> DATE", nulls = NullBehaviour.NEVER, deterministic = false)
    public static long currentDate() {
        throw unbound("CURRENT_DATE");
    }

    @SqlFunction(
            name = {"CURRENT_TIME", "LOCALTIME"},
            signature = "() -> TIME",
            nulls = NullBehaviour.NEVER,
            deterministic = false)
    public static long currentTime() {
        throw unbound("CURRENT_TIME");
    }

    private static MillraceException unbound(String name) {
        return MillraceException.internal(name + " was not fixed for its session");
    }
}
