package io.millrace.benchmarks.latency;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.millrace.benchmarks.report.Report;
import io.millrace.benchmarks.report.ThreadCpu;
import io.millrace.connectors.kafka.broker.BrokerConfig;
import io.millrace.connectors.kafka.broker.BrokerProcess;
import io.millrace.engine.Millrace;
import io.millrace.engine.ScriptJob;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.engine.view.View;
import io.millrace.engine.view.ViewPage;
import io.millrace.memory.time.Clock;
import io.millrace.scheduler.job.JobState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Question: at a steady rate of JSON bids through a real broker on the same machine, how long is it from when a bid was
 * due to when a reader of a view can see that it was counted? The view is a 10-second tumbling count by auction with
 * early results. Producer and broker are processes of their own. One bid a millisecond is a probe, the last of its
 * millisecond; percentiles are those of all probes after the warm-up. At the end the job is drained, and the view must
 * hold each bid that was sent once, or nothing is reported.
 *
 * <p>{@code benchmarks/run latency [bids a second (200000)] [view.epoch in ms (10)] [seconds (60)] [seconds of warm-up
 * (20)] [parallelism (1)] [file for the result]}
 */
public final class LatencyBenchmark {
    private static final Clock CLOCK = Clock.system();
    private static final String TOPIC = "bids";
    private static final int PARTITIONS = 4;
    private static final long START_IN_MILLIS = 3_000;
    private static final long AWAIT_NANOS = 60_000_000_000L;

    /**
     * What is asked.
     *
     * @param parallelism of the job
     */
    private record Load(int bidsPerSecond, int epochMillis, int seconds, int warmUpSeconds, int parallelism) {
        int millis() {
            return (seconds + warmUpSeconds) * 1_000;
        }

        int unmeasuredMillis() {
            return warmUpSeconds * 1_000;
        }
    }

    private LatencyBenchmark() {}

    public static void main(String[] arguments) throws IOException, ExecutionException, InterruptedException {
        Load load =
                new Load(
                        number(arguments, 0, 200_000),
                        number(arguments, 1, 10),
                        number(arguments, 2, 60),
                        number(arguments, 3, 20),
                        number(arguments, 4, 1));
        Path file = arguments.length > 5 ? Path.of(arguments[5]) : null;
        Path directory = Files.createTempDirectory("latency");
        BrokerConfig config =
                new BrokerConfig(BrokerConfig.ownClassPath(), directory, 512, Map.of("log.segment.bytes", "268435456"));
        MillraceConfig engine =
                MillraceConfig.defaults()
                        .withParallelism(load.parallelism())
                        .withSetting("view.epoch", load.epochMillis() + " ms");
        try (BrokerProcess broker = BrokerProcess.start(config, CLOCK);
                Millrace millrace = Millrace.open(engine);
                Session session = millrace.session()) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
            }
            ScriptJob job = session.start("latency", script(broker.bootstrapServers()));
            measure(load, broker, job).publish(file);
        } finally {
            deleteAll(directory);
        }
    }

    private static int number(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private static String script(String servers) {
        return "CREATE TABLE bids (event_id BIGINT, auction BIGINT, bidder BIGINT, price BIGINT, channel STRING,"
                + " url STRING, date_time TIMESTAMP(3), extra STRING,"
                + " WATERMARK FOR date_time AS date_time - INTERVAL '1' SECOND) WITH ('connector' = 'kafka',"
                + " 'topic' = '"
                + TOPIC
                + "', 'properties.bootstrap.servers' = '"
                + servers
                + "',"
                + " 'scan.startup.mode' = 'earliest-offset', 'format' = 'json');"
                + "CREATE MATERIALIZED VIEW bids_by_auction AS SELECT window_start, window_end, auction, COUNT(*) AS"
                + " bids FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '10' SECOND))"
                + " GROUP BY window_start, window_end, auction;";
    }

    private static Report measure(Load load, BrokerProcess broker, ScriptJob job)
            throws IOException, InterruptedException {
        View view = job.views().getFirst();
        long firstMillis = CLOCK.epochMicros() / 1_000 + START_IN_MILLIS;
        Process producer = startProducer(load, broker.bootstrapServers(), firstMillis);
        Map<String, Object> cpu = new LinkedHashMap<>();
        try (ViewProbe probe = new ViewProbe(view, firstMillis, load.millis(), load.unmeasuredMillis())) {
            probe.start();
            Thread.sleep(START_IN_MILLIS + load.unmeasuredMillis());
            Cpu before = Cpu.now(broker.processId(), producer.pid());
            Thread.sleep(load.seconds() * 1_000L - 500);
            Cpu.now(broker.processId(), producer.pid()).since(before, cpu);
            String sent = new String(producer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (producer.waitFor() != 0) {
                throw new IllegalStateException("the producer failed; see above");
            }
            if (!probe.awaitAll(AWAIT_NANOS)) {
                throw new IllegalStateException("expected " + load.millis() + " probes, saw " + probe.seenCount());
            }
            probe.close();
            job.job().drain();
            JobState state = job.job().await();
            Map<?, ?> producerSays = new ObjectMapper().readValue(sent, Map.class);
            checkAnswer(view, state, ((Number) producerSays.get("sent")).longValue());
            return new Report("latency")
                    .put("bids_per_second", load.bidsPerSecond())
                    .put("view_epoch_ms", load.epochMillis())
                    .put("seconds", load.seconds())
                    .put("parallelism", load.parallelism())
                    .put("probes", probe.micros().getTotalCount())
                    .put("latency_ms", percentiles(probe.micros()))
                    .put("between_publications_ms", percentiles(probe.betweenMicros()))
                    .put("rows_written_by_a_publication", Math.round(probe.meanRowsWritten()))
                    .put("producer", producerSays)
                    .put("cores_used", cpu);
        }
    }

    private static Process startProducer(Load load, String servers, long firstMillis) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xms1g", "-Xmx1g", "-XX:+UseZGC", "-XX:-UsePerfData"));
        command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp"));
        command.addAll(List.of(System.getProperty("java.class.path"), BidProducer.class.getName()));
        command.addAll(List.of(servers, TOPIC, String.valueOf(PARTITIONS), String.valueOf(load.bidsPerSecond())));
        command.addAll(
                List.of(
                        String.valueOf(firstMillis),
                        String.valueOf(load.millis()),
                        String.valueOf(load.unmeasuredMillis())));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void checkAnswer(View view, JobState state, long sent) {
        long[] counted = new long[1];
        int column = view.schema().indexOf("bids");
        try (ViewPage page = view.read(Long.MAX_VALUE, 0)) {
            page.forEach((batch, row, isFinal) -> counted[0] += batch.column(column).getLong(row));
        }
        if (state != JobState.FINISHED || counted[0] != sent) {
            throw new IllegalStateException(
                    "expected state=FINISHED bids=" + sent + ", found state=" + state + " bids=" + counted[0]);
        }
    }

    private static Map<String, Object> percentiles(Histogram micros) {
        Map<String, Object> percentiles = new LinkedHashMap<>();
        percentiles.put("p50", Report.rounded(micros.getValueAtPercentile(50) / 1e3, 1));
        percentiles.put("p99", Report.rounded(micros.getValueAtPercentile(99) / 1e3, 1));
        percentiles.put("p99_99", Report.rounded(micros.getValueAtPercentile(99.99) / 1e3, 1));
        percentiles.put("max", Report.rounded(micros.getMaxValue() / 1e3, 1));
        return percentiles;
    }

    /** CPU time of the three processes at one moment. */
    private record Cpu(long nanos, long engine, long broker, long producer, ThreadCpu threads) {
        static Cpu now(long broker, long producer) {
            long engine = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
            return new Cpu(CLOCK.nanoTime(), engine, of(broker), of(producer), ThreadCpu.now());
        }

        private static long of(long process) {
            return ProcessHandle.of(process)
                    .flatMap(handle -> handle.info().totalCpuDuration())
                    .map(java.time.Duration::toNanos)
                    .orElse(0L);
        }

        void since(Cpu before, Map<String, Object> cores) {
            double wall = nanos - before.nanos;
            cores.put("engine", Report.rounded((engine - before.engine) / wall, 3));
            cores.put("broker", Report.rounded((broker - before.broker) / wall, 3));
            cores.put("producer", Report.rounded((producer - before.producer) / wall, 3));
            Map<String, Object> byThread = new TreeMap<>();
            threads.since(before.threads)
                    .forEach((thread, spent) -> byThread.put(thread, Report.rounded(spent / wall, 3)));
            byThread.values().removeIf(share -> share.equals(0.0));
            cores.put("engine_by_thread", byThread);
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
