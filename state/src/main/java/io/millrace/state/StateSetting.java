package io.millrace.state;

import io.millrace.memory.buffer.Allocator;
import io.millrace.state.checkpoint.StateFiles;
import io.millrace.state.checkpoint.TaskEntry;
import io.millrace.state.tier.StateTier;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Where the state of one operator in one task lives.
 *
 * @param name of job, operator and task, for messages
 * @param allocator of the task
 * @param files where snapshots go and come from
 * @param io runs what may block
 * @param keyGroups into which keys are divided
 * @param taskIndex which of the operator's tasks it is
 * @param taskCount how many there are
 * @param tier where tables go that outgrow memory; null for nowhere
 * @param restored all tasks of the operator as the checkpoint to go on from has them, however many there were; empty
 *     for none
 * @param change what became of the operator's keys and values since; null for nothing
 */
public record StateSetting(
        String name,
        Allocator allocator,
        StateFiles files,
        Executor io,
        int keyGroups,
        int taskIndex,
        int taskCount,
        StateTier tier,
        List<TaskEntry> restored,
        StateChange change) {
    public StateSetting {
        restored = List.copyOf(restored);
    }

    /** The state of an operator that is what it was. */
    public StateSetting(
            String name,
            Allocator allocator,
            StateFiles files,
            Executor io,
            int keyGroups,
            int taskIndex,
            int taskCount,
            StateTier tier,
            List<TaskEntry> restored) {
        this(name, allocator, files, io, keyGroups, taskIndex, taskCount, tier, restored, null);
    }
}
