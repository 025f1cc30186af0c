package io.millrace.scheduler.testing;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.Output;
import io.millrace.operators.contract.RunContext;
import io.millrace.operators.contract.SourceOperator;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/**
 * A source of numbered rows, from 0; task i of n makes those that leave i when divided by n.
 *
 * @param rows how many; {@link Long#MAX_VALUE} for no end
 * @param usesIo whether it is idle only while it waits for I/O; otherwise it is for no reason, and must be polled again
 * @param seed of batch sizes, pauses and when I/O is waited for
 */
public record Numbers(long rows, int keys, int maxBatchRows, boolean usesIo, long seed, Cuts cuts)
        implements OperatorSpec {
    /** Which row each task would have made next at each marker. Thread-safe. */
    public static final class Cuts {
        private final Map<Long, Map<Integer, Long>> nextByEpochAndTask = new TreeMap<>();

        synchronized void add(long epoch, int task, long next) {
            nextByEpochAndTask.computeIfAbsent(epoch, first -> new TreeMap<>()).put(task, next);
        }

        /** The rows that were made before a marker, given how many there are; a task that took none had ended. */
        public synchronized LongPredicate before(long epoch, int tasks) {
            Map<Integer, Long> next = nextByEpochAndTask.getOrDefault(epoch, Map.of());
            return number -> number < next.getOrDefault((int) (number % tasks), Long.MAX_VALUE);
        }
    }

    public Numbers(long rows, int keys, int maxBatchRows, boolean usesIo, long seed) {
        this(rows, keys, maxBatchRows, usesIo, seed, new Cuts());
    }

    @Override
    public String name() {
        return "Numbers";
    }

    @Override
    public String describe() {
        return rows + " rows";
    }

    @Override
    public Schema outputSchema() {
        return TestRows.SCHEMA;
    }

    @Override
    public ChangelogKind changelogKind() {
        return ChangelogKind.APPEND;
    }

    @Override
    public OperatorRun start(RunContext context) {
        AtomicLong read = new AtomicLong();
        return new OperatorRun() {
            private volatile boolean drained;

            @Override
            public Operator open(OperatorContext opened) {
                return new Reader(opened, read, () -> drained);
            }

            @Override
            public void drain() {
                drained = true;
            }

            @Override
            public Optional<SourceProgress> progress() {
                return Optional.of(new SourceProgress(read.get(), rows, 0, -1, rows == Long.MAX_VALUE));
            }
        };
    }

    private final class Reader implements SourceOperator {
        private final OperatorContext context;
        private final AtomicLong read;
        private final java.util.function.BooleanSupplier drained;
        private final SplittableRandom random;
        private final BatchBuilder builder;
        private IoTask<Long> io;
        private long next;
        private long epoch;

        Reader(OperatorContext context, AtomicLong read, java.util.function.BooleanSupplier drained) {
            this.context = context;
            this.read = read;
            this.drained = drained;
            this.random = new SplittableRandom(seed + context.taskIndex());
            this.builder = new BatchBuilder(context.allocator(), TestRows.SCHEMA, maxBatchRows);
            this.next = context.taskIndex();
        }

        @Override
        public Poll poll(Output output) {
            if (io != null) {
                if (!io.isDone()) {
                    return Poll.IDLE;
                }
                if (io.result() != next) {
                    throw new AssertionError("I/O gave " + io.result() + " instead of " + next);
                }
                io = null;
            } else if (usesIo && random.nextInt(4) == 0) {
                long answer = next;
                io = context.io().submit("read from " + next, () -> answer);
                return Poll.IDLE;
            } else if (!usesIo && random.nextInt(8) == 0) {
                return Poll.IDLE;
            }
            if (next >= rows || drained.getAsBoolean()) {
                return Poll.FINISHED;
            }
            emit(output);
            if (next < rows && random.nextBoolean()) {
                emit(output);
            }
            return Poll.ACTIVE;
        }

        private void emit(Output output) {
            int count = 1 + random.nextInt(maxBatchRows);
            int made = 0;
            for (; made < count && next < rows; made++, next += context.taskCount()) {
                builder.column(TestRows.KEY).appendLong(TestRows.key(next, keys));
                builder.column(TestRows.NUMBER).appendLong(next);
                builder.column(TestRows.TIME).appendLong(TestRows.time(next));
            }
            read.addAndGet(made);
            output.emit(builder.build());
            if (random.nextBoolean()) {
                output.watermark(TestRows.watermarkBefore(next));
            }
        }

        @Override
        public void endEpoch(EpochMarker marker, Output output) {
            if (marker.epoch() != epoch + 1) {
                throw new AssertionError(context.taskName() + ": epoch " + marker.epoch() + " after " + epoch);
            }
            epoch = marker.epoch();
            cuts.add(epoch, context.taskIndex(), next);
        }

        @Override
        public void close() {
            if (io != null) {
                io.cancel();
            }
            builder.close();
        }
    }
}
