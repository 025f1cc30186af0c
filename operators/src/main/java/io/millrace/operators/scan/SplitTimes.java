package io.millrace.operators.scan;

import io.millrace.memory.error.MillraceException;
import org.agrona.collections.Int2ObjectHashMap;

/** The watermark of each open split of one reader, and the least of them. One thread. */
final class SplitTimes {
    /** One split. */
    private static final class SplitTime {
        long boundMicros;
        boolean declared;
        long greatestMicros = Long.MIN_VALUE;
        boolean waiting;
        long waitingSinceNanos;
    }

    private final Int2ObjectHashMap<SplitTime> splits = new Int2ObjectHashMap<>();
    private final long delayMicros;
    private final long idleTimeoutNanos;
    private long watermarkMicros = Long.MIN_VALUE;

    SplitTimes(long delayMicros, long idleTimeoutNanos) {
        this.delayMicros = delayMicros;
        this.idleTimeoutNanos = idleTimeoutNanos;
    }

    void open(int split, long boundMicros) {
        SplitTime time = new SplitTime();
        time.boundMicros = boundMicros;
        if (splits.put(split, time) != null) {
            throw MillraceException.internal("split " + split + " is open already");
        }
    }

    void close(int split) {
        if (splits.remove(split) == null) {
            throw MillraceException.internal("split " + split + " is not open");
        }
    }

    private SplitTime get(int split) {
        SplitTime time = splits.get(split);
        if (time == null) {
            throw MillraceException.internal("split " + split + " is not open");
        }
        return time;
    }

    void bound(int split, long boundMicros) {
        SplitTime time = get(split);
        time.boundMicros = Math.max(time.boundMicros, boundMicros);
    }

    void declared(int split) {
        get(split).declared = true;
    }

    boolean isDeclared(int split) {
        return get(split).declared;
    }

    /** The split delivered rows up to this event time. */
    void delivered(int split, long greatestMicros) {
        SplitTime time = get(split);
        time.greatestMicros = Math.max(time.greatestMicros, greatestMicros);
        time.waiting = false;
    }

    void nothingToRead(int split, long nowNanos) {
        SplitTime time = get(split);
        if (!time.waiting) {
            time.waiting = true;
            time.waitingSinceNanos = nowNanos;
        }
    }

    /** The least watermark of the splits that are not idle; never less than before. */
    long watermark(long nowNanos) {
        long least = Long.MAX_VALUE;
        for (SplitTime time : splits.values()) {
            boolean idle =
                    time.waiting && idleTimeoutNanos > 0 && nowNanos - time.waitingSinceNanos >= idleTimeoutNanos;
            if (!idle) {
                least = Math.min(least, watermarkOf(time));
            }
        }
        if (least != Long.MAX_VALUE && least > watermarkMicros) {
            watermarkMicros = least;
        }
        return watermarkMicros;
    }

    private long watermarkOf(SplitTime time) {
        if (!time.declared || time.greatestMicros == Long.MIN_VALUE) {
            return time.boundMicros;
        }
        return Math.max(time.boundMicros, time.greatestMicros - delayMicros);
    }
}
