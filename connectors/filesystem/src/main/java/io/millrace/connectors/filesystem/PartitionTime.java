package io.millrace.connectors.filesystem;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;

/**
 * When a partition ends, by its values.
 *
 * @param pattern with {@code $name} for the value of a column; then a date, or a date and time
 * @param delayMicros from that time to the end
 */
record PartitionTime(String pattern, long delayMicros) {
    /** Event time, microseconds; DATA_EXCEPTION when the values make no time. */
    long endMicros(Map<String, String> values) {
        String text = pattern;
        // Longest names first: $day must not be taken for $d.
        for (String name :
                values.keySet().stream().sorted((a, b) -> Integer.compare(b.length(), a.length())).toList()) {
            text = text.replace("$" + name, values.get(name));
        }
        try {
            LocalDateTime time =
                    text.strip().length() <= 10
                            ? LocalDate.parse(text.strip()).atStartOfDay()
                            : LocalDateTime.parse(text.strip().replace(' ', 'T'));
            return Math.addExact(time.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + time.getNano() / 1_000, delayMicros);
        } catch (DateTimeParseException notATime) {
            throw new MillraceException(
                            ErrorCode.DATA_EXCEPTION,
                            "expected a time such as 2026-01-31 12:00:00 of partition "
                                    + values
                                    + ", found '"
                                    + text
                                    + "'")
                    .withHelp(
                            "Set 'partition.time-extractor.timestamp-pattern' to make one of the partition's columns.");
        }
    }
}
