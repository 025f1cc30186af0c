package io.millrace.state.tier;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.StateFiles;
import io.millrace.state.table.CodedTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The tiers of the state of one task. Its worker asks for them and closes them. */
public final class TaskTiers implements AutoCloseable {
    /** As an entry's key has them. */
    private static final long MAX_NUMBER = Integer.toUnsignedLong(-1);

    private final StateTier tier;
    private final Allocator allocator;
    private final TierQueue queue;

    /** What gives runs to checkpoints, beside the other: reading a large one, and having it on the disk, takes long. */
    private final TierQueue copier;

    private final List<Tier> tiers = Collections.synchronizedList(new ArrayList<>());
    private final List<CompletableFuture<Void>> copies = new ArrayList<>();

    private final List<RunFiles.Check> checks = new CopyOnWriteArrayList<>();

    /** What a checkpoint waits for: that what was restored is known to be right. */
    private CompletableFuture<Void> checked = CompletableFuture.completedFuture(null);

    private volatile boolean closed;

    /** Guards the column and the numbers. */
    private final Object guard = new Object();

    private StateTier.Column column;
    private long nextNumber = 1;

    /** Those of restored runs, while none is written. */
    private final Set<Long> numbers = new HashSet<>();

    private boolean restoring = true;

    /**
     * Those of a task.
     *
     * @param io runs what blocks, and wakes the worker afterwards
     */
    public TaskTiers(StateTier tier, Allocator allocator, Executor io) {
        this.tier = tier;
        this.allocator = allocator;
        this.queue = new TierQueue(io, this::explain);
        this.copier = new TierQueue(io, this::explain);
    }

    /**
     * The tier of a table, empty.
     *
     * @param name of the table, for messages
     * @param twins makes tables of the same rows, which no checkpoint keeps; called on any thread
     * @param lookedUp whether single keys will be looked up, not just all of them read
     */
    public TableTier table(String name, Supplier<CodedTable> twins, boolean lookedUp) {
        TableTier table = new TableTier(this, name, twins, lookedUp);
        tiers.add(table);
        return table;
    }

    /**
     * What of some rows is not in memory, empty.
     *
     * @param name of the rows, for messages
     * @param weighted whether they come and go
     * @param order in which they will be read
     * @param limit how many will be wanted at the most, of rows that only come
     */
    public RowTier rows(String name, Schema schema, boolean weighted, RowOrder order, long limit) {
        RowTier rows = new RowTier(this, name, schema, weighted, order, limit);
        tiers.add(rows);
        return rows;
    }

    StateTier tier() {
        return tier;
    }

    Allocator allocator() {
        return allocator;
    }

    TierQueue queue() {
        return queue;
    }

    /** A number for a run. */
    long newNumber() {
        synchronized (guard) {
            restoring = false;
            return nextNumber++;
        }
    }

    /**
     * Has restored runs keep their numbers; false, and nothing is done, when they may be those of other runs, as they
     * may when one was written already.
     */
    boolean claim(List<Long> restored) {
        synchronized (guard) {
            boolean free =
                    restoring
                            && new HashSet<>(restored).size() == restored.size()
                            && Collections.disjoint(numbers, restored)
                            && Collections.max(restored) < MAX_NUMBER;
            if (free) {
                numbers.addAll(restored);
                nextNumber = Math.max(nextNumber, Collections.max(restored) + 1);
            }
            return free;
        }
    }

    /** What the runs are ingested into, made if need be; on an I/O thread, or before there is any. */
    StateTier.Column column() {
        synchronized (guard) {
            if (column == null) {
                column = tier.createColumn();
            }
            return column;
        }
    }

    /** Forgets runs of a table that is done with, or of which another took the place. */
    void remove(List<TierRun> runs) {
        StateTier.Column from;
        synchronized (guard) {
            from = column;
        }
        if (from != null && !closed) {
            tier.remove(from, runs);
        }
    }

    /** A tier is done with. */
    void dropped(Tier done) {
        tiers.remove(done);
    }

    /** Fails with what failed on an I/O thread, if anything did. */
    public void check() {
        queue.check();
    }

    /** A file of which the checksum has not been compared. */
    RunFiles.Check newCheck(CheckpointFile file, StateFiles files) {
        RunFiles.Check check = new RunFiles.Check(file, files);
        checks.add(check);
        return check;
    }

    /**
     * Has a checksum compared, beside what else is done. RocksDB compares those of the blocks that it reads; that of
     * the file covers all, and what is wrong fails the task before the next checkpoint is there.
     */
    void begin(RunFiles.Check check) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        checked = CompletableFuture.allOf(checked, done);
        copies.add(done);
        queue.submitBackground(() -> {
            try {
                if (check.step()) {
                    return true;
                }
                check.close();
                done.complete(null);
                return false;
            } catch (MillraceException failure) {
                MillraceException explained = explain(failure);
                done.completeExceptionally(explained);
                throw explained;
            }
        });
    }

    /**
     * What a failure means: when a file is damaged that was not wholly read yet, it is that, and where to go back to.
     */
    MillraceException explain(MillraceException failure) {
        if (failure.code() != ErrorCode.CORRUPT_DATA || failure.help() != null) {
            return failure;
        }
        for (RunFiles.Check check : checks) {
            MillraceException damage = check.damage();
            if (damage != null) {
                if (damage != failure) {
                    damage.addSuppressed(failure);
                }
                return damage;
            }
        }
        return failure;
    }

    /**
     * Copies runs for a checkpoint, those that were not copied yet; done when all are durable, and those restored
     * right.
     *
     * @param runs as {@link Tier#retainedRuns} gave them; they are released when they are copied
     */
    public CompletableFuture<Void> copy(List<TierRun> runs, StateFiles files) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        copies.removeIf(CompletableFuture::isDone);
        copies.add(done);
        // They are written when this is reached.
        queue.submit(() -> copier.submit(() -> copy(runs, files, done)));
        return CompletableFuture.allOf(done, checked);
    }

    private void copy(List<TierRun> runs, StateFiles files, CompletableFuture<Void> done) {
        try {
            queue.check();
            for (TierRun run : runs) {
                if (run.stored() == null) {
                    RunFiles.copyOut(run, files);
                    tier.statistics().copied(run.lengthBytes());
                }
            }
            runs.forEach(TierRun::release);
            done.complete(null);
        } catch (Throwable failed) {
            runs.forEach(TierRun::release);
            done.completeExceptionally(MillraceException.wrap(failed));
        }
    }

    /** Drops what was not begun; whether nothing runs, so that {@link #close} does not wait. */
    public boolean stop() {
        boolean isIdle = queue.stop();
        return copier.stop() && isIdle;
    }

    /** Drops all, waits for what runs, and frees everything. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        queue.close();
        copier.close();
        MillraceException cancelled =
                new MillraceException(ErrorCode.CANCELLED, "the task ended before its checkpoint");
        copies.forEach(copy -> copy.completeExceptionally(cancelled));
        copies.clear();
        checks.forEach(RunFiles.Check::close);
        List.copyOf(tiers).forEach(Tier::free);
        tiers.clear();
        if (column != null) {
            tier.drop(column);
            column = null;
        }
    }
}
