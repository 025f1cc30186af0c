package io.millrace.operators.contract;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.SimulatedClock;
import io.millrace.state.OperatorState;
import io.millrace.state.TaskState;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;

/**
 * A context for one operator in a test: its own memory, a clock that stands still, and I/O that runs when the test says
 * {@link #runIo}. Closing it checks for leaks.
 */
public final class TestContext implements OperatorContext, AutoCloseable {
    private final Allocator root;
    private final SimulatedClock clock = new SimulatedClock(1_700_000_000_000_000L);
    private final Queue<Task<?>> io = new ArrayDeque<>();
    private final java.util.List<MillraceException> ioFailures = new java.util.ArrayList<>();
    private final int batchRows;
    private final KernelMode kernels;
    private int taskIndex;
    private int taskCount = 1;
    private OperatorState state;
    private boolean bounded = true;
    private SideTables sideTables = SideTables.NONE;

    public TestContext(int batchRows, KernelMode kernels) {
        this(Allocator.root(256L << 20), batchRows, kernels);
    }

    public TestContext(Allocator root, int batchRows, KernelMode kernels) {
        this.root = root;
        this.batchRows = batchRows;
        this.kernels = kernels;
    }

    /** The state that the operator is opened with; its own, kept nowhere, unless this is called. */
    public TestContext state(OperatorState newState) {
        state = newState;
        return this;
    }

    @Override
    public OperatorState state() {
        return state == null ? TaskState.unkept(root) : state;
    }

    /** Makes this the context of a job whose inputs end by themselves, as it is, or of one whose do not. */
    public TestContext bounded(boolean newBounded) {
        bounded = newBounded;
        return this;
    }

    /** Where late and bad rows go; nowhere, unless this is called. */
    public TestContext sideTables(SideTables newSideTables) {
        sideTables = newSideTables;
        return this;
    }

    /** Makes this the context of another task of the same operator. */
    public TestContext task(int index, int count) {
        taskIndex = index;
        taskCount = count;
        return this;
    }

    private static final class Task<T> implements IoTask<T> {
        private final Callable<T> call;
        private boolean done;
        private T result;
        private MillraceException failure;

        Task(Callable<T> call) {
            this.call = call;
        }

        void run() {
            try {
                result = call.call();
            } catch (Exception e) {
                failure = MillraceException.wrap(e);
            }
            done = true;
        }

        @Override
        public boolean isDone() {
            return done;
        }

        @Override
        public T result() {
            if (!done) {
                throw MillraceException.internal("the result of a task that is not done");
            }
            if (failure != null) {
                throw failure;
            }
            return result;
        }

        @Override
        public void cancel() {
            done = true;
        }
    }

    /** What I/O calls failed with so far. */
    public java.util.List<MillraceException> ioFailures() {
        return ioFailures;
    }

    /** Runs what was submitted, on this thread; returns whether there was anything. */
    public boolean runIo() {
        boolean any = false;
        for (Task<?> task = io.poll(); task != null; task = io.poll()) {
            task.run();
            if (task.failure != null) {
                ioFailures.add(task.failure);
            }
            any = true;
        }
        return any;
    }

    @Override
    public Allocator allocator() {
        return root;
    }

    @Override
    public SimulatedClock clock() {
        return clock;
    }

    @Override
    public IoThreads io() {
        return new IoThreads() {
            @Override
            public <T> IoTask<T> submit(String what, Callable<T> call) {
                Task<T> task = new Task<>(call);
                io.add(task);
                return task;
            }
        };
    }

    @Override
    public int batchRows() {
        return batchRows;
    }

    @Override
    public String taskName() {
        return "test";
    }

    @Override
    public int taskIndex() {
        return taskIndex;
    }

    @Override
    public int taskCount() {
        return taskCount;
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
        return kernels;
    }

    @Override
    public SideTables sideTables() {
        return sideTables;
    }

    @Override
    public void close() {
        root.close();
    }
}
