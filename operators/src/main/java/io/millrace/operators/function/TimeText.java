package io.millrace.operators.function;

import io.millrace.memory.buffer.Mem;

/** Dates and times as text, without objects: {@code yyyy-MM-dd HH:mm:ss.SSS}. */
final class TimeText {
    /** What {@link #parseDate} and the like give for text that is none. */
    static final long NONE = Long.MIN_VALUE;

    private TimeText() {}

    static void appendDate(long epochDay, Text out) {
        long civil = CivilDate.of(epochDay);
        long year = CivilDate.year(civil);
        if (year < 0) {
            out.append((byte) '-');
        }
        appendDigits(Math.abs(year), Math.abs(year) > 9_999 ? String.valueOf(Math.abs(year)).length() : 4, out);
        out.append((byte) '-');
        appendDigits(CivilDate.month(civil), 2, out);
        out.append((byte) '-');
        appendDigits(CivilDate.day(civil), 2, out);
    }

    /** The time of day, with so many fractional digits. */
    static void appendTime(long microsOfDay, int fractionDigits, Text out) {
        appendDigits(microsOfDay / 3_600_000_000L, 2, out);
        out.append((byte) ':');
        appendDigits(microsOfDay / 60_000_000L % 60, 2, out);
        out.append((byte) ':');
        appendDigits(microsOfDay / 1_000_000L % 60, 2, out);
        if (fractionDigits > 0) {
            out.append((byte) '.');
            long fraction = microsOfDay % 1_000_000L;
            long unit = 100_000;
            for (int i = 0; i < fractionDigits; i++) {
                out.append((byte) ('0' + (unit == 0 ? 0 : fraction / unit % 10)));
                unit /= 10;
            }
        }
    }

    static void appendTimestamp(long micros, int fractionDigits, Text out) {
        long day = Math.floorDiv(micros, TimeFunctions.DAY_MICROS);
        appendDate(day, out);
        out.append((byte) ' ');
        appendTime(micros - day * TimeFunctions.DAY_MICROS, fractionDigits, out);
    }

    static void appendDigits(long value, int digits, Text out) {
        long to = out.reserve(digits);
        long rest = value;
        for (int i = digits - 1; i >= 0; i--) {
            Mem.putByte(to + i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        out.advance(digits);
    }

    /** Days since 1970 of {@code [-]y-M-d}, or NONE. */
    static long parseDate(Text text, int from, int to) {
        Cursor cursor = new Cursor(text, from, to);
        long day = cursor.date();
        return cursor.atEnd() ? day : NONE;
    }

    /** Microseconds of {@code H:m[:s[.f…]]}, or NONE. */
    static long parseTime(Text text, int from, int to) {
        Cursor cursor = new Cursor(text, from, to);
        long time = cursor.time();
        return cursor.atEnd() ? time : NONE;
    }

    /** Microseconds of a date, and a time after a space or {@code T}; without an offset. NONE for other text. */
    static long parseTimestamp(Text text, int from, int to) {
        Cursor cursor = new Cursor(text, from, to);
        long day = cursor.date();
        if (day == NONE) {
            return NONE;
        }
        long time = 0;
        if (!cursor.atEnd()) {
            if (!cursor.accept(' ') && !cursor.accept('T')) {
                return NONE;
            }
            time = cursor.time();
            cursor.accept('Z');
        }
        boolean whole = time != NONE && cursor.atEnd() && Math.abs(day) < 100_000_000L;
        return whole ? day * TimeFunctions.DAY_MICROS + time : NONE;
    }

    /** A place in a text. */
    private static final class Cursor {
        private final Text text;
        private final int to;
        private int at;
        private int digits;

        Cursor(Text text, int from, int to) {
            this.text = text;
            this.at = from;
            this.to = to;
        }

        boolean atEnd() {
            return at == to;
        }

        boolean accept(char c) {
            if (at < to && text.byteAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        private long number(int maxDigits) {
            long value = 0;
            digits = 0;
            while (at < to && digits < maxDigits && text.byteAt(at) >= '0' && text.byteAt(at) <= '9') {
                value = value * 10 + text.byteAt(at++) - '0';
                digits++;
            }
            return digits == 0 ? NONE : value;
        }

        long date() {
            boolean negative = accept('-');
            long year = number(6);
            long month = accept('-') ? number(2) : NONE;
            long day = accept('-') ? number(2) : NONE;
            if (year == NONE || month < 1 || month > 12 || day < 1) {
                return NONE;
            }
            long signed = negative ? -year : year;
            return day > CivilDate.lengthOfMonth(signed, month) ? NONE : CivilDate.epochDay(signed, month, day);
        }

        long time() {
            long hour = number(2);
            long minute = accept(':') ? number(2) : NONE;
            long second = accept(':') ? number(2) : 0;
            if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
                return NONE;
            }
            long micros = 0;
            if (accept('.')) {
                micros = number(6);
                if (micros == NONE) {
                    return NONE;
                }
                for (int i = digits; i < 6; i++) {
                    micros *= 10;
                }
                number(12);
            }
            return ((hour * 60 + minute) * 60 + second) * 1_000_000L + micros;
        }
    }
}
