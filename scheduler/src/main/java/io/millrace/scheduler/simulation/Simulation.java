package io.millrace.scheduler.simulation;

import io.millrace.connectors.api.IoThreads;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.SimulatedClock;
import io.millrace.operators.contract.SideTables;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.checkpoint.Checkpointing;
import io.millrace.scheduler.job.EpochListener;
import io.millrace.scheduler.job.JobExecution;
import io.millrace.scheduler.job.JobOptions;
import io.millrace.scheduler.job.JobState;
import io.millrace.scheduler.task.StepResult;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskParts;
import io.millrace.scheduler.task.TaskWiring;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** One simulated run of a job. Not reusable; one thread. */
public final class Simulation implements JobExecution.Host {
    /**
     * Actions in a row after which nothing has moved, for each thing there is to choose, that prove nothing ever will.
     */
    private static final int STALLED_ACTIONS = 300;

    private static final int MAX_TRACE_IN_MESSAGE = 4_000;

    private final Settings settings;
    private final SplittableRandom random;
    private final SimulatedClock clock = new SimulatedClock(0);
    private final SimulatedIo io;
    private final Countdown cancelFault;
    private final JobExecution execution;
    private final long epochNanos;
    private final List<List<Task>> workers = new ArrayList<>();
    private final StringBuilder trace;
    private long actions;

    /**
     * What decides a run.
     *
     * @param workers threads that are simulated: a seeded choice falls first on one of them, then on a task of it
     * @param maxCallsPerStep of a task's operators before another task may be chosen
     * @param maxActions after which a run that has not ended is given up
     * @param parts of which tasks are made
     * @param traced whether the schedule is written down
     * @param checkpointing null when the job takes no checkpoints
     */
    public record Settings(
            long seed,
            int workers,
            int maxCallsPerStep,
            long maxActions,
            Fault fault,
            TaskParts parts,
            boolean traced,
            Checkpointing checkpointing) {
        public static Settings ofSeed(long seed) {
            return new Settings(seed, 2, 4, 10_000_000, Fault.NONE, TaskParts.SOUND, false, null);
        }

        public Settings withFault(Fault newFault) {
            return new Settings(seed, workers, maxCallsPerStep, maxActions, newFault, parts, traced, checkpointing);
        }

        public Settings withParts(TaskParts newParts) {
            return new Settings(seed, workers, maxCallsPerStep, maxActions, fault, newParts, traced, checkpointing);
        }

        public Settings withTrace() {
            return new Settings(seed, workers, maxCallsPerStep, maxActions, fault, parts, true, checkpointing);
        }

        public Settings withCheckpointing(Checkpointing newCheckpointing) {
            return new Settings(seed, workers, maxCallsPerStep, maxActions, fault, parts, traced, newCheckpointing);
        }
    }

    /** What a run came to. */
    public record Outcome(
            JobState state, Optional<MillraceException> failure, long actions, long completedEpoch, String trace) {}

    private Simulation(
            OperatorGraph graph,
            JobOptions options,
            SideTables sideTables,
            EpochListener listener,
            Allocator allocator,
            Settings settings) {
        this.settings = settings;
        this.random = new SplittableRandom(settings.seed());
        this.io = new SimulatedIo(Countdown.of(settings.fault(), Fault.Kind.IO));
        this.cancelFault = Countdown.of(settings.fault(), Fault.Kind.CANCEL);
        this.epochNanos = options.epochNanos();
        this.trace = settings.traced() ? new StringBuilder() : null;
        Countdown operatorFault = Countdown.of(settings.fault(), Fault.Kind.OPERATOR);
        Countdown allocationFault = Countdown.of(settings.fault(), Fault.Kind.ALLOCATION);
        allocator.injectFault((owner, bytes) -> allocationFault.isDue());
        Runnable beforeCall =
                () -> {
                    if (operatorFault.isDue()) {
                        throw MillraceException.internal("simulated fault in an operator");
                    }
                };
        this.execution =
                new JobExecution(
                        new JobExecution.Order(
                                "simulated", graph, options, sideTables, listener, settings.checkpointing()),
                        new JobExecution.Setting(
                                allocator,
                                clock,
                                settings.parts(),
                                this,
                                (node, run, context) -> FaultyOperator.wrap(run.open(context), beforeCall)));
    }

    /**
     * Runs a job to its end.
     *
     * @param allocator a root of its own, as the fault is injected there
     * @throws MillraceException INTERNAL with the seed, when nothing moves any more or the run is given up
     */
    public static Outcome run(
            OperatorGraph graph,
            JobOptions options,
            SideTables sideTables,
            EpochListener listener,
            Allocator allocator,
            Settings settings) {
        return new Simulation(graph, options, sideTables, listener, allocator, settings).run();
    }

    private Outcome run() {
        execution.start();
        for (int i = 0; i < settings.workers(); i++) {
            workers.add(new ArrayList<>());
        }
        for (int i = 0; i < execution.tasks().size(); i++) {
            int place = execution.slots().get(i).placement() % workers.size();
            workers.get(place).add(execution.tasks().get(i));
        }
        MillraceException stuck = drive();
        if (stuck != null) {
            execution.cancel();
            workers.forEach(tasks -> tasks.forEach(task -> task.step(1, 1)));
        }
        execution.finish();
        if (stuck != null) {
            throw stuck;
        }
        return new Outcome(
                execution.state(),
                execution.failure(),
                actions,
                execution.completedEpoch(),
                trace == null ? "" : trace.toString());
    }

    private MillraceException drive() {
        int choices = workers.size() + 3;
        long stalled = 0;
        while (!execution.tasksHaveStopped()) {
            if (cancelFault.isDue()) {
                execution.cancel();
            }
            int choice = random.nextInt(choices);
            boolean moved = choice < workers.size() ? stepOne(choice) : actAside(choice - workers.size());
            stalled = moved ? 0 : stalled + 1;
            if (stalled > (long) STALLED_ACTIONS * choices * (execution.tasks().size() + 1)) {
                return MillraceException.internal(
                        "nothing moves any more: " + settings + " actions=" + actions + traceEnd());
            }
            if (++actions > settings.maxActions()) {
                return MillraceException.internal("no end: " + settings + traceEnd());
            }
        }
        return null;
    }

    private String traceEnd() {
        return trace == null ? "" : "\n" + trace.substring(Math.max(0, trace.length() - MAX_TRACE_IN_MESSAGE));
    }

    private boolean stepOne(int worker) {
        List<Task> tasks = workers.get(worker);
        if (tasks.isEmpty()) {
            return false;
        }
        int chosen = random.nextInt(tasks.size());
        Task task = tasks.get(chosen);
        StepResult result = task.step(1 + random.nextInt(settings.maxCallsPerStep()), Long.MAX_VALUE / 2);
        note(task.name(), result);
        if (result == StepResult.STOPPED) {
            tasks.remove(chosen);
        }
        return result == StepResult.WORKED || result == StepResult.STOPPED;
    }

    private boolean actAside(int choice) {
        switch (choice) {
            case 0 -> {
                if (io.isEmpty()) {
                    return false;
                }
                io.runOne(random);
                note("I/O", "");
                return true;
            }
            case 1 -> {
                boolean injected = execution.supervise();
                note("supervise", injected);
                return injected;
            }
            default -> {
                clock.advanceNanos(random.nextLong(1 + epochNanos / 4));
                return false;
            }
        }
    }

    private void note(String who, Object what) {
        if (trace != null) {
            trace.append(actions).append(' ').append(who).append(' ').append(what).append('\n');
        }
    }

    @Override
    public IoThreads io(TaskWiring.Slot slot) {
        return io;
    }

    @Override
    public void awaitIo() {
        io.runAll();
    }

    @Override
    public void await(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            io.runOne(random);
        }
    }

    @Override
    public void wakeSupervisor() {}
}
