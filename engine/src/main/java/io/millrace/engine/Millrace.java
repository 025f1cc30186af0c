package io.millrace.engine;

import io.millrace.engine.config.MillraceConfig;
import io.millrace.engine.job.EngineJob;
import io.millrace.engine.job.JobRegistry;
import io.millrace.engine.memory.MemoryReport;
import io.millrace.engine.side.SideTableStore;
import io.millrace.engine.view.ViewStore;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.time.Clock;
import io.millrace.scheduler.job.Scheduler;
import io.millrace.scheduler.job.SchedulerOptions;
import io.millrace.sql.catalog.Connectors;

/**
 * The engine in this process: one memory budget, one set of workers, the jobs, and the views they fill.
 *
 * <pre>{@code
 * try (Millrace millrace = Millrace.open(MillraceConfig.defaults());
 *         Session session = millrace.session();
 *         Results results = session.execute("SELECT count(*) FROM 'bids/*.parquet'")) {
 *     for (Result result = results.next(); result != null; result = results.next()) {
 *         for (Batch batch = result.next(); batch != null; batch = result.next()) {
 *             System.out.println(batch.toRows());
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class Millrace implements AutoCloseable {
    private final MillraceConfig config;
    private final Allocator allocator;
    private final Scheduler scheduler;
    private final SideTableStore sideTables;
    private final ViewStore views;
    private final JobRegistry jobs;
    private final Connectors connectors;
    private boolean closed;

    private Millrace(MillraceConfig config, Connectors connectors) {
        this.config = config;
        this.connectors = connectors;
        this.allocator = Allocator.root(new MemoryBudget(config.offHeapBytes()));
        this.sideTables = new SideTableStore(allocator);
        this.views = new ViewStore(allocator, config.clock());
        this.scheduler = Scheduler.start(SchedulerOptions.ofWorkers(config.parallelism()), allocator, config.clock());
        this.jobs = new JobRegistry(scheduler, sideTables, config.clock());
    }

    /** Starts an engine with the connectors on the class path. */
    public static Millrace open(MillraceConfig config) {
        return open(config, Connectors.load(Millrace.class.getClassLoader()));
    }

    /** Starts an engine with these connectors. */
    public static Millrace open(MillraceConfig config, Connectors connectors) {
        return new Millrace(config, connectors);
    }

    /** A session with a catalog and settings of its own; for one thread. */
    public Session session() {
        return new Session(this);
    }

    public MillraceConfig config() {
        return config;
    }

    public Clock clock() {
        return config.clock();
    }

    /** Jobs that write tables or fill views, of all sessions. */
    public JobRegistry jobs() {
        return jobs;
    }

    /** Materialized views, of all sessions. */
    public ViewStore views() {
        return views;
    }

    /** Late rows and bad records, by table. */
    public SideTableStore sideTables() {
        return sideTables;
    }

    /** What rows may take, and what they take now. */
    public MemoryBudget memory() {
        return allocator.budget();
    }

    /** Where the process's memory is now. */
    public MemoryReport memoryReport() {
        return MemoryReport.of(config.memorySplit(), allocator);
    }

    Allocator allocator() {
        return allocator;
    }

    Connectors connectors() {
        return connectors;
    }

    /** Cancels all jobs, waits for them and frees everything; sessions and results must be closed. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        jobs.jobs().forEach(EngineJob::cancel);
        scheduler.close();
        views.close();
        sideTables.close();
        allocator.close();
    }
}
