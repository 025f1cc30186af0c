package io.millrace.scheduler.testing;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.Output;
import io.millrace.operators.contract.RunContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sink that waits for I/O after every {@code batchesPerIo} batches and at each epoch, and remembers what it got by
 * weight.
 */
public record Collect(Result result, Schema outputSchema, boolean timed, int batchesPerIo) implements OperatorSpec {
    /** What came of a run: the rows by weight, and what was called. Thread-safe. */
    public static final class Result {
        private final Map<String, Long> weights = new TreeMap<>();
        private final Map<Long, Map<String, Long>> rowsByEpoch = new TreeMap<>();
        private int completed;
        private int aborted;
        private int closed;

        synchronized void add(List<Object> row, long weight) {
            weights.merge(row.toString(), weight, (a, b) -> a + b == 0 ? null : a + b);
        }

        synchronized void endEpoch(long epoch) {
            rowsByEpoch.put(epoch, new TreeMap<>(weights));
        }

        /** The rows there were at each marker; only of a sink with one task. */
        public synchronized Map<Long, Map<String, Long>> rowsByEpoch() {
            return new TreeMap<>(rowsByEpoch);
        }

        synchronized void called(int complete, int abort, int close) {
            completed += complete;
            aborted += abort;
            closed += close;
        }

        /** Rows by weight; those that cancel out are left out. */
        public synchronized Map<String, Long> rows() {
            return new TreeMap<>(weights);
        }

        public synchronized int completed() {
            return completed;
        }

        public synchronized int aborted() {
            return aborted;
        }

        public synchronized int closed() {
            return closed;
        }
    }

    @Override
    public String name() {
        return "Collect";
    }

    @Override
    public String describe() {
        return "";
    }

    @Override
    public ChangelogKind changelogKind() {
        return ChangelogKind.RETRACT;
    }

    @Override
    public OperatorRun start(RunContext context) {
        return new OperatorRun() {
            @Override
            public Operator open(OperatorContext opened) {
                return new Writer(opened);
            }

            @Override
            public void commit(long checkpoint, List<Prepared> prepared) {
                result.called(1, 0, 0);
            }

            @Override
            public void abort() {
                result.called(0, 1, 0);
            }

            @Override
            public void close() {
                result.called(0, 0, 1);
            }
        };
    }

    private final class Writer implements Operator {
        private final OperatorContext context;
        private final InputChecks checks;
        private int batches;
        private IoTask<Boolean> io;

        Writer(OperatorContext context) {
            this.context = context;
            this.checks = new InputChecks(context, timed);
        }

        @Override
        public void process(int input, Batch batch, Output output) {
            checks.batch(this, batch);
            for (int i = 0; i < batch.activeCount(); i++) {
                int row = batch.row(i);
                List<Object> values = new java.util.ArrayList<>();
                for (int column = 0; column < batch.columnCount(); column++) {
                    values.add(batch.column(column).getObject(row));
                }
                result.add(values, batch.weight(row));
            }
            batch.close();
            if (++batches % batchesPerIo == 0) {
                io = context.io().submit("write", () -> true);
            }
        }

        @Override
        public boolean hasPending() {
            return io != null;
        }

        @Override
        public boolean resume(Output output) {
            if (!io.isDone()) {
                return false;
            }
            io.result();
            io = null;
            return true;
        }

        @Override
        public void advance(long watermarkMicros, Output output) {
            checks.watermark(this, watermarkMicros);
            if (watermarkMicros == END_OF_INPUT) {
                io = context.io().submit("prepare", () -> true);
            }
        }

        @Override
        public void endEpoch(EpochMarker marker, Output output) {
            checks.marker(this, marker);
            if (context.taskCount() == 1) {
                result.endEpoch(marker.epoch());
            }
            if (batchesPerIo < Integer.MAX_VALUE) {
                io = context.io().submit("fsync", () -> true);
            }
        }

        @Override
        public void close() {
            checks.close();
            if (io != null) {
                io.cancel();
            }
        }
    }
}
