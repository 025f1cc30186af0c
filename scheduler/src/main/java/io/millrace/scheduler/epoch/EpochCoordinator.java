package io.millrace.scheduler.epoch;

import io.millrace.operators.contract.EpochMarker;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Injects a marker each epoch and sees it through. No epoch is injected while {@link #MAX_IN_FLIGHT} are under way, so
 * a graph that is slower than the interval has longer epochs, not more of them. One thread.
 */
public final class EpochCoordinator {
    /** Epochs under way at a time. */
    public static final int MAX_IN_FLIGHT = 4;

    /** Which epochs end with a barrier. */
    @FunctionalInterface
    public interface Checkpoints {
        Checkpoints NONE = (nowNanos, epoch) -> 0;

        /** The checkpoint whose barrier ends this epoch, or 0; asked once for each epoch. */
        long due(long nowNanos, long epoch);
    }

    private final List<EpochPort> ports;
    private final long epochNanos;
    private final Checkpoints checkpoints;
    private final BooleanSupplier live;
    private final Consumer<EpochMarker> completed;
    private final ArrayDeque<EpochMarker> inFlight = new ArrayDeque<>();
    private long lastNanos;
    private long epoch;
    private volatile long completedEpoch;

    /**
     * A coordinator whose first epoch begins now.
     *
     * @param ports of all tasks
     * @param checkpoints says which markers are barriers
     * @param live whether all sources have reached the present, asked at each injection
     * @param completed told of each epoch that all tasks have passed, in order
     */
    public EpochCoordinator(
            List<EpochPort> ports,
            long epochNanos,
            Checkpoints checkpoints,
            long nowNanos,
            BooleanSupplier live,
            Consumer<EpochMarker> completed) {
        this.ports = List.copyOf(ports);
        this.epochNanos = epochNanos;
        this.checkpoints = checkpoints;
        this.lastNanos = nowNanos;
        this.live = live;
        this.completed = completed;
    }

    /** The last epoch that all tasks have passed. Any thread. */
    public long completedEpoch() {
        return completedEpoch;
    }

    /** Tells of epochs that are complete and injects one that is due; returns whether it did the latter. */
    public boolean step(long nowNanos) {
        complete();
        if (inFlight.size() == MAX_IN_FLIGHT || nowNanos - lastNanos < epochNanos) {
            return false;
        }
        lastNanos = nowNanos;
        if (!hasRunningSource()) {
            return false;
        }
        epoch++;
        EpochMarker marker = new EpochMarker(epoch, checkpoints.due(nowNanos, epoch), live.getAsBoolean());
        inFlight.addLast(marker);
        for (EpochPort port : ports) {
            port.inject(marker);
        }
        return true;
    }

    /** Whether all tasks have passed more than {@link #completedEpoch}, which {@link #step} would tell. Any thread. */
    public boolean hasNews() {
        return passedByAll() > completedEpoch;
    }

    private long passedByAll() {
        long passed = EpochPort.ENDED;
        for (EpochPort port : ports) {
            passed = Math.min(passed, port.passed());
        }
        return passed;
    }

    private void complete() {
        long passed = passedByAll();
        while (!inFlight.isEmpty() && inFlight.peekFirst().epoch() <= passed) {
            EpochMarker marker = inFlight.pollFirst();
            completed.accept(marker);
            completedEpoch = marker.epoch();
        }
    }

    private boolean hasRunningSource() {
        for (EpochPort port : ports) {
            if (port.hasSources() && port.passed() != EpochPort.ENDED) {
                return true;
            }
        }
        return false;
    }

    /** How long until an epoch is due; what completes earlier wakes its thread. */
    public long nanosUntilDue(long nowNanos) {
        return inFlight.size() == MAX_IN_FLIGHT ? epochNanos : Math.max(0, epochNanos - (nowNanos - lastNanos));
    }
}
