package io.millrace.scheduler.task;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.Output;
import io.millrace.scheduler.exchange.Channel;
import io.millrace.scheduler.exchange.EdgeWriter;
import io.millrace.scheduler.exchange.Watermark;

/** Where a node's operator emits: a queue to the next node of the task, or the edges that leave the task. */
final class NodeOutput implements Output {
    private final Channel local;
    private final EdgeWriter[] writers;
    private final NodeCounters counters;
    private long emissions;
    private long watermarkMicros = Long.MIN_VALUE;
    private boolean ended;

    private NodeOutput(Channel local, EdgeWriter[] writers, NodeCounters counters) {
        this.local = local;
        this.writers = writers;
        this.counters = counters;
    }

    static NodeOutput toNext(Channel local, NodeCounters counters) {
        return new NodeOutput(local, new EdgeWriter[0], counters);
    }

    static NodeOutput toEdges(EdgeWriter[] writers, NodeCounters counters) {
        return new NodeOutput(null, writers, counters);
    }

    @Override
    public boolean isFull() {
        if (local != null) {
            return !local.hasRoom();
        }
        for (EdgeWriter writer : writers) {
            if (writer.isFull()) {
                return true;
            }
        }
        return false;
    }

    /** Whether everything that reads this has said that it wants no more. */
    boolean isAbandoned() {
        if (local != null) {
            return local.isAbandoned();
        }
        for (EdgeWriter writer : writers) {
            if (!writer.isAbandoned()) {
                return false;
            }
        }
        return writers.length > 0;
    }

    @Override
    public void emit(Batch batch) {
        int rows = batch.activeCount();
        if (rows == 0) {
            batch.close();
            return;
        }
        if (ended) {
            batch.close();
            throw MillraceException.internal("a batch after the end of input");
        }
        emissions++;
        counters.emitted(rows);
        if (local != null) {
            local.offer(batch);
            return;
        }
        if (writers.length == 1) {
            writers[0].write(batch);
        } else {
            emitShared(batch);
        }
    }

    private void emitShared(Batch batch) {
        try (batch) {
            for (EdgeWriter writer : writers) {
                writer.write(batch.share());
            }
        }
    }

    @Override
    public void watermark(long newWatermarkMicros) {
        if (newWatermarkMicros <= watermarkMicros) {
            throw MillraceException.internal(
                    "expected a watermark after " + watermarkMicros + ", found " + newWatermarkMicros);
        }
        watermarkMicros = newWatermarkMicros;
        if (newWatermarkMicros != Operator.END_OF_INPUT) {
            counters.watermark(newWatermarkMicros);
            control(new Watermark(newWatermarkMicros));
        }
    }

    /** Forwards control after all that was emitted. */
    void control(Object item) {
        emissions++;
        if (item instanceof Watermark watermark && watermark.isEnd()) {
            ended = true;
        }
        if (local != null) {
            local.offer(item);
        }
        for (EdgeWriter writer : writers) {
            writer.control(item);
        }
    }

    /** Rises with all that is emitted. */
    long emissions() {
        return emissions;
    }
}
