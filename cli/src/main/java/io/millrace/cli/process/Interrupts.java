package io.millrace.cli.process;

import io.millrace.memory.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import sun.misc.Signal;

/**
 * Ctrl-C and SIGTERM. The first asks whatever runs to stop; the next ends the process at once. The same signal twice
 * within half a second is one: whoever sends it to a process and to its group means it once, as timeout(1) does.
 * Thread-safe.
 */
public final class Interrupts {
    private static final int SIGNALLED = 128;
    private static final long SAME_NANOS = 500_000_000L;

    private final Clock clock;

    private final AtomicReference<Runnable> target = new AtomicReference<>();
    private volatile int asked;
    private long askedNanos;

    private Interrupts(Clock clock) {
        this.clock = clock;
    }

    /** Takes over both signals for the rest of the process. */
    public static Interrupts install(Clock clock) {
        Interrupts interrupts = new Interrupts(clock);
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), interrupts::received);
        }
        return interrupts;
    }

    private void received(Signal signal) {
        Runnable stop = asked(signal.getNumber());
        if (stop != null) {
            stop.run();
        }
    }

    /** What is to be done about a signal; null for nothing, as it has been done. */
    private synchronized Runnable asked(int number) {
        long now = clock.nanoTime();
        if (asked == number && now - askedNanos < SAME_NANOS) {
            return null;
        }
        Runnable stop = target.get();
        if (asked != 0 || stop == null) {
            Runtime.getRuntime().halt(SIGNALLED + number);
        }
        asked = number;
        askedNanos = now;
        return stop;
    }

    /**
     * What a signal does from now on, on a thread of its own; null for the end of the process. What stopped the one
     * before is remembered until there is another.
     */
    public void onSignal(Runnable stop) {
        if (stop != null) {
            asked = 0;
        }
        target.set(stop);
    }

    /** As {@link #onSignal}; a signal that came since then counts. */
    public void handOver(Runnable stop) {
        target.set(stop);
        if (asked != 0) {
            stop.run();
        }
    }

    /** Whether somebody asked to stop since {@link #onSignal} named what to stop. */
    public boolean isAsked() {
        return asked != 0;
    }

    /** Of a process that ended as it was asked to: 128 and the signal's number; 0 when nobody asked. */
    public int exitCode() {
        return asked == 0 ? 0 : SIGNALLED + asked;
    }
}
