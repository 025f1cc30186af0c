package io.millrace.scheduler.task;

import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.SourceOperator;
import io.millrace.scheduler.exchange.Watermark;
import java.util.Queue;

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

    final int nodeId;
    private final Operator operator;
    private final SourceOperator source;
    private final Queue<EpochMarker> markers;
    private final Inputs inputs;
    private final NodeOutput output;
    private final NodeCounters counters;
    private Phase phase = Phase.TAKING;
    private boolean pending;
    private Object held;
    private long passedEpoch;

    /**
     * A node of a task.
     *
     * @param operator a {@link SourceOperator} is polled
     * @param inputs null of a source
     * @param markers where a source's markers come from; null of others
     */
    TaskNode(
            int nodeId,
            Operator operator,
            Inputs inputs,
            Queue<EpochMarker> markers,
            NodeOutput output,
            NodeCounters counters) {
        this.nodeId = nodeId;
        this.operator = operator;
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
            case FORWARDING -> {
                forward();
                yield true;
            }
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
        phase = Phase.ENDED;
        counters.end();
        if (inputs != null) {
            inputs.abandon();
        }
        operator.close();
    }

    private void hold(Object control) {
        held = control;
        phase = Phase.FORWARDING;
        if (!pending) {
            forward();
        }
    }

    private void forward() {
        Object control = held;
        held = null;
        phase = Phase.TAKING;
        output.control(control);
        if (control instanceof EpochMarker marker) {
            passedEpoch = marker.epoch();
        } else if (control instanceof Watermark watermark && watermark.isEnd()) {
            phase = Phase.ENDED;
            counters.watermark(Operator.END_OF_INPUT);
            counters.end();
            operator.close();
        }
    }

    boolean isEnded() {
        return phase == Phase.ENDED;
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

    /** Frees the operator and what waits in the task for it. Idempotent. */
    void close() {
        try {
            operator.close();
        } finally {
            if (inputs != null) {
                inputs.releaseLocal();
            }
        }
    }
}
