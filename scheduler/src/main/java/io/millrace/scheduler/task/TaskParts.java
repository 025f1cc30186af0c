package io.millrace.scheduler.task;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.Schema;
import io.millrace.scheduler.exchange.Channel;
import io.millrace.scheduler.exchange.HashWriter;
import io.millrace.scheduler.exchange.Sender;
import java.util.List;

/**
 * Makes the parts of tasks on which order and completeness rest, so that a simulation can put broken ones in their
 * place.
 */
public class TaskParts {
    /** The parts as they are. */
    public static final TaskParts SOUND = new TaskParts();

    /** The producer's end of a channel. */
    public Sender sender(Channel channel) {
        return new Sender(channel);
    }

    /** The channels into a node. */
    public Inputs inputs(List<InputChannel> channels) {
        return new Inputs(channels);
    }

    /** A hash exchange's emitting end. */
    public HashWriter hashWriter(Sender[] senders, HashSettings settings, Schema schema, Allocator allocator) {
        return new HashWriter(
                senders, settings.keyColumns(), settings.keyGroups(), schema, settings.batchRows(), allocator);
    }

    /** What a hash exchange is told. */
    public record HashSettings(int[] keyColumns, int keyGroups, int batchRows) {}
}
