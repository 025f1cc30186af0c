package io.millrace.operators.function;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/** A zone's offsets, by microseconds; remembers the stretch without a change that was asked last. One thread. */
final class SessionZone {
    private static final long SECOND_MICROS = 1_000_000L;

    private final ZoneRules rules;
    private final boolean fixed;
    private long offsetMicros;
    private long validFromMicros = 1;
    private long validToMicros;

    SessionZone(ZoneId zone) {
        rules = zone.getRules();
        fixed = rules.isFixedOffset();
        offsetMicros = fixed ? rules.getOffset(Instant.EPOCH).getTotalSeconds() * SECOND_MICROS : 0;
    }

    /** The wall clock at an instant. */
    long toLocal(long instantMicros) {
        if (!fixed && (instantMicros < validFromMicros || instantMicros >= validToMicros)) {
            look(instantMicros);
        }
        return instantMicros + offsetMicros;
    }

    private void look(long instantMicros) {
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(instantMicros, SECOND_MICROS));
        ZoneOffsetTransition before = rules.previousTransition(instant.plusNanos(1));
        ZoneOffsetTransition after = rules.nextTransition(instant);
        offsetMicros = rules.getOffset(instant).getTotalSeconds() * SECOND_MICROS;
        validFromMicros = before == null ? Long.MIN_VALUE : before.toEpochSecond() * SECOND_MICROS;
        validToMicros = after == null ? Long.MAX_VALUE : after.toEpochSecond() * SECOND_MICROS;
    }

    /** The instant of a wall clock; of two the earlier, in a gap the wall clock moved on by its length. */
    long toInstant(long localMicros) {
        if (fixed) {
            return localMicros - offsetMicros;
        }
        LocalDateTime local = LocalDateTime.ofEpochSecond(Math.floorDiv(localMicros, SECOND_MICROS), 0, ZoneOffset.UTC);
        return localMicros - rules.getOffset(local).getTotalSeconds() * SECOND_MICROS;
    }
}
