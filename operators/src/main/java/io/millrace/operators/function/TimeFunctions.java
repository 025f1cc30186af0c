package io.millrace.operators.function;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;

/**
 * Functions of dates and times: days for DATE, microseconds for the others. A TIMESTAMP_LTZ is read on the wall clock
 * of the session's zone where a calendar is asked.
 */
public final class TimeFunctions {
    static final long DAY_MICROS = 86_400_000_000L;

    private TimeFunctions() {}

    /** How a call's first time argument lies on the wall clock. */
    public static final class WallClock {
        private final SessionZone zone;
        private final TypeKind kind;
        private final DataType result;
        final TimeUnit.Cache units;

        public WallClock(CallSite site) {
            zone = new SessionZone(site.zone());
            kind =
                    site.argumentTypes().stream()
                            .map(DataType::kind)
                            .filter(k -> k.isTimestamp() || k == TypeKind.DATE || k == TypeKind.TIME)
                            .findFirst()
                            .orElse(TypeKind.TIMESTAMP);
            result = site.resultType();
            units = new TimeUnit.Cache(site);
        }

        /** Microseconds on the wall clock, of a value in the unit of its type. */
        long toLocal(long value) {
            return switch (kind) {
                case DATE -> Math.multiplyExact(value, DAY_MICROS);
                case TIMESTAMP_LTZ -> zone.toLocal(value);
                default -> value;
            };
        }

        /** The value of the type at this time on the wall clock. */
        long fromLocal(long micros) {
            return switch (kind) {
                case DATE -> Math.floorDiv(micros, DAY_MICROS);
                case TIMESTAMP_LTZ -> zone.toInstant(micros);
                default -> micros;
            };
        }
    }

    @SqlFunction(
            name = "ADD_MICROS",
            signature = {
                "(DATE, BIGINT) -> $0",
                "(TIME, BIGINT) -> $0",
                "(TIMESTAMP, BIGINT) -> $0",
                "(TIMESTAMP_LTZ, BIGINT) -> $0"
            })
    public static long addMicros(long value, long micros, WallClock clock) {
        return switch (clock.kind) {
            case DATE -> plus(value, Math.floorDiv(micros, DAY_MICROS), clock);
            case TIME -> Math.floorMod(value + micros % DAY_MICROS, DAY_MICROS);
            default -> plus(value, micros, clock);
        };
    }

    private static long plus(long value, long delta, WallClock clock) {
        return Exact.add(value, delta, clock.result);
    }

    @SqlFunction(
            name = "ADD_MONTHS",
            signature = {"(DATE, INT) -> $0", "(TIMESTAMP, INT) -> $0", "(TIMESTAMP_LTZ, INT) -> $0"})
    public static long addMonths(long value, long months, WallClock clock) {
        if (clock.kind == TypeKind.DATE) {
            return CivilDate.plusMonths(value, months);
        }
        return clock.fromLocal(plusMonths(clock.toLocal(value), months));
    }

    private static long plusMonths(long localMicros, long months) {
        long day = Math.floorDiv(localMicros, DAY_MICROS);
        long ofDay = localMicros - day * DAY_MICROS;
        return Math.addExact(Math.multiplyExact(CivilDate.plusMonths(day, months), DAY_MICROS), ofDay);
    }

    /** The first less the second. */
    @SqlFunction(
            name = "DIFF_MICROS",
            signature = {
                "(TIMESTAMP, TIMESTAMP) -> BIGINT",
                "(TIMESTAMP_LTZ, TIMESTAMP_LTZ) -> BIGINT",
                "(TIME, TIME) -> BIGINT"
            })
    public static long diffMicros(long later, long earlier) {
        return Exact.subtract(later, earlier, DataType.BIGINT);
    }

    @SqlFunction(name = "DIFF_MICROS", signature = "(DATE, DATE) -> BIGINT")
    public static long diffDays(long later, long earlier) {
        return Math.multiplyExact(later - earlier, DAY_MICROS);
    }

    @SqlFunction(
            name = "EXTRACT",
            signature = {
                "(STRING, DATE) -> BIGINT",
                "(STRING, TIME) -> BIGINT",
                "(STRING, TIMESTAMP) -> BIGINT",
                "(STRING, TIMESTAMP_LTZ) -> BIGINT"
            })
    public static long extract(Text unit, long value, WallClock clock) {
        TimeUnit of = clock.units.of(unit);
        return of == TimeUnit.EPOCH && clock.kind == TypeKind.TIMESTAMP_LTZ
                ? Math.floorDiv(value, TimeUnit.SECOND.micros)
                : extract(of, clock.toLocal(value));
    }

    private static long extract(TimeUnit unit, long micros) {
        long day = Math.floorDiv(micros, DAY_MICROS);
        long ofDay = micros - day * DAY_MICROS;
        return switch (unit) {
            case MICROSECOND -> ofDay % TimeUnit.MINUTE.micros;
            case MILLISECOND -> ofDay % TimeUnit.MINUTE.micros / 1_000;
            case SECOND -> ofDay / TimeUnit.SECOND.micros % 60;
            case MINUTE -> ofDay / TimeUnit.MINUTE.micros % 60;
            case HOUR -> ofDay / TimeUnit.HOUR.micros;
            case DAY -> CivilDate.day(CivilDate.of(day));
            case WEEK -> weekOfYear(day);
            case MONTH -> CivilDate.month(CivilDate.of(day));
            case QUARTER -> (CivilDate.month(CivilDate.of(day)) + 2) / 3;
            case YEAR -> CivilDate.year(CivilDate.of(day));
            case DECADE -> Math.floorDiv(CivilDate.year(CivilDate.of(day)), 10);
            case CENTURY -> Math.floorDiv(CivilDate.year(CivilDate.of(day)) + 99, 100);
            case MILLENNIUM -> Math.floorDiv(CivilDate.year(CivilDate.of(day)) + 999, 1_000);
            case DOW -> Math.floorMod(day + 4, 7L) + 1;
            case ISODOW -> Math.floorMod(day + 3, 7L) + 1;
            case DOY -> day - CivilDate.epochDay(CivilDate.year(CivilDate.of(day)), 1, 1) + 1;
            case EPOCH -> Math.floorDiv(micros, TimeUnit.SECOND.micros);
        };
    }

    /** ISO 8601: the week that holds the year's first Thursday is 1. */
    private static long weekOfYear(long day) {
        long thursday = day - Math.floorMod(day + 3, 7) + 3;
        long firstOfYear = CivilDate.epochDay(CivilDate.year(CivilDate.of(thursday)), 1, 1);
        return (thursday - firstOfYear) / 7 + 1;
    }

    @SqlFunction(
            name = "YEAR",
            signature = {"(DATE) -> BIGINT", "(TIMESTAMP) -> BIGINT", "(TIMESTAMP_LTZ) -> BIGINT"})
    public static long year(long value, WallClock clock) {
        return extract(TimeUnit.YEAR, clock.toLocal(value));
    }

    @SqlFunction(
            name = "QUARTER",
            signature = {"(DATE) -> BIGINT", "(TIMESTAMP) -> BIGINT", "(TIMESTAMP_LTZ) -> BIGINT"})
    public static long quarter(long value, WallClock clock) {
        return extract(TimeUnit.QUARTER, clock.toLocal(value));
    }

    @SqlFunction(
            name = "MONTH",
            signature = {"(DATE) -> BIGINT", "(TIMESTAMP) -> BIGINT", "(TIMESTAMP_LTZ) -> BIGINT"})
    public static long month(long value, WallClock clock) {
        return extract(TimeUnit.MONTH, clock.toLocal(value));
    }

    @SqlFunction(
            name = "WEEK",
            signature = {"(DATE) -> BIGINT", "(TIMESTAMP) -> BIGINT", "(TIMESTAMP_LTZ) -> BIGINT"})
    public static long week(long value, WallClock clock) {
        return extract(TimeUnit.WEEK, clock.toLocal(value));
    }

    @SqlFunction(
            name = {"DAYOFMONTH", "DAY"},
            signature = {"(DATE) -> BIGINT", "(TIMESTAMP) -> BIGINT", "(TIMESTAMP_LTZ) -> BIGINT"})
    public static long dayOfMonth(long value, WallClock clock) {
        return extract(TimeUnit.DAY, clock.toLocal(value));
    }

    @SqlFunction(
            name = "DAYOFYEAR",
            signature = {"(DATE) -> BIGINT", "(TIMESTAMP) -> BIGINT", "(TIMESTAMP_LTZ) -> BIGINT"})
    public static long dayOfYear(long value, WallClock clock) {
        return extract(TimeUnit.DOY, clock.toLocal(value));
    }

    /** Sunday is 1. */
    @SqlFunction(
            name = "DAYOFWEEK",
            signature = {"(DATE) -> BIGINT", "(TIMESTAMP) -> BIGINT", "(TIMESTAMP_LTZ) -> BIGINT"})
    public static long dayOfWeek(long value, WallClock clock) {
        return extract(TimeUnit.DOW, clock.toLocal(value));
    }

    @SqlFunction(
            name = "HOUR",
            signature = {"(TIME) -> BIGINT", "(TIMESTAMP) -> BIGINT", "(TIMESTAMP_LTZ) -> BIGINT"})
    public static long hour(long value, WallClock clock) {
        return extract(TimeUnit.HOUR, clock.toLocal(value));
    }

    @SqlFunction(
            name = "MINUTE",
            signature = {"(TIME) -> BIGINT", "(TIMESTAMP) -> BIGINT", "(TIMESTAMP_LTZ) -> BIGINT"})
    public static long minute(long value, WallClock clock) {
        return extract(TimeUnit.MINUTE, clock.toLocal(value));
    }

    @SqlFunction(
            name = "SECOND",
            signature = {"(TIME) -> BIGINT", "(TIMESTAMP) -> BIGINT", "(TIMESTAMP_LTZ) -> BIGINT"})
    public static long second(long value, WallClock clock) {
        return extract(TimeUnit.SECOND, clock.toLocal(value));
    }

    /** The beginning of the unit that holds the value. */
    @SqlFunction(
            name = "FLOOR",
            signature = {
                "(DATE, STRING) -> $0",
                "(TIME, STRING) -> $0",
                "(TIMESTAMP, STRING) -> $0",
                "(TIMESTAMP_LTZ, STRING) -> $0"
            })
    public static long floor(long value, Text unit, WallClock clock) {
        return clock.fromLocal(floor(clock.toLocal(value), clock.units.of(unit)));
    }

    /** The value when it begins a unit, else the beginning of the next. */
    @SqlFunction(
            name = {"CEIL", "CEILING"},
            signature = {
                "(DATE, STRING) -> $0",
                "(TIME, STRING) -> $0",
                "(TIMESTAMP, STRING) -> $0",
                "(TIMESTAMP_LTZ, STRING) -> $0"
            })
    public static long ceil(long value, Text unit, WallClock clock) {
        TimeUnit by = clock.units.of(unit);
        long local = clock.toLocal(value);
        long down = floor(local, by);
        if (down == local) {
            return value;
        }
        return clock.fromLocal(by.micros != 0 ? Math.addExact(down, by.micros) : plusMonths(down, by.months));
    }

    private static long floor(long micros, TimeUnit unit) {
        if (!unit.isPeriod()) {
            throw new MillraceException(ErrorCode.SQL_INVALID, "no FLOOR or CEIL to " + unit);
        }
        if (unit == TimeUnit.WEEK) {
            long day = Math.floorDiv(micros, DAY_MICROS);
            return (day - Math.floorMod(day + 4, 7)) * DAY_MICROS;
        }
        if (unit.micros != 0) {
            return micros - Math.floorMod(micros, unit.micros);
        }
        long civil = CivilDate.of(Math.floorDiv(micros, DAY_MICROS));
        long months = CivilDate.year(civil) * 12 + CivilDate.month(civil) - 1;
        long first = months - Math.floorMod(months, unit.months);
        return CivilDate.epochDay(Math.floorDiv(first, 12), Math.floorMod(first, 12L) + 1, 1) * DAY_MICROS;
    }

    @SqlFunction(
            name = "TIMESTAMPADD",
            signature = {
                "(STRING, BIGINT, DATE) -> $2",
                "(STRING, BIGINT, TIMESTAMP) -> $2",
                "(STRING, BIGINT, TIMESTAMP_LTZ) -> $2"
            })
    public static long timestampAdd(Text unit, long amount, long value, WallClock clock) {
        TimeUnit by = clock.units.of(unit);
        return by.months != 0
                ? addMonths(value, Math.multiplyExact(amount, by.months), clock)
                : addMicros(value, Math.multiplyExact(amount, by.micros), clock);
    }

    /** Whole units from the first time to the second, negative when that is earlier. */
    @SqlFunction(
            name = "TIMESTAMPDIFF",
            signature = {
                "(STRING, DATE, DATE) -> INT",
                "(STRING, TIMESTAMP, TIMESTAMP) -> INT",
                "(STRING, TIMESTAMP_LTZ, TIMESTAMP_LTZ) -> INT"
            })
    public static long timestampDiff(Text unit, long from, long to, WallClock clock) {
        TimeUnit by = clock.units.of(unit);
        if (by.micros != 0 && clock.kind == TypeKind.TIMESTAMP_LTZ) {
            return Exact.subtract(to, from, DataType.BIGINT) / by.micros;
        }
        long begin = clock.toLocal(from);
        long end = clock.toLocal(to);
        if (by.micros != 0) {
            return Exact.subtract(end, begin, DataType.BIGINT) / by.micros;
        }
        return monthsBetween(begin, end) / by.months;
    }

    private static long monthsBetween(long from, long to) {
        long civilFrom = CivilDate.of(Math.floorDiv(from, DAY_MICROS));
        long civilTo = CivilDate.of(Math.floorDiv(to, DAY_MICROS));
        long months =
                (CivilDate.year(civilTo) - CivilDate.year(civilFrom)) * 12
                        + CivilDate.month(civilTo)
                        - CivilDate.month(civilFrom);
        long restFrom = CivilDate.day(civilFrom) * DAY_MICROS + Math.floorMod(from, DAY_MICROS);
        long restTo = CivilDate.day(civilTo) * DAY_MICROS + Math.floorMod(to, DAY_MICROS);
        if (months > 0 && restTo < restFrom) {
            return months - 1;
        }
        return months < 0 && restTo > restFrom ? months + 1 : months;
    }
}
