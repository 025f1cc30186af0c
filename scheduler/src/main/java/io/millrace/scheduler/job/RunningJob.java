package io.millrace.scheduler.job;

import io.millrace.connectors.api.IoThreads;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.checkpoint.CheckpointStatistics;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskParts;
import io.millrace.scheduler.task.TaskWiring;
import io.millrace.scheduler.worker.JobIo;
import io.millrace.scheduler.worker.Worker;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.tier.TierStatistics;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A job on threads: its supervising thread, and the workers that its tasks were given to. */
final class RunningJob implements Job, JobExecution.Host {
    private static final long LOOK_AGAIN_NANOS = 20_000_000;

    private final long id;
    private final OperatorGraph graph;
    private final Scheduler scheduler;
    private final int firstPlace;
    private final JobIo io;
    private final JobExecution execution;
    private final Thread supervisor;
    private final CountDownLatch ended = new CountDownLatch(1);

    RunningJob(long id, JobExecution.Order order, Scheduler scheduler) {
        this.id = id;
        this.graph = order.graph();
        this.scheduler = scheduler;
        this.firstPlace = scheduler.nextPlace();
        this.io = new JobIo(scheduler.ioPool(), scheduler.clock());
        this.execution =
                new JobExecution(
                        order,
                        new JobExecution.Setting(
                                scheduler.allocator(),
                                scheduler.clock(),
                                TaskParts.SOUND,
                                this,
                                JobExecution.OperatorOpener.PLAIN));
        this.supervisor = new Thread(this::supervise, "millrace-job-" + id + "-" + order.name());
        supervisor.setDaemon(true);
    }

    void begin() {
        supervisor.start();
    }

    private void supervise() {
        try {
            execution.start();
            Thread.interrupted();
            giveTasksToWorkers();
            superviseTasks();
            execution.finish();
        } catch (Throwable failure) {
            // Nobody waits for a job that has lost its supervisor without being told of it.
            execution.breakOff(failure);
        } finally {
            scheduler.forget(this);
            ended.countDown();
        }
    }

    private void superviseTasks() {
        boolean toldToStop = false;
        while (!execution.tasksHaveStopped()) {
            boolean stopping = execution.isStopping();
            try {
                if (execution.supervise() || stopping && !toldToStop) {
                    toldToStop = stopping;
                    wakeWorkers();
                }
            } catch (OutOfMemoryError spent) {
                // The tasks still are to be waited for.
                execution.fail(spent, null);
            }
            if (!execution.tasksHaveStopped()) {
                LockSupport.parkNanos(this, execution.nanosUntilEpoch());
            }
        }
    }

    private Worker workerOf(TaskWiring.Slot slot) {
        return scheduler.workerAt(firstPlace + slot.placement());
    }

    private void giveTasksToWorkers() {
        List<Task> tasks = execution.tasks();
        Map<Task, Worker> workers = new IdentityHashMap<>();
        for (int i = 0; i < tasks.size(); i++) {
            workers.put(tasks.get(i), workerOf(execution.slots().get(i)));
        }
        for (Task task : tasks) {
            Worker own = workers.get(task);
            List<Worker> neighbours =
                    task.neighbours().stream().map(workers::get).filter(worker -> worker != own).distinct().toList();
            own.add(task, neighbours);
        }
    }

    private void wakeWorkers() {
        execution.slots().stream().map(this::workerOf).distinct().forEach(Worker::wake);
    }

    @Override
    public IoThreads io(TaskWiring.Slot slot) {
        return io.of(workerOf(slot));
    }

    @Override
    public void awaitIo() {
        io.await();
    }

    @Override
    public void await(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
        }
    }

    @Override
    public void wakeSupervisor() {
        LockSupport.unpark(supervisor);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        return execution.name();
    }

    @Override
    public OperatorGraph graph() {
        return graph;
    }

    @Override
    public JobState state() {
        return execution.state();
    }

    @Override
    public JobState await() throws InterruptedException {
        ended.await();
        return execution.state();
    }

    @Override
    public boolean await(long timeoutNanos) throws InterruptedException {
        return ended.await(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void cancel() {
        execution.cancel();
        if (execution.state() == JobState.CREATED) {
            supervisor.interrupt();
        }
    }

    @Override
    public void drain() {
        execution.drain();
    }

    @Override
    public CompletableFuture<Manifest> checkpoint() {
        return execution.checkpoint();
    }

    @Override
    public Optional<TierStatistics> tierStatistics() {
        return execution.tierStatistics();
    }

    @Override
    public Optional<CheckpointStatistics> checkpointStatistics() {
        return execution.checkpointStatistics();
    }

    @Override
    public Optional<MillraceException> failure() {
        return execution.state().isTerminal() ? execution.failure() : Optional.empty();
    }

    @Override
    public List<NodeStatistics> statistics() {
        return execution.statistics();
    }

    @Override
    public List<OperatorRun> runs() {
        return execution.runs();
    }

    @Override
    public long completedEpoch() {
        return execution.completedEpoch();
    }
}
