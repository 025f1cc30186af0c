package io.millrace.connectors.api;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table's options as values. Each read names table, option, what was expected and what was found when the text cannot
 * be one (INVALID_OPTION).
 */
public record TableOptions(TableDescriptor table) {
    private static final Pattern AMOUNT = Pattern.compile("\\s*(\\d+)\\s*([a-zA-Zµ]*)\\s*");

    public long getLong(String key, long defaultValue, long min, long max) {
        String text = table.option(key);
        if (text == null) {
            return defaultValue;
        }
        long value;
        try {
            value = Long.parseLong(text.strip());
        } catch (NumberFormatException notANumber) {
            throw invalid(key, "a whole number");
        }
        if (value < min || value > max) {
            throw invalid(key, "a whole number from " + min + " to " + max);
        }
        return value;
    }

    public int getInt(String key, int defaultValue, int min, int max) {
        return (int) getLong(key, defaultValue, min, max);
    }

    /** A finite number greater than zero. */
    public double getPositive(String key, double defaultValue) {
        String text = table.option(key);
        if (text == null) {
            return defaultValue;
        }
        double value;
        try {
            value = Double.parseDouble(text.strip());
        } catch (NumberFormatException notANumber) {
            throw invalid(key, "a number");
        }
        if (!(value > 0) || Double.isInfinite(value)) {
            throw invalid(key, "a number greater than 0");
        }
        return value;
    }

    public boolean getBoolean(String key, boolean defaultValue) {
        String text = table.option(key);
        if (text == null) {
            return defaultValue;
        }
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(key, "true or false");
        };
    }

    /** One of the given words, in lower case. */
    public String getWord(String key, String defaultValue, String... words) {
        String text = table.option(key, defaultValue).strip().toLowerCase(Locale.ROOT);
        if (!Arrays.asList(words).contains(text)) {
            throw invalid(key, "one of " + String.join(", ", words));
        }
        return text;
    }

    /** A size as {@code 100b}, {@code 64 kb} or {@code 2m}; a bare number is bytes. Units are powers of 1024. */
    public long getBytes(String key, long defaultBytes) {
        String text = table.option(key);
        if (text == null) {
            return defaultBytes;
        }
        Matcher amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            throw invalid(key, "a size such as 100b, 64 kb or 2 mb");
        }
        long unit =
                switch (amount.group(2).toLowerCase(Locale.ROOT)) {
                    case "", "b", "bytes" -> 1L;
                    case "k", "kb", "kib" -> 1L << 10;
                    case "m", "mb", "mib" -> 1L << 20;
                    case "g", "gb", "gib" -> 1L << 30;
                    default -> throw invalid(key, "a size in b, kb, mb or gb");
                };
        return multiply(key, amount.group(1), unit);
    }

    /** A duration as {@code 10 ms}, {@code 5 s}, {@code 10 min}, {@code 1 h} or {@code 1 d}, in nanoseconds. */
    public long getNanos(String key, long defaultNanos) {
        String text = table.option(key);
        if (text == null) {
            return defaultNanos;
        }
        Matcher amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            throw invalid(key, "a duration such as 500 ms, 5 s or 10 min");
        }
        long unit =
                switch (amount.group(2).toLowerCase(Locale.ROOT)) {
                    case "ns", "nano", "nanos", "nanosecond", "nanoseconds" -> 1L;
                    case "us", "µs", "micro", "micros", "microsecond", "microseconds" -> 1_000L;
                    case "", "ms", "milli", "millis", "millisecond", "milliseconds" -> 1_000_000L;
                    case "s", "sec", "second", "seconds" -> 1_000_000_000L;
                    case "m", "min", "minute", "minutes" -> 60_000_000_000L;
                    case "h", "hour", "hours" -> 3_600_000_000_000L;
                    case "d", "day", "days" -> 86_400_000_000_000L;
                    default -> throw invalid(key, "a duration in ms, s, min, h or d");
                };
        return multiply(key, amount.group(1), unit);
    }

    /** {@code 2026-01-31}, {@code 2026-01-31 12:30:00[.123]}, the same with T, or milliseconds since the epoch; UTC. */
    public long getTimeMicros(String key, long defaultMicros) {
        String text = table.option(key);
        if (text == null) {
            return defaultMicros;
        }
        String trimmed = text.strip();
        try {
            if (trimmed.matches("-?\\d+")) {
                return Math.multiplyExact(Long.parseLong(trimmed), 1_000L);
            }
            Instant instant;
            if (trimmed.endsWith("Z")) {
                instant = Instant.parse(trimmed.replace(' ', 'T'));
            } else if (trimmed.length() <= 10) {
                instant = LocalDate.parse(trimmed).atStartOfDay().toInstant(ZoneOffset.UTC);
            } else {
                instant = LocalDateTime.parse(trimmed.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
            }
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
        } catch (DateTimeParseException | ArithmeticException | NumberFormatException notATime) {
            throw invalid(key, "a time such as 2026-01-31 12:30:00, or milliseconds since the epoch");
        }
    }

    private long multiply(String key, String digits, long unit) {
        try {
            return Math.multiplyExact(Long.parseLong(digits), unit);
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            throw invalid(key, "less");
        }
    }

    /** The error that says what was expected of an option. */
    public MillraceException invalid(String key, String expected) {
        return new MillraceException(
                ErrorCode.INVALID_OPTION,
                "table "
                        + table.name()
                        + ", option '"
                        + key
                        + "': expected "
                        + expected
                        + ", found '"
                        + table.option(key)
                        + "'");
    }
}
