package io.millrace.state.checkpoint;

import java.util.List;

/**
 * One operator in a checkpoint.
 *
 * @param id the same over all executions of a plan
 * @param name for people
 * @param fingerprint of what its state means; restoring asks for the same
 * @param tasks by index; key groups are dealt to them as {@link io.millrace.memory.hash.Hashing#ownerOf} says
 */
public record OperatorEntry(String id, String name, String fingerprint, List<TaskEntry> tasks) {
    public OperatorEntry {
        tasks = List.copyOf(tasks);
    }
}
