package io.millrace.operators.function;

/**
 * Days since 1970-01-01 as year, month and day of the proleptic Gregorian calendar, without objects. After Howard
 * Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
public final class CivilDate {
    private static final long DAYS_PER_ERA = 146_097;

    private CivilDate() {}

    /** Year, month and day in one number: {@code year * 512 + month * 32 + day}. */
    public static long of(long epochDay) {
        long shifted = epochDay + 719_468;
        long era = Math.floorDiv(shifted, DAYS_PER_ERA);
        long dayOfEra = shifted - era * DAYS_PER_ERA;
        long yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long shiftedMonth = (5 * dayOfYear + 2) / 153;
        long day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        long month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        return year * 512 + month * 32 + day;
    }

    public static long year(long civil) {
        return civil >> 9;
    }

    public static long month(long civil) {
        return civil >> 5 & 15;
    }

    public static long day(long civil) {
        return civil & 31;
    }

    public static long epochDay(long year, long month, long day) {
        long shiftedYear = month <= 2 ? year - 1 : year;
        long era = Math.floorDiv(shiftedYear, 400);
        long yearOfEra = shiftedYear - era * 400;
        long dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * DAYS_PER_ERA + dayOfEra - 719_468;
    }

    static long lengthOfMonth(long year, long month) {
        if (month == 2) {
            return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** The day so many months later, capped at the last of its month. */
    static long plusMonths(long epochDay, long months) {
        long civil = of(epochDay);
        long total = Math.addExact(year(civil) * 12 + month(civil) - 1, months);
        long year = Math.floorDiv(total, 12);
        long month = Math.floorMod(total, 12L) + 1;
        return epochDay(year, month, Math.min(day(civil), lengthOfMonth(year, month)));
    }
}
