package io.millrace.engine.config;

import java.util.List;

/** Keys of Flink that scripts set and that mean nothing here: accepted, with a warning. */
public final class ForeignSettings {
    /** Why a key, or each key that begins so when it ends with a dot or a star, is not needed. */
    private record Entry(String key, String reason) {
        boolean matches(String other) {
            return key.endsWith("*") ? other.startsWith(key.substring(0, key.length() - 1)) : other.equals(key);
        }
    }

    private static final List<Entry> ENTRIES =
            List.of(
                    new Entry("table.exec.mini-batch.*", "rows always travel in batches"),
                    new Entry("table.optimizer.*", "the planner decides by itself"),
                    new Entry("table.exec.resource.default-parallelism", "use parallelism.default"),
                    new Entry("table.exec.state.ttl", "state is kept as long as the query needs it"),
                    new Entry("table.exec.emit.*", "views show early results of open windows anyway"),
                    new Entry("table.exec.sink.*", "sinks follow the query's changelog"),
                    new Entry("table.exec.source.cdc-events-duplicate", "not used"),
                    new Entry("table.exec.operator-fusion-codegen.enabled", "operators are always chained"),
                    new Entry("table.exec.deduplicate.*", "not used"),
                    new Entry("table.exec.window-agg.buffer-size-limit", "memory has one limit, --memory"),
                    new Entry("table.exec.spill-compression.*", "not used"),
                    new Entry("table.exec.sort.*", "memory has one limit, --memory"),
                    new Entry("table.exec.disabled-operators", "not used"),
                    new Entry("table.exec.legacy-cast-behaviour", "casts follow the standard"),
                    new Entry("table.dml-sync", "statements of a script wait for each other"),
                    new Entry("table.sql-dialect", "there is one dialect"),
                    new Entry("table.planner", "there is one planner"),
                    new Entry("table.plan.*", "not used"),
                    new Entry("sql-client.*", "see --output and --verbose"),
                    new Entry("state.backend*", "state has one form"),
                    new Entry("state.checkpoints.*", "see --checkpoints"),
                    new Entry("state.savepoints.dir", "see the savepoint command"),
                    new Entry("state.checkpoint-storage", "see --checkpoints"),
                    new Entry("execution.checkpointing.*", "only the interval can be set"),
                    new Entry("execution.state-recovery.*", "see --from"),
                    new Entry("execution.savepoint.*", "see --from"),
                    new Entry("execution.target", "there is one way to run"),
                    new Entry("execution.attached", "run and sql wait for their jobs"),
                    new Entry("execution.shutdown-on-attached-exit", "jobs end with the process"),
                    new Entry("execution.buffer-timeout*", "a batch is sent when downstream is idle"),
                    new Entry("execution.batch-shuffle-mode", "exchanges are always pipelined"),
                    new Entry("execution.batch.*", "not used"),
                    new Entry("execution.sorted-inputs.*", "not used"),
                    new Entry("pipeline.operator-chaining*", "operators are always chained"),
                    new Entry("pipeline.object-reuse", "rows are never copied as objects"),
                    new Entry("pipeline.max-parallelism", "use state.key-groups"),
                    new Entry("pipeline.auto-watermark-interval", "watermarks travel with each batch"),
                    new Entry("pipeline.watermark-alignment.*", "not used"),
                    new Entry("pipeline.jars", "put connectors on the class path"),
                    new Entry("pipeline.classpaths", "put connectors on the class path"),
                    new Entry("pipeline.generic-types", "not used"),
                    new Entry("restart-strategy*", "jobs restart by themselves where that can help"),
                    new Entry("taskmanager.*", "there are no task managers"),
                    new Entry("jobmanager.*", "there is no job manager"),
                    new Entry("rest.*", "see --http"),
                    new Entry("metrics.*", "see /metrics"),
                    new Entry("env.*", "not used"),
                    new Entry("classloader.*", "not used"),
                    new Entry("cluster.*", "there is no cluster"),
                    new Entry("high-availability*", "there is no cluster"),
                    new Entry("kubernetes.*", "there is no cluster"),
                    new Entry("yarn.*", "there is no cluster"));

    private ForeignSettings() {}

    /** Why the key is not needed, or null when it is not among them. */
    public static String reason(String key) {
        for (Entry entry : ENTRIES) {
            if (entry.matches(key)) {
                return entry.reason();
            }
        }
        return null;
    }
}
