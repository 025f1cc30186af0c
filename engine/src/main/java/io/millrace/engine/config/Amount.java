package io.millrace.engine.config;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.Locale;

/** Sizes and durations as people write them. */
public final class Amount {
    private Amount() {}

    /**
     * Bytes of {@code 512m}, {@code 2 gb} or a bare number of bytes; units are powers of 1024.
     *
     * @param name of the setting or option, for the message
     */
    public static long bytes(String name, String text) {
        long unit =
                switch (unit(text)) {
                    case "", "b", "bytes" -> 1L;
                    case "k", "kb", "kib" -> 1L << 10;
                    case "m", "mb", "mib" -> 1L << 20;
                    case "g", "gb", "gib" -> 1L << 30;
                    case "t", "tb", "tib" -> 1L << 40;
                    default -> throw invalid(name, "a size such as 512m or 2g", text);
                };
        return scaled(name, text, unit, "a size such as 512m or 2g");
    }

    /** Nanoseconds of {@code 100 ms}, {@code 10s}, {@code 5 min}, {@code 1 h} or {@code 1 d}; a bare number is ms. */
    public static long nanos(String name, String text) {
        long unit =
                switch (unit(text)) {
                    case "ns", "nano", "nanos", "nanosecond", "nanoseconds" -> 1L;
                    case "us", "µs", "micro", "micros", "microsecond", "microseconds" -> 1_000L;
                    case "", "ms", "milli", "millis", "millisecond", "milliseconds" -> 1_000_000L;
                    case "s", "sec", "secs", "second", "seconds" -> 1_000_000_000L;
                    case "m", "min", "minute", "minutes" -> 60_000_000_000L;
                    case "h", "hour", "hours" -> 3_600_000_000_000L;
                    case "d", "day", "days" -> 86_400_000_000_000L;
                    default -> throw invalid(name, "a duration such as 100 ms or 10 s", text);
                };
        return scaled(name, text, unit, "a duration such as 100 ms or 10 s");
    }

    private static int digits(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static String unit(String text) {
        String stripped = text.strip();
        return stripped.substring(digits(stripped)).strip().toLowerCase(Locale.ROOT);
    }

    private static long scaled(String name, String text, long unit, String expected) {
        String stripped = text.strip();
        try {
            return Math.multiplyExact(Long.parseLong(stripped.substring(0, digits(stripped))), unit);
        } catch (ArithmeticException | NumberFormatException notANumber) {
            throw invalid(name, expected, text);
        }
    }

    static MillraceException invalid(String name, String expected, String found) {
        return new MillraceException(
                ErrorCode.INVALID_OPTION, name + ": expected " + expected + ", found '" + found + "'");
    }
}
