package io.millrace.server;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Event times in answers: microseconds since the epoch, null while unknown, the greatest long at the end of input. */
final class EventTimes {
    private static final DateTimeFormatter TEXT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final long MICROS_PER_SECOND = 1_000_000L;

    private EventTimes() {}

    static void write(JsonGenerator json, String name, long micros) throws IOException {
        if (micros == Long.MIN_VALUE) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, micros);
        }
    }

    /** For people, UTC; null while unknown and at the end of input. */
    static String text(long micros) {
        if (micros == Long.MIN_VALUE || micros == Long.MAX_VALUE) {
            return null;
        }
        int nanos = (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1_000;
        return TEXT.format(
                LocalDateTime.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND), nanos, ZoneOffset.UTC));
    }
}
