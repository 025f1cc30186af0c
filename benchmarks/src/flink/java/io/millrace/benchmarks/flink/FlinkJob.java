package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.keyed.PeerJob;
import io.millrace.benchmarks.keyed.PeerLoad;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The keyed count in a cluster of this process. */
final class FlinkJob implements PeerJob {
    private static final String EXTRA = "flink.conf.";
    private static final long LOOK_MILLIS = 2;

    private final SharedRun run;
    private final Configuration settings;
    private final MiniCluster cluster;
    private final JobID id;
    private final CompletableFuture<JobResult> ended;

    private FlinkJob(SharedRun run, Configuration settings, MiniCluster cluster, JobID id) {
        this.run = run;
        this.settings = settings;
        this.cluster = cluster;
        this.id = id;
        this.ended = cluster.requestJobResult(id);
    }

    static FlinkJob start(PeerLoad load) throws Exception {
        SharedRun run = SharedRun.begin(load);
        Configuration settings = settings(load);
        MiniCluster cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(settings)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(load.parallelism())
                                .withRandomPorts()
                                .build());
        cluster.start();
        JobGraph graph = graph(load, settings);
        cluster.submitJob(graph).get();
        return new FlinkJob(run, settings, cluster, graph.getJobID());
    }

    private static Configuration settings(PeerLoad load) {
        Configuration settings = new Configuration();
        settings.setString("pipeline.object-reuse", "true");
        settings.setString("parallelism.default", Integer.toString(load.parallelism()));
        settings.setString("restart-strategy.type", "none");
        settings.setString("taskmanager.memory.managed.size", load.memoryMib() + "m");
        settings.setString("taskmanager.memory.network.min", "64m");
        settings.setString("taskmanager.memory.network.max", "64m");
        settings.setString("state.backend.type", "rocksdb");
        settings.setString("state.backend.rocksdb.memory.managed", "true");
        settings.setString("state.backend.rocksdb.predefined-options", "FLASH_SSD_OPTIMIZED");
        settings.setString("state.backend.rocksdb.use-bloom-filter", "true");
        settings.setString("state.backend.rocksdb.compression.per.level", "NO_COMPRESSION");
        settings.setString("state.backend.rocksdb.memory.partitioned-index-filters", "true");
        settings.setString("state.backend.rocksdb.localdir", load.directory().resolve("rocksdb").toString());
        settings.setString("io.tmp.dirs", load.directory().resolve("tmp").toString());
        settings.setString("execution.checkpointing.interval", load.checkpointMillis() + " ms");
        settings.setString("execution.checkpointing.incremental", "true");
        settings.setString("execution.checkpointing.storage", "filesystem");
        settings.setString("execution.checkpointing.dir", load.directory().resolve("checkpoints").toUri().toString());
        settings.setString("web.checkpoints.history", "100000");
        load.options()
                .forEach((name, value) -> {
                    if (name.startsWith(EXTRA)) {
                        settings.setString(name.substring(EXTRA.length()), value);
                    }
                });
        return settings;
    }

    private static JobGraph graph(PeerLoad load, Configuration settings) {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        environment
                .fromSource(new EventSource(), WatermarkStrategy.noWatermarks(), "made", Longs.EVENTS)
                .keyBy(EventKey.OF_EVENT, Longs.KEYS)
                .transform("count", Longs.RESULTS, new CountOperator(load.atEnd(), load.number("flink.bundle-ms", 0)))
                .sinkTo(new AddingSink());
        return environment.getStreamGraph().getJobGraph();
    }

    @Override
    public long madeRows() {
        return run.madeRows();
    }

    @Override
    public void limit(long position) {
        run.limit(position);
    }

    @Override
    public void awaitCounted(long rows) throws Exception {
        while (run.takenRows() < rows) {
            checkRunning();
            Thread.sleep(LOOK_MILLIS);
        }
    }

    @Override
    public void checkRunning() throws Exception {
        if (ended.isDone()) {
            ended.get().toJobExecutionResult(getClass().getClassLoader());
            throw new IllegalStateException("expected a job without an end, found that it ended");
        }
    }

    @Override
    public void finish() throws Exception {
        run.stop();
        while (!run.counted.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            checkRunning();
        }
    }

    @Override
    public Result result() throws Exception {
        run.mayRead.countDown();
        ended.get().toJobExecutionResult(getClass().getClassLoader());
        long expected = run.load.atEnd() ? run.answer().keys() : -1;
        if (run.load.atEnd() && (run.emittedRows() != expected || run.emittedChecksum() != run.answer().checksum())) {
            throw new IllegalStateException("expected rows=" + expected + " given, found " + run.emittedRows());
        }
        return new Result(run.answer(), run.emittedRows(), run.ends());
    }

    @Override
    public Checkpoints checkpoints() throws ExecutionException, InterruptedException, TimeoutException {
        CheckpointStatsSnapshot all =
                cluster.getExecutionGraph(id).get(1, TimeUnit.MINUTES).getCheckpointStatsSnapshot();
        long written = 0;
        long last = 0;
        long lastId = 0;
        for (AbstractCheckpointStats one : all.getHistory().getCheckpoints()) {
            if (one instanceof CompletedCheckpointStats completed) {
                written += completed.getCheckpointedSize();
                last = completed.getCheckpointId() > lastId ? completed.getStateSize() : last;
                lastId = Math.max(lastId, completed.getCheckpointId());
            }
        }
        return new Checkpoints(
                all.getCounts().getNumberOfCompletedCheckpoints(),
                all.getCounts().getNumberOfFailedCheckpoints(),
                written,
                last);
    }

    @Override
    public Map<String, Object> settings() {
        Map<String, Object> said = new LinkedHashMap<>();
        settings.toMap().forEach((name, value) -> said.put("setting." + name, value));
        return said;
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
