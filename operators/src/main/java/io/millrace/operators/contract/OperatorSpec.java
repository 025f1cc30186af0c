package io.millrace.operators.contract;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.Schema;

/** An operator as the plan has it: immutable, and enough to make one. A record in the operator's own package. */
public interface OperatorSpec {
    /** One word for EXPLAIN: {@code Scan}, {@code Calc}, {@code HashAggregate} … */
    String name();

    /** What distinguishes it in EXPLAIN: predicates, keys, aggregates. */
    String describe();

    Schema outputSchema();

    /** What changes its output carries. */
    ChangelogKind changelogKind();

    /** Begins an execution. May block; called on no worker. */
    OperatorRun start(RunContext context);
}
