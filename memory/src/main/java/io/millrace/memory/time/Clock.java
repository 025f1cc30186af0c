package io.millrace.memory.time;

/** Where time comes from. Injected everywhere, so that a simulation owns it. Thread-safe. */
public interface Clock {
    /** Monotonic nanoseconds from an arbitrary origin; for durations only. */
    long nanoTime();

    /** Wall-clock microseconds since the epoch, UTC; for what people read, never for durations. */
    long epochMicros();

    /** The machine's clocks. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
