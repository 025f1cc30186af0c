package io.millrace.state.checkpoint;

import java.util.List;

/**
 * One operator in a checkpoint.
 *
 * @param id the same over all executions, also of edited scripts, for as long as its state is kept
 * @param name for people
 * @param meaning of its state; restoring asks for the same, or for what can be made of it
 * @param tasks by index; key groups are dealt to them as {@link io.millrace.memory.hash.Hashing#ownerOf} says
 */
public record OperatorEntry(String id, String name, StateMeaning meaning, List<TaskEntry> tasks) {
    public OperatorEntry {
        tasks = List.copyOf(tasks);
    }

    /** What its state means, in words. */
    public String fingerprint() {
        return meaning.text();
    }
}
