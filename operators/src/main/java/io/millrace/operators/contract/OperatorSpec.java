package io.millrace.operators.contract;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.Schema;
import io.millrace.state.checkpoint.StateMeaning;
import java.util.List;

/** An operator as the plan has it: immutable, and enough to make one. A record in the operator's own package. */
public interface OperatorSpec {
    /** One word for EXPLAIN: {@code Scan}, {@code Calc}, {@code HashAggregate} … */
    String name();

    /** What distinguishes it in EXPLAIN: predicates, keys, aggregates. */
    String describe();

    Schema outputSchema();

    /** What changes its output carries. */
    ChangelogKind changelogKind();

    /** What its output is, given what its input is: {@link Meaning#union} of each of its inputs, in order. */
    default Meaning meaning(List<Meaning> inputs) {
        return new Meaning(
                name() + " " + describe() + " of " + inputs,
                outputSchema().fields().stream().map(field -> field.name()).toList());
    }

    /**
     * What its state means, the same for states that may take each other's place; without words when it keeps none. Of
     * a source: the table, whatever it reads of it.
     */
    default StateMeaning stateMeaning(List<Meaning> inputs) {
        return StateMeaning.of("");
    }

    /** Whether what it emits depends on rows that it was given before, so that it cannot begin in the middle. */
    default boolean keepsState() {
        return true;
    }

    /** Begins an execution. May block; called on no worker. */
    OperatorRun start(RunContext context);
}
