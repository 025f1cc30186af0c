package io.millrace.scheduler.task;

import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.SourceOperator;
import io.millrace.scheduler.checkpoint.TaskSnapshots;
import io.millrace.scheduler.exchange.Watermark;
import io.millrace.state.TaskState;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** One operator of a task with what leads to it and away. */
final class TaskNode {
    /** What a node does next, once nothing is pending and its output has room. */
    private enum Phase {
        /** Takes a batch or control; a source is polled. */
        TAKING,
        /** Forwards the control that the operator was called for. */
        FORWARDING,
        /** Nothing: its input has ended, or nobody reads it any more, and its operator is closed. */
        ENDED
    }

    /** Bytes of state that are copied for a checkpoint between two calls. */
    private static final int COPY_BYTES = 64 << 10;

    final int nodeId;
    private final int taskIndex;
    private final Operator operator;
    private final TaskState state;
    private final TaskSnapshots snapshots;
    private final Clock clock;
    private final SourceOperator source;
    private final Queue<EpochMarker> markers;
    private final Inputs inputs;
    private final NodeOutput output;
    private final NodeCounters counters;
    private Phase phase = Phase.TAKING;
    private boolean pending;
    private Object held;
    private long passedEpoch;
    private NodeSnapshot snapshot;
    private boolean sealing;
    private boolean wanted;
    private boolean abandoned;
    private boolean begun;

    /** What a node does its work with, and what its task knows of it. */
    record Part(int nodeId, int taskIndex, Operator operator, TaskState state, TaskSnapshots snapshots, Clock clock) {}

    /**
     * A node of a task.
     *
     * @param part whose operator is polled when it is a {@link SourceOperator}
     * @param inputs null of a source
     * @param markers where a source's markers come from; null of others
     */
    TaskNode(Part part, Inputs inputs, Queue<EpochMarker> markers, NodeOutput output, NodeCounters counters) {
        this.nodeId = part.nodeId();
        this.taskIndex = part.taskIndex();
        this.operator = part.operator();
        this.state = part.state();
        this.snapshots = part.snapshots();
        this.clock = part.clock();
        this.source = operator instanceof SourceOperator polled ? polled : null;
        this.inputs = inputs;
        this.markers = markers;
        this.output = output;
        this.counters = counters;
    }

    /** Makes one call of the operator, or forwards, if there is anything to do; returns whether it got on. */
    boolean act() {
        if (phase == Phase.ENDED) {
            return false;
        }
        if (output.isAbandoned()) {
            abandon();
            return true;
        }
        if (output.isFull()) {
            return false;
        }
        if (pending) {
            boolean moved = operator.resume(output);
            pending = operator.hasPending();
            endIfSatisfied();
            return moved || !pending;
        }
        return switch (phase) {
            case TAKING -> source == null ? takeNext() : poll();
            case FORWARDING -> forward();
            case ENDED -> false;
        };
    }

    private boolean poll() {
        EpochMarker marker = markers.poll();
        if (marker != null) {
            endEpoch(marker);
            return true;
        }
        long before = output.emissions();
        Poll poll = source.poll(output);
        pending = source.hasPending();
        return switch (poll) {
            case ACTIVE -> true;
            case IDLE -> output.emissions() != before;
            case FINISHED -> {
                hold(Watermark.END);
                yield true;
            }
        };
    }

    private boolean takeNext() {
        if (!begun) {
            begun = true;
            endIfSatisfied();
            if (phase != Phase.TAKING) {
                return true;
            }
        }
        Object item = inputs.next();
        switch (item) {
            case null -> {
                return inputs.hasTaken();
            }
            case Batch batch -> {
                counters.received(batch.activeCount());
                operator.process(inputs.lastInput(), batch, output);
                pending = operator.hasPending();
                endIfSatisfied();
            }
            case Watermark watermark -> {
                counters.watermark(watermark.micros());
                operator.advance(watermark.micros(), output);
                pending = operator.hasPending();
                hold(watermark);
            }
            case EpochMarker marker -> endEpoch(marker);
            default -> throw MillraceException.internal("not an item of a channel: " + item);
        }
        return true;
    }

    private void endEpoch(EpochMarker marker) {
        operator.endEpoch(marker, output);
        pending = operator.hasPending();
        hold(marker);
    }

    /** Ends an input of which nothing matters any more. */
    private void endIfSatisfied() {
        if (!pending && phase == Phase.TAKING && inputs != null && operator.isSatisfied()) {
            inputs.abandon();
            operator.advance(Operator.END_OF_INPUT, output);
            pending = operator.hasPending();
            hold(Watermark.END);
        }
    }

    /** Ends as nobody reads it any more. */
    private void abandon() {
        if (inputs != null) {
            inputs.abandon();
        }
        phase = Phase.ENDED;
        counters.end();
        abandoned = true;
        endAbandoned();
    }

    private void hold(Object control) {
        held = control;
        phase = Phase.FORWARDING;
        if (!pending) {
            forward();
        }
    }

    /** Sends on what the operator was called for, unless a snapshot must be taken or written first. */
    private boolean forward() {
        boolean end = held instanceof Watermark watermark && watermark.isEnd();
        if (end && !hasSealed() || held instanceof EpochMarker marker && !hasMarked(marker)) {
            return false;
        }
        Object control = held;
        held = null;
        phase = Phase.TAKING;
        output.control(control);
        if (control instanceof EpochMarker marker) {
            passedEpoch = marker.epoch();
        } else if (end) {
            end();
            operator.close();
        }
        return true;
    }

    private void end() {
        phase = Phase.ENDED;
        counters.watermark(Operator.END_OF_INPUT);
        counters.end();
    }

    /** Whether the state is marked as of a barrier; one at a time is being written. */
    private boolean hasMarked(EpochMarker marker) {
        if (!marker.isBarrier()) {
            return true;
        }
        if (snapshot != null) {
            return false;
        }
        wanted = false;
        long beforeNanos = clock.nanoTime();
        snapshot = new NodeSnapshot(marker, state.begin(marker.checkpoint()), operator.prepare(marker.checkpoint()));
        snapshots.paused(clock.nanoTime() - beforeNanos);
        return true;
    }

    /** Whether all that the operator was given is sealed, and all of a snapshot before is written. */
    private boolean hasSealed() {
        if (snapshot != null) {
            return false;
        }
        if (!sealing) {
            sealing = true;
            snapshot =
                    new NodeSnapshot(
                            null,
                            CompletableFuture.completedFuture(source == null ? List.of() : state.values()),
                            operator.prepare(Operator.FINAL_CHECKPOINT));
            advanceSnapshot();
        }
        return snapshot == null;
    }

    /** Copies some of what was marked, or tells that all of it is written; returns whether it did either. */
    boolean advanceSnapshot() {
        if (!wanted && phase != Phase.ENDED && operator.wantsCheckpoint()) {
            wanted = true;
            snapshots.wanted();
        }
        if (snapshot == null) {
            return false;
        }
        if (state.isCopying()) {
            return state.copy(COPY_BYTES);
        }
        if (!snapshot.isDone()) {
            return false;
        }
        NodeSnapshot done = snapshot;
        snapshot = null;
        if (done.barrier() == null) {
            snapshots.ended(nodeId, taskIndex, done.states().join(), done.result());
        } else if (done.states().isCompletedExceptionally()) {
            snapshots.failed(nodeId, taskIndex, done.barrier(), done.states().exceptionNow());
            // What was sealed for it is for the next one.
            snapshots.taken(nodeId, taskIndex, done.barrier(), List.of(), done.result());
        } else {
            snapshots.taken(nodeId, taskIndex, done.barrier(), done.states().join(), done.result());
        }
        endAbandoned();
        return true;
    }

    /** What is still being written of a barrier before is written first. */
    private void endAbandoned() {
        if (abandoned && snapshot == null) {
            snapshots.ended(nodeId, taskIndex, List.of(), null);
            operator.close();
        }
    }

    /** Whether it is over, and has told so. */
    boolean isEnded() {
        return phase == Phase.ENDED && snapshot == null;
    }

    /** Whether it would do something if its output had room. */
    boolean isBackpressured() {
        return phase != Phase.ENDED && output.isFull();
    }

    /** The last epoch whose marker was forwarded. */
    long passedEpoch() {
        return passedEpoch;
    }

    NodeCounters counters() {
        return counters;
    }

    /** Writes no more; whether {@link #close} need not wait for what is being written. */
    boolean stop() {
        return state.stop();
    }

    /** Frees the operator and what waits in the task for it. Idempotent. */
    void close() {
        try {
            // First, so that nothing is copied of what the operator then frees.
            state.close();
        } finally {
            try {
                operator.close();
            } finally {
                if (inputs != null) {
                    inputs.releaseLocal();
                }
            }
        }
    }
}
