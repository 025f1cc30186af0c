package io.millrace.cli.demo;

import io.millrace.connectors.nexmark.NexmarkEvent;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Bids as JSON objects. Their texts are ASCII without quotes, so nothing is escaped. One thread. */
final class BidJson {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final StringBuilder text = new StringBuilder(512);
    private long prefixSecond = Long.MIN_VALUE;
    private String prefix;

    byte[] encode(NexmarkEvent.Bid bid) {
        text.setLength(0);
        text.append("{\"event_id\":").append(bid.eventId());
        text.append(",\"auction\":").append(bid.auction());
        text.append(",\"bidder\":").append(bid.bidder());
        text.append(",\"price\":").append(bid.price());
        text.append(",\"channel\":\"").append(bid.channel());
        text.append("\",\"url\":\"").append(bid.url());
        text.append("\",\"date_time\":\"");
        appendTime(bid.dateTimeMicros());
        text.append("\",\"extra\":\"").append(bid.extra()).append("\"}");
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** {@code yyyy-MM-dd HH:mm:ss.SSS}; one second's bids share all but the last digits. */
    private void appendTime(long micros) {
        long second = Math.floorDiv(micros, MICROS_PER_SECOND);
        if (second != prefixSecond) {
            prefixSecond = second;
            String iso = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC).toString().replace('T', ' ');
            // The library leaves out seconds that are zero.
            prefix = iso.length() == "yyyy-MM-dd HH:mm".length() ? iso + ":00." : iso + ".";
        }
        int millis = (int) (Math.floorMod(micros, MICROS_PER_SECOND) / 1_000);
        text.append(prefix).append(millis / 100).append(millis / 10 % 10).append(millis % 10);
    }
}
