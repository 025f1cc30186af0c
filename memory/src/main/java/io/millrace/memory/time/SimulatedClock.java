package io.millrace.memory.time;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when told to. Thread-safe. */
public final class SimulatedClock implements Clock {
    private final AtomicLong nanos = new AtomicLong();
    private final long originMicros;

    /** Starts at this wall-clock time. */
    public SimulatedClock(long originMicros) {
        this.originMicros = originMicros;
    }

    /** Moves both clocks forward. */
    public void advanceNanos(long deltaNanos) {
        if (deltaNanos < 0) {
            throw new IllegalArgumentException("expected deltaNanos >= 0, found " + deltaNanos);
        }
        nanos.addAndGet(deltaNanos);
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long epochMicros() {
        return originMicros + nanos.get() / 1_000;
    }
}
