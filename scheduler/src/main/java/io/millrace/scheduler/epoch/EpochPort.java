package io.millrace.scheduler.epoch;

import io.millrace.operators.contract.EpochMarker;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/** Where a task and the coordinator meet. One thread on either side. */
public final class EpochPort {
    /** What {@link #passed()} is once the task has ended. */
    public static final long ENDED = Long.MAX_VALUE;

    private final List<OneToOneConcurrentArrayQueue<EpochMarker>> inboxes = new ArrayList<>();
    private volatile long passed;

    /** A port of a task with this many source nodes. */
    public EpochPort(int sources) {
        for (int i = 0; i < sources; i++) {
            inboxes.add(new OneToOneConcurrentArrayQueue<>(EpochCoordinator.MAX_IN_FLIGHT));
        }
    }

    /** Whether markers enter the graph here. */
    public boolean hasSources() {
        return !inboxes.isEmpty();
    }

    /** The coordinator's: hands the marker to every source of the task. */
    void inject(EpochMarker marker) {
        if (passed == ENDED) {
            return;
        }
        for (OneToOneConcurrentArrayQueue<EpochMarker> inbox : inboxes) {
            inbox.offer(marker);
        }
    }

    /** The last epoch the task has passed. */
    long passed() {
        return passed;
    }

    /** The task's: the markers for one of its sources, to be polled. */
    public Queue<EpochMarker> inbox(int source) {
        return inboxes.get(source);
    }

    /** The task's: all its nodes have passed the epoch; {@link #ENDED} when all its input was read and sent on. */
    public void pass(long epoch) {
        passed = epoch;
    }
}
