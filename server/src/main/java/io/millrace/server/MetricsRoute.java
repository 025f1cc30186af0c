package io.millrace.server;

import io.millrace.engine.Millrace;
import io.millrace.engine.ProcessUsage;
import io.millrace.engine.job.EngineJob;
import io.millrace.engine.job.JobStatus;
import io.millrace.engine.job.SourceStatus;
import io.millrace.engine.memory.MemoryReport;
import io.millrace.engine.memory.ResidentSize;
import io.millrace.engine.side.SideTableStore;
import io.millrace.engine.view.View;
import io.millrace.engine.view.ViewPage;
import io.millrace.scheduler.job.NodeStatistics;
import io.millrace.state.tier.TierStatistics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** Everything that is counted, as Prometheus reads it. Thread-safe. */
final class MetricsRoute {
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;

    private final Millrace millrace;
    private final RequestCounts requests;

    MetricsRoute(Millrace millrace, RequestCounts requests) {
        this.millrace = millrace;
        this.requests = requests;
    }

    Reply text(Exchange exchange) {
        exchange.allow();
        PrometheusText out = new PrometheusText();
        process(out);
        List<EngineJob> jobs = millrace.jobs().jobs();
        jobs(out, jobs);
        sides(out, jobs);
        checkpoints(out, jobs);
        tiers(out, jobs);
        operators(out, jobs);
        views(out);
        return new Reply(
                200, "text/plain; version=0.0.4; charset=utf-8", out.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void process(PrometheusText out) {
        memory(out, millrace.memoryReport());
        out.gauge("process_resident_bytes", "Resident size.").value(ProcessUsage.rssBytes());
        out.gauge("process_peak_resident_bytes", "The greatest resident size.").value(ProcessUsage.peakRssBytes());
        PrometheusText.Family answers = out.counter("http_requests_total", "Requests by outcome.");
        answers.value(requests.answered(), "outcome", "answered");
        answers.value(requests.refused(), "outcome", "refused");
        answers.value(requests.failed(), "outcome", "failed");
    }

    private static void memory(PrometheusText out, MemoryReport memory) {
        out.gauge("memory_limit_bytes", "Off-heap bytes that rows may take.").value(memory.split().budgetBytes());
        out.gauge("memory_used_bytes", "Off-heap bytes that rows take.").value(memory.usedBytes());
        out.gauge("memory_peak_bytes", "The most that rows have taken.").value(memory.peakBytes());
        PrometheusText.Family byTag = out.gauge("memory_tag_bytes", "Off-heap bytes by what they are for.");
        memory.byTag().forEach((tag, bytes) -> byTag.value(bytes, "tag", tag.name().toLowerCase(Locale.ROOT)));
        PrometheusText.Family byOwner = out.gauge("memory_owner_bytes", "Off-heap bytes by who has them.");
        memory.owners().children().forEach(owner -> byOwner.value(owner.heldBytes(), "owner", owner.owner()));
        PrometheusText.Family jvm = out.gauge("jvm_bytes", "What the virtual machine has taken, by what for.");
        jvm.value(memory.jvm().heapCommittedBytes(), "area", "heap");
        jvm.value(memory.jvm().directBytes(), "area", "direct");
        jvm.value(memory.jvm().metaspaceBytes(), "area", "metaspace");
        jvm.value(memory.jvm().codeBytes(), "area", "code");
        out.gauge("process_memory_limit_bytes", "What --memory allows of anonymous and shared pages.")
                .value(memory.split().memoryBytes());
        ResidentSize resident = memory.resident();
        PrometheusText.Family pages = out.gauge("process_resident_pages_bytes", "Resident size by kind of page.");
        pages.known(resident.isKnown(), resident.anonymousBytes(), "kind", "anonymous");
        pages.known(resident.isKnown(), resident.sharedBytes(), "kind", "shared");
        pages.known(resident.isKnown(), resident.fileBytes(), "kind", "file");
    }

    private static void checkpoints(PrometheusText out, List<EngineJob> jobs) {
        PrometheusText.Family completed = out.counter("checkpoints_completed_total", "Checkpoints that were made.");
        jobs.forEach(job -> job.checkpoints().ifPresent(made -> completed.value(made.completed(), "job", job.name())));
        PrometheusText.Family failed = out.counter("checkpoints_failed_total", "Checkpoints that were given up.");
        jobs.forEach(job -> job.checkpoints().ifPresent(made -> failed.value(made.failed(), "job", job.name())));
        PrometheusText.Family bytes = out.gauge("checkpoint_last_bytes", "Bytes of the last checkpoint's files.");
        jobs.forEach(job -> job.checkpoints().ifPresent(made -> bytes.value(made.lastBytes(), "job", job.name())));
        PrometheusText.Family seconds =
                out.gauge("checkpoint_last_seconds", "From the last checkpoint's barrier until sinks were committed.");
        jobs.forEach(job ->
                job.checkpoints()
                        .ifPresent(made -> seconds.value(made.lastNanos() / NANOS_PER_SECOND, "job", job.name())));
    }

    private static void tiers(PrometheusText out, List<EngineJob> jobs) {
        tier(out.counter("state_runs_total", "Tables that were written out of memory."), jobs, TierStatistics::runs);
        tier(out.counter("state_run_rows_total", "Rows of them."), jobs, TierStatistics::rowsOut);
        tier(out.counter("state_run_bytes_total", "Bytes of their files."), jobs, TierStatistics::writtenBytes);
        tier(out.gauge("state_runs_most", "The most runs of one table."), jobs, TierStatistics::mostRuns);
        tier(
                out.counter("state_folds_total", "How often the runs of a table were made one."),
                jobs,
                TierStatistics::folds);
        tier(out.counter("state_folded_bytes_total", "Bytes that this wrote."), jobs, TierStatistics::foldedBytes);
        tier(out.counter("state_lookups_total", "Keys looked up in runs."), jobs, TierStatistics::lookups);
        tier(
                out.counter("state_copied_bytes_total", "Bytes of runs copied for checkpoints."),
                jobs,
                TierStatistics::copiedBytes);
    }

    private static void tier(
            PrometheusText.Family family, List<EngineJob> jobs, ToLongFunction<TierStatistics> figure) {
        jobs.forEach(job -> job.tier().ifPresent(tier -> family.value(figure.applyAsLong(tier), "job", job.name())));
    }

    private static void jobs(PrometheusText out, List<EngineJob> jobs) {
        PrometheusText.Family state = out.gauge("job_state", "1 for the state a job is in.");
        PrometheusText.Family epoch = out.gauge("job_epoch", "The last epoch that all tasks have passed.");
        PrometheusText.Family rows = out.counter("source_rows_total", "Rows read.");
        PrometheusText.Family bytes = out.counter("source_bytes_total", "Bytes fetched.");
        PrometheusText.Family lag = out.gauge("source_lag_rows", "Rows known to wait.");
        PrometheusText.Family watermark = out.gauge("source_watermark_seconds", "Event time, since the epoch.");
        PrometheusText.Family live = out.gauge("source_live", "1 once a source has reached the present.");
        PrometheusText.Family eta = out.gauge("source_eta_seconds", "Until a bounded source is read.");
        PrometheusText.Family dropped = out.counter("handover_duplicates_dropped_total", "Live rows history held.");
        PrometheusText.Family pause = out.gauge("handover_pause_seconds", "Last row of history to first live row.");
        for (EngineJob job : jobs) {
            JobStatus status = job.status();
            state.value(1, "job", status.name(), "state", status.state().name().toLowerCase(Locale.ROOT));
            epoch.value(status.epoch(), "job", status.name());
            for (SourceStatus source : status.sources()) {
                String[] labels = {"job", status.name(), "table", source.table()};
                rows.value(source.rowsRead(), labels);
                bytes.value(source.bytesRead(), labels);
                live.value(source.live() ? 1 : 0, labels);
                lag.known(source.lagRows() >= 0, source.lagRows(), labels);
                eta.known(source.etaMillis() >= 0, source.etaMillis() / MILLIS_PER_SECOND, labels);
                time(watermark, source.watermarkMicros(), labels);
                if (source.handover() != null) {
                    dropped.value(source.handover().duplicatesDropped(), labels);
                    long pauseMicros = source.handover().pauseMicros();
                    pause.known(pauseMicros >= 0, pauseMicros / MICROS_PER_SECOND, labels);
                }
            }
        }
    }

    private static void time(PrometheusText.Family family, long micros, String... labels) {
        boolean known = micros != Long.MIN_VALUE && micros != Long.MAX_VALUE;
        family.known(known, micros / MICROS_PER_SECOND, labels);
    }

    private void sides(PrometheusText out, List<EngineJob> jobs) {
        PrometheusText.Family late = out.counter("late_rows_total", "Rows that came too late.");
        PrometheusText.Family bad = out.counter("bad_rows_total", "Records that could not be decoded.");
        TreeSet<String> tables = new TreeSet<>();
        jobs.forEach(job -> job.status().sources().forEach(source -> tables.add(source.table())));
        for (String table : tables) {
            SideTableStore.Counts counts = millrace.sideTables().counts(table);
            late.value(counts.lateRows(), "table", table);
            bad.value(counts.badRows(), "table", table);
        }
    }

    private static void operators(PrometheusText out, List<EngineJob> jobs) {
        PrometheusText.Family in = out.counter("operator_rows_in_total", "Rows taken.");
        PrometheusText.Family rowsOut = out.counter("operator_rows_out_total", "Rows given.");
        PrometheusText.Family busy = out.counter("operator_busy_seconds_total", "In the operator's own calls.");
        PrometheusText.Family idle = out.counter("operator_idle_seconds_total", "With nothing to do.");
        PrometheusText.Family held =
                out.counter("operator_backpressured_seconds_total", "Held back because downstream had enough.");
        for (EngineJob job : jobs) {
            for (NodeStatistics node : job.statistics()) {
                String[] labels = {
                    "job", job.name(), "node", String.valueOf(node.nodeId()), "operator", node.nodeName()
                };
                in.value(node.rowsIn(), labels);
                rowsOut.value(node.rowsOut(), labels);
                busy.value(node.busyNanos() / NANOS_PER_SECOND, labels);
                idle.value(node.idleNanos() / NANOS_PER_SECOND, labels);
                held.value(node.backpressuredNanos() / NANOS_PER_SECOND, labels);
            }
        }
    }

    private void views(PrometheusText out) {
        PrometheusText.Family rows = out.gauge("view_rows", "Rows of a view.");
        PrometheusText.Family epoch = out.gauge("view_epoch", "The published epoch.");
        PrometheusText.Family age = out.gauge("view_age_seconds", "Since the epoch was published.");
        PrometheusText.Family frontier = out.gauge("view_frontier_seconds", "Event time, since the epoch.");
        for (View view : millrace.views().views()) {
            try (ViewPage page = view.read(0, 0)) {
                rows.value(page.totalRows(), "view", view.name());
                epoch.value(page.epoch(), "view", view.name());
                age.value(page.ageMillis() / MILLIS_PER_SECOND, "view", view.name());
                time(frontier, page.frontierMicros(), "view", view.name());
            }
        }
    }
}
