package io.millrace.scheduler.job;

import io.millrace.connectors.api.IoThreads;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.time.Clock;
import io.millrace.operators.contract.KernelMode;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.SideTables;
import io.millrace.state.OperatorState;

/** What one operator is given. */
record TaskContext(
        Place place,
        Allocator allocator,
        Clock clock,
        IoThreads io,
        JobOptions options,
        SideTables sideTables,
        OperatorState state)
        implements OperatorContext {
    /** Which of a node's tasks it is. */
    record Place(String taskName, int taskIndex, int taskCount, boolean isBounded) {}

    @Override
    public String taskName() {
        return place.taskName();
    }

    @Override
    public int taskIndex() {
        return place.taskIndex();
    }

    @Override
    public int taskCount() {
        return place.taskCount();
    }

    @Override
    public boolean isBounded() {
        return place.isBounded();
    }

    @Override
    public int batchRows() {
        return options.batchRows();
    }

    @Override
    public int keyGroups() {
        return options.keyGroups();
    }

    @Override
    public KernelMode kernels() {
        return options.kernels();
    }
}
