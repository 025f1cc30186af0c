package io.millrace.cli.process;

import java.util.concurrent.atomic.AtomicReference;
import sun.misc.Signal;

/** Ctrl-C and SIGTERM. The first asks whatever runs to stop; the next ends the process at once. Thread-safe. */
public final class Interrupts {
    private static final int SIGNALLED = 128;

    private final AtomicReference<Runnable> target = new AtomicReference<>();
    private volatile int asked;

    /** Takes over both signals for the rest of the process. */
    public static Interrupts install() {
        Interrupts interrupts = new Interrupts();
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), interrupts::received);
        }
        return interrupts;
    }

    private void received(Signal signal) {
        Runnable stop = target.get();
        if (asked != 0 || stop == null) {
            Runtime.getRuntime().halt(SIGNALLED + signal.getNumber());
        }
        asked = signal.getNumber();
        stop.run();
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
