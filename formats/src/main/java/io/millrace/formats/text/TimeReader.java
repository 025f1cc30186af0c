package io.millrace.formats.text;

import io.millrace.memory.buffer.Mem;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Reads dates and times from bytes. Remembers the date and the second it saw last: neighbours mostly share them. */
public final class TimeReader {
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final int[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};
    private static final int SECOND_BYTES = 19;

    private final ZoneId zone;
    private final boolean utc;
    private long lastDateHead;
    private short lastDateTail;
    private long lastDay = Long.MIN_VALUE;

    /** The 19 bytes {@code yyyy-MM-dd HH:mm:ss} of the timestamp read last, the last word over the one before it. */
    private long lastSecondHead;

    /** No tail of zeros goes with it. */
    private long lastSecondMiddle = -1;

    private long lastSecondTail;
    private long lastSecondMicros;
    private long micros;
    private int nanosOfMicro;
    private long end;

    /** {@code zone} is that of instants written without an offset. */
    public TimeReader(ZoneId zone) {
        this.zone = zone;
        this.utc = zone.normalized().equals(ZoneOffset.UTC);
    }

    /** Microseconds since the epoch or since midnight, of what was read last. */
    public long micros() {
        return micros;
    }

    /** Nanoseconds beyond {@link #micros}, 0 to 999. */
    public int nanosOfMicro() {
        return nanosOfMicro;
    }

    private static int digit(long at) {
        int d = Mem.getByte(at) - '0';
        return d >= 0 && d <= 9 ? d : -100_000;
    }

    private static int twoDigits(long at) {
        return digit(at) * 10 + digit(at + 1);
    }

    /** Days since the epoch, or {@link Long#MIN_VALUE} when these ten bytes are no date. */
    private long day(long at) {
        long head = Mem.getLong(at);
        short tail = Mem.getShort(at + 8);
        if (head == lastDateHead && tail == lastDateTail) {
            return lastDay;
        }
        int year = twoDigits(at) * 100 + twoDigits(at + 2);
        int month = twoDigits(at + 5);
        int dayOfMonth = twoDigits(at + 8);
        if (year < 0
                || month < 1
                || month > 12
                || dayOfMonth < 1
                || Mem.getByte(at + 4) != '-'
                || Mem.getByte(at + 7) != '-'
                || dayOfMonth > java.time.YearMonth.of(year, month).lengthOfMonth()) {
            return Long.MIN_VALUE;
        }
        lastDateHead = head;
        lastDateTail = tail;
        lastDay = LocalDate.of(year, month, dayOfMonth).toEpochDay();
        return lastDay;
    }

    /** Days since the epoch of a DATE, or {@link Long#MIN_VALUE} when it is none. */
    public long readDate(long address, int lengthBytes) {
        return lengthBytes == 10 ? day(address) : Long.MIN_VALUE;
    }

    /** Reads a TIME; false when it is none. */
    public boolean readTime(long address, int lengthBytes) {
        return timeOfDay(address, address + lengthBytes) && end == address + lengthBytes;
    }

    /** Reads a time of day and notes where it ends. */
    private boolean timeOfDay(long at, long limit) {
        micros = 0;
        nanosOfMicro = 0;
        if (limit - at < 5 || Mem.getByte(at + 2) != ':') {
            return false;
        }
        int hour = twoDigits(at);
        int minute = twoDigits(at + 3);
        int second = 0;
        long next = at + 5;
        if (next < limit && Mem.getByte(next) == ':') {
            if (limit - next < 3) {
                return false;
            }
            second = twoDigits(next + 1);
            next += 3;
            if (next < limit && Mem.getByte(next) == '.') {
                next = fraction(next + 1, limit);
            }
        }
        end = next;
        micros += (hour * 3_600L + minute * 60L + second) * MICROS_PER_SECOND;
        return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59 && next > 0;
    }

    /** Reads digits behind the point; where they end, or 0 when there are none or more than nine. */
    private long fraction(long at, long limit) {
        int nanos = 0;
        int digits = 0;
        long next = at;
        while (next < limit && digits <= 9) {
            int d = Mem.getByte(next) - '0';
            if (d < 0 || d > 9) {
                break;
            }
            nanos = nanos * 10 + d;
            digits++;
            next++;
        }
        if (digits == 0 || digits > 9) {
            return 0;
        }
        nanos *= POWERS[9 - digits];
        micros = nanos / 1_000;
        nanosOfMicro = nanos % 1_000;
        return next;
    }

    /**
     * Reads a TIMESTAMP, of which a date alone is one too, or with {@code instant} a TIMESTAMP_LTZ; false when it is
     * none.
     */
    public boolean readTimestamp(long address, int lengthBytes, boolean instant) {
        long limit = address + lengthBytes;
        if (lengthBytes >= SECOND_BYTES && isLastSecond(address)) {
            micros = 0;
            nanosOfMicro = 0;
            end = address + SECOND_BYTES;
            if (end < limit && Mem.getByte(end) == '.') {
                end = fraction(end + 1, limit);
                if (end == 0) {
                    return false;
                }
            }
            micros += lastSecondMicros;
            return instant ? offset(limit) : end == limit;
        }
        if (lengthBytes < 10) {
            return false;
        }
        long day = day(address);
        if (day == Long.MIN_VALUE) {
            return false;
        }
        if (lengthBytes == 10) {
            micros = 0;
            nanosOfMicro = 0;
            end = limit;
        } else {
            byte between = Mem.getByte(address + 10);
            if (between != ' ' && between != 'T' || !timeOfDay(address + 11, limit)) {
                return false;
            }
        }
        micros += day * MICROS_PER_DAY;
        if (end - address >= SECOND_BYTES) {
            lastSecondHead = Mem.getLong(address);
            lastSecondMiddle = Mem.getLong(address + 8);
            lastSecondTail = Mem.getLong(address + SECOND_BYTES - 8);
            lastSecondMicros = micros - Math.floorMod(micros, MICROS_PER_SECOND);
        }
        return instant ? offset(limit) : end == limit;
    }

    private boolean isLastSecond(long address) {
        return Mem.getLong(address) == lastSecondHead
                && Mem.getLong(address + SECOND_BYTES - 8) == lastSecondTail
                && Mem.getLong(address + 8) == lastSecondMiddle;
    }

    private boolean offset(long limit) {
        if (end == limit) {
            if (!utc) {
                LocalDateTime local =
                        LocalDateTime.ofEpochSecond(
                                Math.floorDiv(micros, MICROS_PER_SECOND),
                                (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1_000,
                                ZoneOffset.UTC);
                micros -= zone.getRules().getOffset(local).getTotalSeconds() * MICROS_PER_SECOND;
            }
            return true;
        }
        byte sign = Mem.getByte(end);
        if (sign == 'Z') {
            return end + 1 == limit;
        }
        long length = limit - end;
        if (sign != '+' && sign != '-' || length != 6 && length != 3 && length != 5) {
            return false;
        }
        int hours = twoDigits(end + 1);
        int minutes = length == 3 ? 0 : twoDigits(limit - 2);
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59 || length == 6 && Mem.getByte(end + 3) != ':') {
            return false;
        }
        long offset = (hours * 60L + minutes) * 60 * MICROS_PER_SECOND;
        micros -= sign == '+' ? offset : -offset;
        return true;
    }
}
