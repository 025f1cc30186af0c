package io.millrace.scheduler.simulation;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.scheduler.exchange.Channel;
import io.millrace.scheduler.exchange.HashWriter;
import io.millrace.scheduler.exchange.Sender;
import io.millrace.scheduler.exchange.Watermark;
import io.millrace.scheduler.task.InputChannel;
import io.millrace.scheduler.task.Inputs;
import io.millrace.scheduler.task.TaskParts;
import java.util.List;

/** Parts of tasks with one fault of the engine each, now and then. */
final class BrokenParts extends TaskParts {
    /** What is wrong. */
    enum Bug {
        /** One marker in four is never sent. */
        DROPPED_BARRIER,
        /** A batch is kept until the watermark after it has gone. */
        WATERMARK_BEFORE_ITS_BATCH,
        /** One batch in four is sent twice. */
        BATCH_SENT_TWICE,
        /** The rows gathered for a reader are lost when they are flushed, one time in four. */
        GATHERED_ROWS_LOST,
        /** The watermark of a node is the greatest of its channels'. */
        WATERMARK_OF_THE_FASTEST,
        /** The marker passes with the first channel it has come on. */
        MARKER_NOT_ALIGNED,
        /** A channel whose marker has come is read on while others are waited for, up to its next marker. */
        CHANNEL_NOT_HELD,
        /** What waits for room is lost when there is some, one time in four. */
        PENDING_LOST,
        /** The end is sent before the batches that wait for room. */
        END_BEFORE_THE_LAST_BATCH,
        /** One writer in two counts the readers from the other end. */
        WRONG_OWNER,
        /** Markers do not wait behind batches. */
        CONTROL_OVERTAKES
    }

    private final Bug bug;
    private int count;

    BrokenParts(Bug bug) {
        this.bug = bug;
    }

    private boolean now() {
        return count++ % 4 == 3;
    }

    @Override
    public Sender sender(Channel channel) {
        return switch (bug) {
            case DROPPED_BARRIER,
                    BATCH_SENT_TWICE,
                    WATERMARK_BEFORE_ITS_BATCH,
                    PENDING_LOST,
                    END_BEFORE_THE_LAST_BATCH,
                    CONTROL_OVERTAKES ->
                    new BrokenSender(channel);
            default -> super.sender(channel);
        };
    }

    @Override
    public Inputs inputs(List<InputChannel> channels) {
        return switch (bug) {
            case WATERMARK_OF_THE_FASTEST ->
                    new Inputs(channels) {
                        @Override
                        protected long leastWatermark(InputChannel[] all) {
                            long greatest = Long.MIN_VALUE;
                            boolean ended = true;
                            for (InputChannel channel : all) {
                                ended &= channel.isEnded();
                                greatest =
                                        Math.max(
                                                greatest,
                                                channel.isEnded() ? Long.MIN_VALUE : channel.watermarkMicros());
                            }
                            return ended ? Long.MAX_VALUE : greatest;
                        }
                    };
            case MARKER_NOT_ALIGNED ->
                    new Inputs(channels) {
                        @Override
                        protected boolean hasArrived(InputChannel channel, long markerEpoch) {
                            return true;
                        }
                    };
            case CHANNEL_NOT_HELD ->
                    new Inputs(channels) {
                        @Override
                        protected boolean isHeld(InputChannel channel) {
                            return super.isHeld(channel) && now();
                        }
                    };
            default -> super.inputs(channels);
        };
    }

    @Override
    public HashWriter hashWriter(Sender[] senders, HashSettings settings, Schema schema, Allocator allocator) {
        if (bug != Bug.WRONG_OWNER && bug != Bug.GATHERED_ROWS_LOST) {
            return super.hashWriter(senders, settings, schema, allocator);
        }
        boolean wrong = bug == Bug.WRONG_OWNER && count++ % 2 == 0;
        return new HashWriter(
                senders, settings.keyColumns(), settings.keyGroups(), schema, settings.batchRows(), allocator) {
            @Override
            protected int[] ownersOf(int keyGroups, int readers) {
                int[] owners = super.ownersOf(keyGroups, readers);
                for (int group = 0; wrong && group < owners.length; group++) {
                    owners[group] = readers - 1 - owners[group];
                }
                return owners;
            }

            @Override
            protected void flushTarget(int target) {
                if (bug == Bug.GATHERED_ROWS_LOST && now()) {
                    Batch lost = takeGathered(target);
                    if (lost != null) {
                        lost.close();
                    }
                }
                super.flushTarget(target);
            }
        };
    }

    private final class BrokenSender extends Sender {
        private Batch kept;

        BrokenSender(Channel channel) {
            super(channel);
        }

        @Override
        public void send(Object item) {
            switch (bug) {
                case DROPPED_BARRIER -> {
                    if (!(item instanceof EpochMarker) || !now()) {
                        super.send(item);
                    }
                }
                case BATCH_SENT_TWICE -> {
                    if (item instanceof Batch batch && now()) {
                        super.send(batch.share());
                    }
                    super.send(item);
                }
                case WATERMARK_BEFORE_ITS_BATCH -> sendSwapped(item);
                case END_BEFORE_THE_LAST_BATCH -> {
                    if (!(item instanceof Watermark watermark) || !watermark.isEnd() || !offer(item)) {
                        super.send(item);
                    }
                }
                case CONTROL_OVERTAKES -> {
                    if (item instanceof Batch || !offer(item)) {
                        super.send(item);
                    }
                }
                default -> super.send(item);
            }
        }

        private void sendSwapped(Object item) {
            Batch before = kept;
            kept = null;
            if (before != null && item instanceof Watermark watermark && !watermark.isEnd()) {
                super.send(item);
                super.send(before);
                return;
            }
            if (before != null) {
                super.send(before);
            }
            if (item instanceof Batch batch) {
                kept = batch;
            } else {
                super.send(item);
            }
        }

        @Override
        public boolean flush() {
            if (bug == Bug.PENDING_LOST && hasPending() && now()) {
                release(pollPending());
            }
            return super.flush();
        }

        @Override
        public void close() {
            if (kept != null) {
                kept.close();
                kept = null;
            }
            super.close();
        }
    }
}
