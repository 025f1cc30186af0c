package io.millrace.scheduler.job;

import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.SinkCheckpoints;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.RunContext;
import io.millrace.operators.contract.SideTables;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.checkpoint.CheckpointCoordinator;
import io.millrace.scheduler.checkpoint.CheckpointStatistics;
import io.millrace.scheduler.checkpoint.Checkpointing;
import io.millrace.scheduler.checkpoint.FinalCommit;
import io.millrace.scheduler.checkpoint.SinkFiles;
import io.millrace.scheduler.checkpoint.TaskSnapshots;
import io.millrace.scheduler.epoch.EpochCoordinator;
import io.millrace.scheduler.task.NodeCounters;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskOwner;
import io.millrace.scheduler.task.TaskParts;
import io.millrace.scheduler.task.TaskWiring;
import io.millrace.state.StateSetting;
import io.millrace.state.TaskState;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.TaskEntry;
import io.millrace.state.lock.StateDirectory;
import io.millrace.state.tier.StateTier;
import io.millrace.state.tier.TierStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A job without its threads: {@link #start} makes the tasks, someone steps them while someone calls {@link #supervise},
 * and once {@link #tasksHaveStopped} {@link #finish} brings it to a terminal state. The scheduler does so with threads,
 * a simulation on one. {@code start}, {@code supervise} and {@code finish} are one thread's and may block; what tasks
 * call and what is asked of it is thread-safe.
 */
public final class JobExecution implements TaskOwner {
    /** What a job is given to live in. */
    public record Setting(Allocator allocator, Clock clock, TaskParts parts, Host host, OperatorOpener opener) {}

    /**
     * What a job is.
     *
     * @param checkpointing null when it takes no checkpoints
     * @param spill a directory of its own, which need not be there, for state that outgrows memory; null for none
     */
    public record Order(
            String name,
            OperatorGraph graph,
            JobOptions options,
            SideTables sideTables,
            EpochListener listener,
            Checkpointing checkpointing,
            Path spill) {
        /** A job whose state must fit in memory. */
        public Order(
                String name,
                OperatorGraph graph,
                JobOptions options,
                SideTables sideTables,
                EpochListener listener,
                Checkpointing checkpointing) {
            this(name, graph, options, sideTables, listener, checkpointing, null);
        }
    }

    /** Where tasks run. */
    public interface Host {
        /** The I/O threads for a task that would best run at this place; what ends there wakes that task's worker. */
        IoThreads io(TaskWiring.Slot slot);

        /**
         * Waits until no I/O call of the job is queued or running, and fails when that does not come; on the
         * supervising thread.
         */
        void awaitIo();

        /** Waits, on the supervising thread, until this holds; it is told when to look. */
        void await(BooleanSupplier done);

        /** Something happened that {@link #supervise} wants to know. */
        void wakeSupervisor();
    }

    /** Opens the operators; a simulation wraps them. */
    @FunctionalInterface
    public interface OperatorOpener {
        OperatorOpener PLAIN = (node, run, context) -> run.open(context);

        Operator open(Node node, OperatorRun run, OperatorContext context);
    }

    private final String name;
    private final OperatorGraph graph;
    private final JobOptions options;
    private final SideTables sideTables;
    private final EpochListener listener;
    private final Setting setting;
    private final Allocator allocator;
    private final List<Allocator> slotAllocators = new ArrayList<>();
    private final TaskWiring wiring;
    private final Failures failures;
    private final AtomicInteger runningTasks = new AtomicInteger();
    private final List<OperatorRun> started = new ArrayList<>();
    private int completedRuns;
    private volatile List<OperatorRun> runs = List.of();
    private volatile List<Task> tasks = List.of();
    private volatile JobState state = JobState.CREATED;
    private volatile boolean stopping;
    private volatile EpochCoordinator epochs;
    private final Checkpointing checkpointing;
    private final CheckpointCoordinator checkpoints;
    private final SinkFiles sinkFiles;
    private final FinalCommit finalCommit = new FinalCommit();

    /** Null when tables may not outgrow memory. */
    private final StateTier tier;

    public JobExecution(Order order, Setting setting) {
        this.name = order.name();
        this.failures = new Failures(name);
        this.graph = order.graph();
        this.options = order.options();
        this.sideTables = order.sideTables();
        this.listener = order.listener();
        this.checkpointing = order.checkpointing();
        this.setting = setting;
        this.allocator = setting.allocator().child("job " + name);
        this.tier = order.spill() == null ? null : tier(order.spill());
        this.wiring =
                new TaskWiring(
                        graph,
                        new TaskWiring.Setting(
                                setting.parts(),
                                this,
                                setting.clock(),
                                allocator.budget(),
                                options.ringCapacityBatches(),
                                options.keyGroups(),
                                options.batchRows()));
        this.sinkFiles = checkpointing == null ? null : new SinkFiles(checkpointing.log().files());
        this.checkpoints =
                checkpointing == null
                        ? null
                        : new CheckpointCoordinator(
                                checkpointing,
                                graph,
                                options.checkpointIntervalNanos(),
                                setting.clock(),
                                setting.host().io(wiring.slots().getFirst()),
                                (node, checkpoint, prepared) -> started.get(node).commit(checkpoint, prepared),
                                setting.host()::wakeSupervisor);
    }

    private StateTier tier(Path directory) {
        StateTier made = new StateTier(directory, allocator.budget(), options.stateMemoryPercent());
        return StateDirectory.isInMemory(directory) ? made.unmapped() : made;
    }

    // ---- the supervising thread ----

    /** Starts the nodes and makes the tasks; what fails is the job's failure, and leaves no tasks. */
    public void start() {
        try {
            for (Node node : graph.nodes()) {
                if (stopping) {
                    return;
                }
                OperatorRun run = node.spec().start(runContext(node));
                started.add(run);
                if (checkpointing != null) {
                    run.recover(checkpointing.restoredCheckpoint(), restoredPrepared(node));
                }
            }
            openOperators();
            List<Task> connected = wiring.connect(slotAllocators);
            runningTasks.set(connected.size());
            epochs =
                    new EpochCoordinator(
                            connected.stream().map(Task::port).toList(),
                            options.epochNanos(),
                            checkpoints == null ? EpochCoordinator.Checkpoints.NONE : checkpoints::due,
                            setting.clock().nanoTime(),
                            this::isLive,
                            listener::completed);
            runs = List.copyOf(started);
            tasks = connected;
            state = JobState.RUNNING;
        } catch (Throwable failure) {
            if (!stopping) {
                fail(failure, null);
            }
        }
    }

    private RunContext runContext(Node node) {
        if (checkpointing == null) {
            return new RunContext(
                    name, nodeName(node), isFinalOnly(node), node.parallelism(), options.idleTimeoutNanos());
        }
        return new RunContext(
                name,
                nodeName(node),
                checkpointing.operators().get(node.id()).id(),
                isFinalOnly(node),
                node.parallelism(),
                options.keyGroups(),
                options.idleTimeoutNanos(),
                checkpointing.restored(node.id()),
                new SinkCheckpoints(
                        checkpointing.job(),
                        checkpointing.incarnation(),
                        options.checkpointIntervalNanos(),
                        sinkFiles,
                        checkpointing.origins().get(node.id()).columns(),
                        checkpointing.log()::isSuperseded));
    }

    private List<Prepared> restoredPrepared(Node node) {
        return checkpointing.restored(node.id()).stream()
                .flatMap(task -> task.prepared().stream())
                .map(SinkFiles::prepared)
                .toList();
    }

    /** Whether all tasks of a node had ended when the checkpoint was taken that the job goes on from. */
    private boolean hadEnded(Node node) {
        List<TaskEntry> restored = checkpointing == null ? List.of() : checkpointing.restored(node.id());
        return !restored.isEmpty() && restored.stream().allMatch(TaskEntry::ended);
    }

    private TaskState state(Node node, TaskWiring.Slot slot, Allocator ofSlot, IoThreads io) {
        Executor onIo = command -> io.submit("state of " + nodeName(node), Executors.callable(command));
        if (checkpointing == null) {
            return tier == null ? TaskState.unkept(ofSlot) : TaskState.unkept(ofSlot, tier, onIo);
        }
        return TaskState.kept(
                new StateSetting(
                        name + "/" + nodeName(node) + "[" + slot.index() + "]",
                        ofSlot,
                        checkpointing.log().files(),
                        onIo,
                        options.keyGroups(),
                        slot.index(),
                        node.parallelism(),
                        tier,
                        checkpointing.restored(node.id()),
                        checkpointing.origins().get(node.id()).change()));
    }

    private void openOperators() {
        for (TaskWiring.Slot slot : wiring.slots()) {
            Allocator ofSlot = allocator.child("job " + name + " task " + taskName(slot));
            slotAllocators.add(ofSlot);
            IoThreads io = setting.host().io(slot);
            for (Node node : wiring.nodesOf(slot)) {
                if (hadEnded(node)) {
                    Operator ended = EndedOperator.of(node.inputs().isEmpty());
                    wiring.addOperator(node.id(), slot.index(), ended, TaskState.unkept(ofSlot));
                    continue;
                }
                TaskState state = state(node, slot, ofSlot, io);
                TaskContext context =
                        new TaskContext(
                                new TaskContext.Place(
                                        name + "/" + nodeName(node) + "[" + slot.index() + "]",
                                        slot.index(),
                                        node.parallelism(),
                                        isFinalOnly(node)),
                                ofSlot,
                                setting.clock(),
                                io,
                                options,
                                sideTables,
                                state);
                wiring.addOperator(node.id(), slot.index(), open(node, context, state), state);
            }
        }
    }

    private Operator open(Node node, TaskContext context, TaskState state) {
        boolean opened = false;
        try {
            Operator operator = setting.opener().open(node, started.get(node.id()), context);
            opened = true;
            return operator;
        } catch (MillraceException failure) {
            boolean isRestored = checkpointing != null && checkpointing.restored() != null;
            throw isRestored ? checkpointing.log().explain(failure, checkpointing.restoredCheckpoint()) : failure;
        } finally {
            if (!opened) {
                state.close();
            }
        }
    }

    private boolean isFinalOnly(Node node) {
        return graph.isBounded(node.id()) && !options.changing();
    }

    /** As people shall read it where memory is shown: the nodes in the order in which rows pass them. */
    private String taskName(TaskWiring.Slot slot) {
        List<String> names = wiring.nodesOf(slot).stream().map(JobExecution::nodeName).toList();
        return String.join(" > ", names) + "[" + slot.index() + "]";
    }

    private static String nodeName(Node node) {
        return node.spec().name() + "#" + node.id();
    }

    /**
     * Whether every source has reached the present. One that ends by itself has no present to wait for: its results
     * change as it is read.
     */
    private boolean isLive() {
        for (Node node : graph.nodes()) {
            if (!node.inputs().isEmpty() || node.bounded() || hasEnded(node)) {
                continue;
            }
            if (!runs.get(node.id()).progress().map(SourceProgress::live).orElse(false)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasEnded(Node node) {
        return wiring.counters().get(node.id()).stream().allMatch(NodeCounters::ended);
    }

    /** Counts epochs and injects one when it is due; returns whether it did, so that sources want to be woken. */
    public boolean supervise() {
        if (stopping) {
            return false;
        }
        try {
            if (checkpoints != null) {
                checkpoints.step();
            }
            return epochs.step(setting.clock().nanoTime());
        } catch (Throwable failure) {
            fail(failure, "epoch listener");
            return false;
        }
    }

    /** How long until {@link #supervise} has something to do, unless the host is told earlier. */
    public long nanosUntilEpoch() {
        return epochs.nanosUntilDue(setting.clock().nanoTime());
    }

    /** Ends the job as it is, after its supervision failed by what none of its parts should throw. */
    void breakOff(Throwable failure) {
        try {
            fail(failure, null);
            if (checkpoints != null) {
                checkpoints.close();
            }
        } finally {
            state = JobState.FAILED;
        }
    }

    /** Whether nothing of it is being stepped, or will be. */
    public boolean tasksHaveStopped() {
        return runningTasks.get() == 0;
    }

    /** Completes or aborts, frees everything and enters a terminal state. */
    public void finish() {
        if (!tasksHaveStopped()) {
            throw MillraceException.internal("finish of job " + name + " with " + runningTasks.get() + " tasks");
        }
        wiring.takeOperators().forEach(operator -> attempt("close", () -> close(operator)));
        if (checkpoints != null && !stopping) {
            attempt(
                    "checkpoint",
                    () -> checkpoints.settle(done -> setting.host().await(() -> stopping || done.getAsBoolean())));
        }
        boolean isQuiet = attempt("I/O", setting.host()::awaitIo);
        attempt("channels", wiring::releaseChannels);
        boolean succeeded = !stopping;
        if (succeeded) {
            supervise();
            succeeded = !stopping && complete();
        }
        if (!succeeded && checkpointing == null) {
            abort();
        }
        if (checkpoints != null) {
            checkpoints.close();
        }
        for (Node node : graph.nodes().subList(0, started.size())) {
            attempt(nodeName(node) + " close", started.get(node.id())::close);
        }
        if (tier != null && isQuiet) {
            // A call that did not end may be inside it.
            attempt("tier", tier::close);
        }
        slotAllocators.forEach(ofSlot -> attempt("memory", ofSlot::close));
        attempt("memory", allocator::close);
        if (failures.first() != null) {
            state = JobState.FAILED;
        } else {
            state = succeeded ? JobState.FINISHED : JobState.CANCELLED;
        }
    }

    private static void close(AutoCloseable closed) {
        try {
            closed.close();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw MillraceException.wrap(failure);
        }
    }

    private boolean complete() {
        if (checkpoints != null) {
            return attempt("last checkpoint", checkpoints::finish);
        }
        for (Node node : graph.nodes()) {
            List<Prepared> prepared = finalCommit.of(node.id());
            OperatorRun run = started.get(node.id());
            if (!attempt(nodeName(node) + " commit", () -> run.commit(Operator.FINAL_CHECKPOINT, prepared))) {
                return false;
            }
            completedRuns++;
        }
        return true;
    }

    private void abort() {
        for (Node node : graph.nodes().subList(completedRuns, started.size())) {
            attempt(nodeName(node) + " abort", started.get(node.id())::abort);
        }
    }

    private boolean attempt(String what, Runnable action) {
        try {
            action.run();
            return true;
        } catch (Throwable failure) {
            fail(failure, what);
            return false;
        }
    }

    /** Needs no memory: whoever has none left ends the job all the same. */
    void fail(Throwable failure, String part) {
        stopping = true;
        failures.add(failure, part);
        setting.host().wakeSupervisor();
    }

    // ---- the tasks ----

    @Override
    public boolean isStopping() {
        return stopping;
    }

    @Override
    public void taskFailed(Task task, int nodeId, Throwable failure) {
        try {
            String node = nodeId < 0 ? task.name() : nodeName(graph.nodes().get(nodeId)) + "[" + task.index() + "]";
            fail(failure, "task " + node);
        } catch (OutOfMemoryError spent) {
            fail(failure, null);
        }
    }

    @Override
    public void taskPassedEpoch(Task task) {
        if (epochs.hasNews()) {
            setting.host().wakeSupervisor();
        }
    }

    @Override
    public TaskSnapshots snapshots() {
        return checkpoints == null ? finalCommit : checkpoints;
    }

    @Override
    public void taskStopped(Task task) {
        runningTasks.decrementAndGet();
        setting.host().wakeSupervisor();
    }

    // ---- any thread ----

    /** Asks the tasks to stop as they are; without effect once they have stopped. */
    public void cancel() {
        if (state == JobState.CREATED || !tasksHaveStopped()) {
            stopping = true;
        }
        setting.host().wakeSupervisor();
    }

    /** Asks the sources to end. */
    public void drain() {
        for (OperatorRun run : runs) {
            run.drain();
        }
    }

    /** Asks for a checkpoint now; USER error when the job takes none. */
    public CompletableFuture<Manifest> checkpoint() {
        if (checkpoints == null) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "job " + name + " takes no checkpoints")
                    .withHelp("Start it with --state DIR or --checkpoints URI.");
        }
        CompletableFuture<Manifest> taken = checkpoints.request();
        setting.host().wakeSupervisor();
        return taken;
    }

    /** What its tables that outgrew memory did; empty when none may. */
    public Optional<TierStatistics> tierStatistics() {
        return Optional.ofNullable(tier).map(StateTier::statistics);
    }

    /** How its checkpoints went; empty when it takes none. */
    public Optional<CheckpointStatistics> checkpointStatistics() {
        return Optional.ofNullable(checkpoints).map(CheckpointCoordinator::statistics);
    }

    public String name() {
        return name;
    }

    public JobState state() {
        return state;
    }

    /** Empty before {@link #start}. */
    public List<Task> tasks() {
        return tasks;
    }

    /** The slot of each of {@link #tasks}. */
    public List<TaskWiring.Slot> slots() {
        return wiring.slots();
    }

    public List<OperatorRun> runs() {
        return runs;
    }

    /** Why it failed; empty unless it did. */
    public Optional<MillraceException> failure() {
        return Optional.ofNullable(failures.first());
    }

    public long completedEpoch() {
        EpochCoordinator coordinator = epochs;
        return coordinator == null ? 0 : coordinator.completedEpoch();
    }

    /** By node id. */
    public List<NodeStatistics> statistics() {
        return graph.nodes().stream().map(node -> statistics(node, wiring.counters().get(node.id()))).toList();
    }

    private static NodeStatistics statistics(Node node, List<NodeCounters> ofTasks) {
        return new NodeStatistics(
                node.id(),
                nodeName(node),
                ofTasks.size(),
                (int) ofTasks.stream().filter(NodeCounters::ended).count(),
                ofTasks.stream().mapToLong(NodeCounters::rowsIn).sum(),
                ofTasks.stream().mapToLong(NodeCounters::batchesIn).sum(),
                ofTasks.stream().mapToLong(NodeCounters::rowsOut).sum(),
                ofTasks.stream().mapToLong(NodeCounters::batchesOut).sum(),
                ofTasks.stream().mapToLong(NodeCounters::watermarkMicros).min().orElseThrow(),
                ofTasks.stream().mapToLong(NodeCounters::busyNanos).sum(),
                ofTasks.stream().mapToLong(NodeCounters::idleNanos).sum(),
                ofTasks.stream().mapToLong(NodeCounters::backpressuredNanos).sum());
    }
}
