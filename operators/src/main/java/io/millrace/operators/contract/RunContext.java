package io.millrace.operators.contract;

import io.millrace.connectors.api.SinkCheckpoints;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.checkpoint.TaskEntry;
import java.util.List;

/**
 * What an execution of one node is told before its tasks open.
 *
 * @param operatorId names the node over all executions of its job
 * @param bounded whether all the inputs end by themselves, so that final results alone are wanted
 * @param taskCount the node's parallelism
 * @param keyGroups into which keys are divided
 * @param idleTimeoutNanos after which an idle source split no longer holds the watermark; 0 for never
 * @param restored the node's tasks in the checkpoint that the job goes on from; empty for none
 * @param checkpoints for sinks; null when the job takes none
 */
public record RunContext(
        String jobName,
        String nodeName,
        String operatorId,
        boolean bounded,
        int taskCount,
        int keyGroups,
        long idleTimeoutNanos,
        List<TaskEntry> restored,
        SinkCheckpoints checkpoints) {
    public RunContext {
        restored = List.copyOf(restored);
    }

    /** Of a job that takes no checkpoints. */
    public RunContext(String jobName, String nodeName, boolean bounded, int taskCount, long idleTimeoutNanos) {
        this(jobName, nodeName, nodeName, bounded, taskCount, 128, idleTimeoutNanos, List.of(), null);
    }

    /** What the tasks had registered by this name, task 0 first. */
    public List<byte[]> restoredValues(String name) {
        return restored.stream()
                .flatMap(task -> task.states().stream())
                .filter(state -> state.kind() == StateEntry.Kind.VALUE && state.name().equals(name))
                .map(StateEntry::inline)
                .toList();
    }
}
