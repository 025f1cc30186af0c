package io.millrace.operators.contract;

import io.millrace.connectors.api.ReaderContext;
import io.millrace.state.OperatorState;

/** What the runtime gives an operator; lives as long as its task. */
public interface OperatorContext extends ReaderContext {
    /** For messages: job, node and task. */
    String taskName();

    int taskIndex();

    int taskCount();

    /** Whether all inputs end by themselves, so that final results alone are wanted. */
    boolean isBounded();

    /** How many key groups keyed state has. */
    int keyGroups();

    KernelMode kernels();

    /** What the operator keeps, by name; it asks while it is opened. */
    OperatorState state();

    SideTables sideTables();
}
