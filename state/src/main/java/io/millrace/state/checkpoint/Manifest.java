package io.millrace.state.checkpoint;

import java.util.List;
import java.util.stream.Stream;

/**
 * What makes files one checkpoint. The format's version is the store's business.
 *
 * @param job names the job for as long as its state lives
 * @param checkpoint rises by at least one from each checkpoint of the job to the next, over all executions
 * @param incarnation of the job that wrote it
 * @param createdMillis wall clock, for people
 * @param engineVersion that wrote it
 * @param keyGroups into which keys are divided, for the life of the state
 * @param script the SQL that the job runs
 * @param plan the operators that run it, in words of the planner; empty when it is planned at each start
 * @param finished whether the job had ended: all its input was read
 * @param operators all that keep anything
 */
public record Manifest(
        String job,
        long checkpoint,
        long incarnation,
        long createdMillis,
        String engineVersion,
        int keyGroups,
        String script,
        String plan,
        boolean finished,
        List<OperatorEntry> operators) {
    public Manifest {
        operators = List.copyOf(operators);
    }

    /** All files it refers to; one may come more than once. */
    public Stream<CheckpointFile> files() {
        return operators.stream()
                .flatMap(operator -> operator.tasks().stream())
                .flatMap(task ->
                        Stream.concat(
                                task.states().stream().flatMap(state -> state.files().stream()),
                                task.prepared().stream().flatMap(prepared -> prepared.files().stream())));
    }
}
