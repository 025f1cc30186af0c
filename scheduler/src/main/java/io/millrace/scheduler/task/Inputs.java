package io.millrace.scheduler.task;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.scheduler.exchange.Watermark;
import java.util.List;

/**
 * The channels into one node: takes from each in turn, tells the least watermark of all, and aligns epoch markers. A
 * channel whose marker has come is not read until the marker has come on every channel that has not ended.
 */
public class Inputs {
    private final InputChannel[] channels;
    private int turn;
    private int lastInput;
    private long watermarkMicros = Long.MIN_VALUE;
    private long epoch;
    private EpochMarker aligning;
    private boolean taken;

    public Inputs(List<InputChannel> channels) {
        this.channels = channels.toArray(InputChannel[]::new);
    }

    /**
     * A batch for {@link #lastInput}, or control that is due for the node as a whole, or null when there is nothing.
     */
    final Object next() {
        taken = false;
        if (aligning != null && hasArrived(aligning.epoch())) {
            return aligned();
        }
        for (int tried = 0; tried < channels.length; tried++) {
            InputChannel from = channels[turn];
            Object due = isHeld(from) ? null : takeFrom(from);
            turn = turn + 1 == channels.length ? 0 : turn + 1;
            if (due != null) {
                return due;
            }
        }
        return null;
    }

    /** Takes what lies in a channel up to the first item that the node must see. */
    private Object takeFrom(InputChannel from) {
        for (Object item = from.channel.poll(); item != null; item = from.channel.poll()) {
            taken = true;
            switch (item) {
                case Batch batch -> {
                    lastInput = from.input;
                    return batch;
                }
                case Watermark watermark -> {
                    Object due = advance(from, watermark);
                    if (due != null) {
                        return due;
                    }
                }
                case EpochMarker marker -> {
                    return arrive(from, marker);
                }
                default -> throw MillraceException.internal("not an item of a channel: " + item);
            }
        }
        return null;
    }

    private Object advance(InputChannel from, Watermark watermark) {
        if (watermark.micros() <= from.watermarkMicros) {
            throw MillraceException.internal(
                    "expected a watermark after " + from.watermarkMicros + ", found " + watermark.micros());
        }
        from.watermarkMicros = watermark.micros();
        long least = leastWatermark(channels);
        if (least <= watermarkMicros) {
            return null;
        }
        watermarkMicros = least;
        return least == watermark.micros() ? watermark : new Watermark(least);
    }

    private Object arrive(InputChannel from, EpochMarker marker) {
        if (marker.epoch() != from.epoch + 1) {
            throw MillraceException.internal("expected the marker of epoch " + (from.epoch + 1) + ", found " + marker);
        }
        from.epoch = marker.epoch();
        aligning = marker;
        return hasArrived(marker.epoch()) ? aligned() : null;
    }

    private EpochMarker aligned() {
        EpochMarker marker = aligning;
        aligning = null;
        epoch = marker.epoch();
        return marker;
    }

    /** Whether a channel is not read because its marker waits for those of others. */
    protected boolean isHeld(InputChannel channel) {
        return channel.epoch > epoch;
    }

    private boolean hasArrived(long markerEpoch) {
        for (InputChannel channel : channels) {
            if (!hasArrived(channel, markerEpoch)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a channel holds up the alignment no longer. */
    protected boolean hasArrived(InputChannel channel, long markerEpoch) {
        return channel.epoch >= markerEpoch || channel.isEnded();
    }

    /** The watermark of a node with these channels; those that have ended hold nothing back. */
    protected long leastWatermark(InputChannel[] all) {
        long least = Operator.END_OF_INPUT;
        for (InputChannel channel : all) {
            least = Math.min(least, channel.watermarkMicros);
        }
        return least;
    }

    /** Which input the last batch is for. */
    final int lastInput() {
        return lastInput;
    }

    /** Whether the last {@link #next} took anything from a channel, if only to remember it. */
    final boolean hasTaken() {
        return taken;
    }

    /** Nothing more will be taken. */
    final void abandon() {
        for (InputChannel channel : channels) {
            channel.channel.abandon();
        }
    }

    /** Releases what lies in channels inside the task. */
    final void releaseLocal() {
        for (InputChannel channel : channels) {
            if (channel.channel.isLocal()) {
                channel.channel.release();
            }
        }
    }
}
