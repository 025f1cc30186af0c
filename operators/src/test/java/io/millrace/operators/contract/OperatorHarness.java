package io.millrace.operators.contract;

import io.millrace.connectors.api.BadRecord;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.memory.time.SimulatedClock;
import io.millrace.state.OperatorState;
import io.millrace.state.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Drives one task of an operator as a scheduler would, and keeps what it emits as objects. Optionally the output is
 * full every other time it is asked. Closing checks for leaks.
 */
public final class OperatorHarness implements AutoCloseable, OperatorContext, SideTables {
    /** A row with its weight. */
    public record Row(long weight, List<Object> values) {}

    private final Allocator root = Allocator.root(1L << 30);
    private final Allocator allocator = root.child("operator");
    private final SimulatedClock clock = new SimulatedClock(0);
    private final boolean bounded;
    private final boolean stutter;
    private final int batchRows;
    private final Emissions output = new Emissions();
    private final OperatorRun run;
    private final Operator operator;
    private final List<Row> rows = new ArrayList<>();
    private final List<List<Object>> late = new ArrayList<>();
    private boolean full;
    private long epoch;

    public OperatorHarness(OperatorSpec spec, boolean bounded, boolean stutter, int batchRows) {
        this.bounded = bounded;
        this.stutter = stutter;
        this.batchRows = batchRows;
        this.run = spec.start(new RunContext("job", spec.name(), bounded, 1, 0));
        this.operator = run.open(this);
    }

    /** For the batches of the test. */
    public Allocator root() {
        return root;
    }

    public void process(Batch batch) {
        operator.process(0, batch, output);
        drain();
    }

    public void watermark(long micros) {
        operator.advance(micros, output);
        drain();
    }

    public void epoch(boolean live) {
        operator.endEpoch(new EpochMarker(++epoch, 0, live), output);
        drain();
    }

    public void end() {
        watermark(Operator.END_OF_INPUT);
    }

    private void drain() {
        int idle = 0;
        while (operator.hasPending()) {
            idle = operator.resume(output) ? 0 : idle + 1;
            if (idle > 100) {
                throw new IllegalStateException("the operator gets nowhere");
            }
        }
    }

    /** What was emitted so far, in order. */
    public List<Row> rows() {
        return rows;
    }

    /** The rows that went to the side table of late ones. */
    public List<List<Object>> lateRows() {
        return late;
    }

    /** What was emitted, folded: how often each row is there now, rows that are not there left out. */
    public Map<List<Object>, Long> folded() {
        Map<List<Object>, Long> folded = new HashMap<>();
        for (Row row : rows) {
            folded.merge(row.values(), row.weight(), Long::sum);
        }
        folded.values().removeIf(count -> count == 0);
        return folded;
    }

    @Override
    public void late(String table, Batch batch) {
        try (batch) {
            late.addAll(batch.toRows());
        }
    }

    @Override
    public void bad(String table, BadRecord badRecord) {}

    @Override
    public String taskName() {
        return "test";
    }

    @Override
    public int taskIndex() {
        return 0;
    }

    @Override
    public int taskCount() {
        return 1;
    }

    @Override
    public boolean isBounded() {
        return bounded;
    }

    @Override
    public int keyGroups() {
        return 128;
    }

    @Override
    public KernelMode kernels() {
        return KernelMode.INTERPRETED;
    }

    @Override
    public SideTables sideTables() {
        return this;
    }

    @Override
    public Allocator allocator() {
        return allocator;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public IoThreads io() {
        return new IoThreads() {
            @Override
            public <T> IoTask<T> submit(String what, Callable<T> call) {
                return new Done<>(call);
            }
        };
    }

    @Override
    public int batchRows() {
        return batchRows;
    }

    @Override
    public void close() {
        operator.close();
        operator.close();
        run.close();
        allocator.close();
        root.close();
    }

    /** Keeps what is emitted. */
    private final class Emissions implements Output {
        @Override
        public boolean isFull() {
            full = stutter && !full;
            return full;
        }

        @Override
        public void emit(Batch batch) {
            try (batch) {
                List<List<Object>> values = batch.toRows();
                for (int i = 0; i < values.size(); i++) {
                    rows.add(new Row(batch.weight(batch.row(i)), values.get(i)));
                }
            }
        }

        @Override
        public void watermark(long watermarkMicros) {}
    }

    /** A call that ran at once. */
    private static final class Done<T> implements IoTask<T> {
        private T result;
        private MillraceException failure;

        Done(Callable<T> call) {
            try {
                result = call.call();
            } catch (Exception thrown) {
                failure = MillraceException.wrap(thrown);
            }
        }

        @Override
        public boolean isDone() {
            return true;
        }

        @Override
        public T result() {
            if (failure != null) {
                throw failure;
            }
            return result;
        }

        @Override
        public void cancel() {}
    }

    @Override
    public OperatorState state() {
        return TaskState.unkept(allocator);
    }
}
