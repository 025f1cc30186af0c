package io.millrace.state;

import io.millrace.memory.buffer.Allocator;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.tier.StateTier;
import io.millrace.state.tier.TaskTiers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * What the runtime sees of an operator's state. Its methods are called by whoever drives the task, a barrier at a time:
 *
 * <pre>
 *   begin      at the barrier: marks what there is; takes no longer for many rows than for few
 *   copy       again and again afterwards, until it says that all is copied: some rows at a time
 *   result     done when the copies are durable
 * </pre>
 */
public interface TaskState extends OperatorState, AutoCloseable {
    /** State that is never kept: for jobs without checkpoints. */
    static TaskState unkept(Allocator allocator) {
        return new UnkeptState(allocator, null);
    }

    /**
     * State that is never kept, whose tables may outgrow memory.
     *
     * @param io runs what may block, and wakes the worker afterwards
     */
    static TaskState unkept(Allocator allocator, StateTier tier, Executor io) {
        return new UnkeptState(allocator, new TaskTiers(tier, allocator, io));
    }

    /**
     * State that checkpoints keep; reads what is restored, so it blocks, as do the methods of {@link OperatorState}.
     */
    static TaskState kept(StateSetting setting) {
        return new KeptState(setting);
    }

    /** How many runs, of rows that were not in memory, a state in a checkpoint has. */
    static int runsOf(StateEntry entry) {
        return SectionList.hasRuns(entry) ? SectionList.runsOf(entry).size() : 0;
    }

    /** Marks the state as it is now as that of a checkpoint, and says when it is written. Never while one is copied. */
    CompletableFuture<List<StateEntry>> begin(long checkpoint);

    /** What is registered, as it is now; the tables are not looked at. How a source that has ended is kept. */
    List<StateEntry> values();

    /** Whether there is something to {@link #copy}. */
    boolean isCopying();

    /**
     * Copies about this many bytes of what was marked and is not copied yet; none while much of it waits to be written.
     * Returns whether it got on.
     */
    boolean copy(int maxBytes);

    /** Bytes of rows and keys it holds, off-heap. */
    long heldBytes();

    /**
     * Begins to close: ends what is being copied, and drops what waits to be written. Does not wait, and is called
     * again until {@link #close} need not wait either; the executor wakes whoever drives the task when that may be.
     *
     * @return whether nothing is being written any more
     */
    boolean stop();

    /**
     * Ends what is being copied, which fails its result; tables are closed by whoever asked for them, before this when
     * the copy is still wanted. Waits for a write that runs. Idempotent.
     */
    @Override
    void close();
}
