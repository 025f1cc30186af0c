package io.millrace.scheduler.simulation;

/** Is due once, after so many times that it was not. */
final class Countdown {
    private long left;

    private Countdown(long left) {
        this.left = left;
    }

    static Countdown of(Fault fault, Fault.Kind kind) {
        return new Countdown(fault.kind() == kind ? fault.at() : -1);
    }

    boolean isDue() {
        return left >= 0 && left-- == 0;
    }
}
