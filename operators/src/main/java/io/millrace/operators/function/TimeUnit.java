package io.millrace.operators.function;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.Locale;

/** The units of EXTRACT, FLOOR, CEIL, TIMESTAMPADD and TIMESTAMPDIFF. */
public enum TimeUnit {
    MICROSECOND(1, 0),
    MILLISECOND(1_000, 0),
    SECOND(1_000_000, 0),
    MINUTE(60_000_000, 0),
    HOUR(3_600_000_000L, 0),
    DAY(86_400_000_000L, 0),
    WEEK(7 * 86_400_000_000L, 0),
    MONTH(0, 1),
    QUARTER(0, 3),
    YEAR(0, 12),
    /** Ten years; from here on for FLOOR, CEIL and EXTRACT. */
    DECADE(0, 120),
    CENTURY(0, 1_200),
    MILLENNIUM(0, 12_000),
    /** Day of the week, Sunday is 1; from here on for EXTRACT only. */
    DOW(0, 0),
    /** Day of the week, Monday is 1. */
    ISODOW(0, 0),
    DOY(0, 0),
    /** Seconds since 1970. */
    EPOCH(0, 0);

    /** The fixed length, or 0. */
    final long micros;

    /** The length in months, or 0. */
    final int months;

    TimeUnit(long micros, int months) {
        this.micros = micros;
        this.months = months;
    }

    static TimeUnit parse(Text name) {
        String text = name.toString().toUpperCase(Locale.ROOT);
        for (TimeUnit unit : values()) {
            if (unit.name().equals(text) || (unit.name() + "S").equals(text)) {
                return unit;
            }
        }
        throw new MillraceException(ErrorCode.SQL_INVALID, "expected a unit of time, found '" + text + "'");
    }

    boolean isPeriod() {
        return micros != 0 || months != 0;
    }

    /** The unit of one call, read again when it changes. One thread. */
    public static final class Cache {
        private byte[] source;
        private TimeUnit unit;

        public Cache(CallSite site) {}

        TimeUnit of(Text name) {
            if (source == null || !name.sameAs(source)) {
                unit = parse(name);
                source = name.toBytes();
            }
            return unit;
        }
    }
}
