package io.millrace.scheduler.checkpoint;

import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.OperatorEntry;
import io.millrace.state.checkpoint.TaskEntry;
import java.util.List;

/**
 * That a job takes checkpoints, and which it goes on from.
 *
 * @param job names the job over all its executions
 * @param incarnation of this execution
 * @param log where they go
 * @param operators what names each node over all executions, and what its state means, by node
 * @param header what a manifest says besides: its operators, number and time are not looked at
 * @param restored the checkpoint to go on from; null for none
 */
public record Checkpointing(
        String job, long incarnation, CheckpointLog log, List<Identity> operators, Manifest header, Manifest restored) {
    /** Of one node. */
    public record Identity(String id, String name, String fingerprint) {}

    public Checkpointing {
        operators = List.copyOf(operators);
    }

    /** The tasks of a node in the checkpoint to go on from; empty when there are none. */
    public List<TaskEntry> restored(int node) {
        if (restored == null) {
            return List.of();
        }
        String id = operators.get(node).id();
        for (OperatorEntry operator : restored.operators()) {
            if (operator.id().equals(id)) {
                return operator.tasks();
            }
        }
        return List.of();
    }

    /** The checkpoint to go on from, 0 for none. */
    public long restoredCheckpoint() {
        return restored == null ? 0 : restored.checkpoint();
    }
}
