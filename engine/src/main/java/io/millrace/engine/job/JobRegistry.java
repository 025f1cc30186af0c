package io.millrace.engine.job;

import io.millrace.engine.durable.DurableJob;
import io.millrace.engine.durable.TierDirectories;
import io.millrace.engine.view.ViewGroup;
import io.millrace.memory.time.Clock;
import io.millrace.operators.contract.SideTables;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.checkpoint.Checkpointing;
import io.millrace.scheduler.job.EpochListener;
import io.millrace.scheduler.job.Job;
import io.millrace.scheduler.job.JobExecution;
import io.millrace.scheduler.job.JobOptions;
import io.millrace.scheduler.job.Scheduler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The jobs of an engine that started with it: those that write tables or fill views. Thread-safe. */
public final class JobRegistry {
    private static final int ENDED_JOBS_KEPT = 100;

    private final Scheduler scheduler;
    private final SideTables sideTables;
    private final Clock clock;
    private final TierDirectories spill = new TierDirectories();
    private final Map<Long, EngineJob> jobs = new TreeMap<>();
    private long namesGiven;

    public JobRegistry(Scheduler scheduler, SideTables sideTables, Clock clock) {
        this.scheduler = scheduler;
        this.sideTables = sideTables;
        this.clock = clock;
        spill.sweep();
    }

    /** A name for a job that was given none. */
    public synchronized String nextName() {
        namesGiven++;
        return "job-" + namesGiven;
    }

    /** Runs a query of which only the result matters: it is not listed. */
    public EngineJob runQuery(String name, OperatorGraph graph, JobOptions options) {
        Job job =
                scheduler.submit(
                        new JobExecution.Order(
                                name, graph, options, sideTables, EpochListener.NONE, null, spill.next(null)));
        return new EngineJob(job, null, clock, null);
    }

    /**
     * Starts a job and lists it.
     *
     * @param views those it fills, or null
     * @param kept what it holds when it is kept, closed with it; or null
     */
    public EngineJob start(String name, OperatorGraph graph, JobOptions options, ViewGroup views, DurableJob kept) {
        Checkpointing checkpointing = kept == null ? null : kept.begin(graph, options.keyGroups());
        Job job =
                scheduler.submit(
                        new JobExecution.Order(
                                name,
                                graph,
                                options,
                                sideTables,
                                EpochListener.NONE,
                                checkpointing,
                                spill.next(kept == null ? null : kept.tier())));
        EngineJob started = new EngineJob(job, views, clock, kept);
        synchronized (this) {
            jobs.put(started.id(), started);
            forgetOldJobs();
        }
        return started;
    }

    private void forgetOldJobs() {
        long ended = jobs.values().stream().filter(JobRegistry::isForgettable).count();
        while (ended > ENDED_JOBS_KEPT) {
            jobs.values().remove(jobs.values().stream().filter(JobRegistry::isForgettable).findFirst().orElseThrow());
            ended--;
        }
    }

    private static boolean isForgettable(EngineJob job) {
        return job.views() == null && job.state().isTerminal();
    }

    /** Running and ended jobs, oldest first. */
    public synchronized List<EngineJob> jobs() {
        return List.copyOf(jobs.values());
    }

    /** The job of this id, or the newest of this name. */
    public synchronized Optional<EngineJob> find(String idOrName) {
        EngineJob found = null;
        for (EngineJob job : jobs.values()) {
            if (String.valueOf(job.id()).equals(idOrName) || job.name().equals(idOrName)) {
                found = job;
            }
        }
        return Optional.ofNullable(found);
    }

    /** No longer lists an ended job. */
    public synchronized void forget(EngineJob job) {
        jobs.remove(job.id());
    }
}
