package io.millrace.benchmarks.expression;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.operators.contract.KernelMode;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.SideTables;
import io.millrace.state.OperatorState;
import io.millrace.state.TaskState;
import java.util.concurrent.Callable;

/** The context of one operator on this thread; what it submits is done at once. */
record BenchmarkContext(Allocator allocator, KernelMode kernels, int batchRows) implements OperatorContext {
    private record Done<T>(T result) implements IoTask<T> {
        @Override
        public boolean isDone() {
            return true;
        }

        @Override
        public void cancel() {}
    }

    @Override
    public Clock clock() {
        return Clock.system();
    }

    @Override
    public IoThreads io() {
        return new IoThreads() {
            @Override
            public <T> IoTask<T> submit(String what, Callable<T> call) {
                try {
                    return new Done<>(call.call());
                } catch (Exception failure) {
                    throw MillraceException.wrap(failure);
                }
            }
        };
    }

    @Override
    public String taskName() {
        return "benchmark";
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
        return true;
    }

    @Override
    public int keyGroups() {
        return 128;
    }

    @Override
    public SideTables sideTables() {
        return SideTables.NONE;
    }

    @Override
    public OperatorState state() {
        return TaskState.unkept(allocator);
    }
}
