package io.millrace.cli.demo;

import io.millrace.cli.demo.LatencyProbe.Latency;
import io.millrace.connectors.api.HandoverReport;
import io.millrace.connectors.kafka.broker.BrokerConfig;
import io.millrace.connectors.kafka.broker.BrokerProcess;
import io.millrace.engine.Millrace;
import io.millrace.engine.ScriptJob;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.engine.job.EngineJob;
import io.millrace.engine.job.JobStatus;
import io.millrace.engine.job.SourceStatus;
import io.millrace.engine.side.SideTableStore;
import io.millrace.engine.view.View;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.server.MillraceServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** One demo, from making history to checking the answer. {@link #run} on one thread; {@link #stop} on any. */
public final class Demo {
    private static final long LOOK_AGAIN_NANOS = 50_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MICROS_PER_MILLI = 1e3;

    private final DemoOptions options;
    private final DemoEvents events;
    private final Disturbance disturbance;
    private final MillraceConfig config;
    private final Clock clock;
    private final Consumer<String> say;
    private final DemoReport report;
    private final CountDownLatch stop = new CountDownLatch(1);
    private long startNanos;
    private long historyNanos;
    private volatile EngineJob job;

    /** {@code say} gets one line at a time on what goes on. */
    public Demo(DemoOptions options, MillraceConfig config, Consumer<String> say) {
        this(options, DemoEvents.of(options.historyRows(), options.bidsPerSecond()), Disturbance.NONE, config, say);
    }

    Demo(DemoOptions options, DemoEvents events, Disturbance disturbance, MillraceConfig config, Consumer<String> say) {
        this.options = options;
        this.events = events;
        this.disturbance = disturbance;
        this.config = config;
        this.clock = config.clock();
        this.say = say;
        this.report = new DemoReport(options.commit());
    }

    /** Asks it to end: the producer stops, what was sent is read, the answer is checked. Returns at once. */
    public void stop() {
        stop.countDown();
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    /** The job, or null before it runs. */
    public EngineJob job() {
        return job;
    }

    DemoReport report() {
        return report;
    }

    /**
     * Runs until it is stopped. Fails when anything does, and when the answer is wrong; the report is written anyway.
     */
    public void run() {
        startNanos = clock.nanoTime();
        try (Millrace millrace = Millrace.open(config);
                MillraceServer server =
                        options.http() == null ? null : MillraceServer.start(millrace, options.http())) {
            if (server != null) {
                say.accept("page on " + server.url());
            }
            if (makeHistory()) {
                runWithBroker(millrace);
            }
        } catch (RuntimeException broken) {
            report.failure = MillraceException.wrap(broken);
            throw report.failure;
        } finally {
            if (options.reportFile() != null) {
                report.write(options.reportFile());
            }
        }
        if (!report.verification.verified() && job != null) {
            throw MillraceException.internal("the answer is wrong: " + report.verification.firstDifference());
        }
    }

    private HistoryFiles historyFiles() {
        return new HistoryFiles(events, options.directory());
    }

    private boolean makeHistory() {
        HistoryFiles history = historyFiles();
        if (!history.exist()) {
            say.accept(
                    String.format(
                            Locale.ROOT,
                            "making a history of %,d bids in %s; it is kept for the next time",
                            options.historyRows(),
                            history.directory()));
        }
        long before = clock.nanoTime();
        boolean made = history.write(config.parallelism(), config.offHeapBytes() / 2, this::isStopped);
        historyNanos = clock.nanoTime() - before;
        report.historySeconds = historyNanos / NANOS_PER_SECOND;
        return made;
    }

    private void runWithBroker(Millrace millrace) {
        Path directory = options.directory().resolve("run-" + ProcessHandle.current().pid());
        try {
            // A process that was killed leaves its files, and its number may come again.
            Directories.delete(directory);
            Files.createDirectories(directory);
            say.accept("starting a broker");
            try (BrokerProcess broker = BrokerProcess.start(BrokerConfig.in(directory.resolve("broker")), clock);
                    TopicFeeder feeder = new TopicFeeder(events, broker.bootstrapServers(), disturbance, clock)) {
                TopicFeeder.createTopic(broker.bootstrapServers());
                feeder.repeatHistory();
                DemoScript script = DemoScript.job(historyFiles().glob(), broker.bootstrapServers());
                Path file = options.directory().resolve("demo.sql");
                script.write(file);
                say.accept("running " + file);
                runJob(millrace, script, feeder);
            }
        } catch (IOException failed) {
            throw Directories.failed("cannot write to " + directory, failed);
        } finally {
            Directories.delete(directory);
        }
    }

    private void runJob(Millrace millrace, DemoScript script, TopicFeeder feeder) {
        try (Session session = millrace.session()) {
            session.onWarning(warning -> say.accept("warning: " + warning));
            long jobNanos = clock.nanoTime();
            ScriptJob started = session.start("demo", script.text());
            job = started.job();
            feeder.startLive();
            try (LatencyProbe probe = new LatencyProbe(events, feeder, view(started, "partitions"), clock)) {
                probe.start();
                follow(probe, feeder, jobNanos);
                say.accept("stopping: the rest of the topic is read, and all windows close");
                long endBid = feeder.stop();
                report.latency = probe.latency();
                job.drain();
                job.await();
                finish(millrace, started, feeder, script, endBid);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.CANCELLED, "interrupted", interrupted);
        } finally {
            if (job != null) {
                note(millrace, feeder);
                job.cancel();
            }
        }
    }

    private static View view(ScriptJob started, String name) {
        return started.views().stream()
                .filter(view -> view.name().equals(name))
                .findFirst()
                .orElseThrow(() -> MillraceException.internal("the script has no view " + name));
    }

    /** Waits for the stop, and notes what happens meanwhile. */
    private void follow(LatencyProbe probe, TopicFeeder feeder, long jobNanos) throws InterruptedException {
        boolean liveSaid = false;
        while (!isStopped()) {
            if (job.await(LOOK_AGAIN_NANOS)) {
                throw MillraceException.internal("the job ended by itself, in state " + job.state());
            }
            feeder.throwFailure();
            noteHandover(jobNanos);
            if (probe.isLive() && !liveSaid) {
                liveSaid = true;
                report.secondsToLive = (probe.liveNanos() - startNanos - historyNanos) / NANOS_PER_SECOND;
                say.accept(liveText());
            }
            boolean over =
                    options.liveSeconds() > 0
                            && probe.isLive()
                            && clock.nanoTime() - probe.liveNanos() > options.liveSeconds() * NANOS_PER_SECOND;
            if (over) {
                stop();
            }
        }
    }

    private void noteHandover(long jobNanos) {
        if (report.backfillRowsPerSecond != null) {
            return;
        }
        List<SourceStatus> sources = job.status().sources();
        if (sources.isEmpty() || !sources.stream().allMatch(Demo::hasHandedOver)) {
            return;
        }
        double seconds = (clock.nanoTime() - jobNanos) / NANOS_PER_SECOND;
        report.backfillRowsPerSecond = (long) (options.historyRows() / seconds);
        say.accept(
                String.format(
                        Locale.ROOT,
                        "history is read: %,d bids in %.1f s, %,d rows/s",
                        options.historyRows(),
                        seconds,
                        report.backfillRowsPerSecond));
    }

    private static boolean hasHandedOver(SourceStatus source) {
        return source.handover() != null && source.handover().complete();
    }

    private String liveText() {
        return String.format(Locale.ROOT, "live after %.1f s; Ctrl-C ends it", report.secondsToLive);
    }

    private void finish(Millrace millrace, ScriptJob started, TopicFeeder feeder, DemoScript script, long endBid) {
        note(millrace, feeder);
        say.accept(String.format(Locale.ROOT, "checking the answer against %,d bids counted plainly", endBid));
        DemoScript bounded = DemoScript.bounded(historyFiles().glob(), events, endBid);
        report.verification = Verification.of(millrace, started.views(), events, endBid, bounded, script);
        Latency latency = report.latency;
        say.accept(
                String.format(
                        Locale.ROOT,
                        "%s: %,d rows compared; latency p50 %.1f ms, p99 %.1f ms over %,d bids",
                        report.verification.verified() ? "verified" : "NOT VERIFIED",
                        report.verification.rows(),
                        latency.p50(),
                        latency.p99(),
                        latency.count()));
    }

    /** What the report can say at any time. */
    private void note(Millrace millrace, TopicFeeder feeder) {
        JobStatus status = job.status();
        for (SourceStatus source : status.sources()) {
            HandoverReport handover = source.handover();
            if (handover != null) {
                report.handover = handover;
                report.rowsBySource.put("bids_history", handover.historyRows());
                report.rowsBySource.put("bids_live", handover.liveRows());
                report.duplicatesSkipped = handover.cuts().stream().mapToLong(HandoverReport.Cut::offset).sum();
            }
        }
        SideTableStore.Counts sides = millrace.sideTables().totals();
        report.lateRows = sides.lateRows();
        report.badRows = sides.badRows();
        report.maxDisorderMillis = feeder.maxDisorderMicros() / MICROS_PER_MILLI;
    }
}
