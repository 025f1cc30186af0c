package io.millrace.benchmarks.state;

import io.millrace.benchmarks.keyed.KeyedEvents;
import io.millrace.benchmarks.keyed.PeerLoad;
import io.millrace.benchmarks.keyed.ProcessCost;
import io.millrace.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Question: how many rows a CPU-second does a keyed count take whose state is kept, beside Flink 2.3 with RocksDB and
 * incremental checkpoints on the same machine in the same run, while the state fits and when it is many times the
 * memory?
 *
 * <p>Every run is a process of its own, the engines in turn. The rows are made inside it and are the same for all: a
 * key of 16 bytes, uniform or Zipf 0.99, and a number; {@link io.millrace.benchmarks.keyed.PeerCourse} says what is
 * measured, {@code io.millrace.benchmarks.flink.FlinkSide} how Flink is set. CPU time is that of all threads of the
 * process: generator, network, compaction, checkpoints, JIT and garbage collection. Two kinds of results:
 *
 * <ul>
 *   <li>{@code each}: Millrace gives its changes every {@code epoch-ms}, Flink each update at once. {@code
 *       flink-bundle} gathers rows for as long as an epoch before it looks at its state.
 *   <li>{@code end}: every group once, when the input ends; that is measured too.
 * </ul>
 *
 * <p>Each answer, (key, count, sum) of the whole state, must be that of a recount by neither engine, or nothing is
 * reported. Memory is what Flink's RocksDB may use and what Millrace may hold of rows and state; the Java heap comes on
 * top of it for both, with the same bound.
 *
 * <p>{@code benchmarks/run peer-state [keys (1000000)] [measured seconds (20)] [MiB (1024)] [file for the result]
 * [name=value …]} with the names of {@link PeerLoad}, and
 *
 * <ul>
 *   <li>{@code engines=millrace,flink,flink-bundle}, {@code distributions=zipf,uniform}, {@code emits=each,end}, {@code
 *       repeats=1}: what is run
 *   <li>{@code checkpoint-ms=10000}, {@code epoch-ms=100}, {@code parallelism=…}, {@code warm-up-ms=5000}, {@code
 *       settle-ms=2000}, {@code seed=7}, {@code flink.conf.…=…}: how
 *   <li>{@code directory=…}: where states and checkpoints lie meanwhile; a new one below {@code java.io.tmpdir}
 * </ul>
 */
public final class PeerBenchmark {
    private static final int GENERATED_ROWS = 20_000_000;

    private final PeerLoad load;
    private final PeerProcesses processes;
    private final List<String> engines;
    private final int repeats;

    private PeerBenchmark(PeerLoad load, PeerProcesses processes) {
        this.load = load;
        this.processes = processes;
        this.engines = list("engines", "millrace,flink,flink-bundle");
        this.repeats = load.number("repeats", 1);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> given = new ArrayList<>(Arrays.asList(arguments));
        List<String> options = given.stream().filter(argument -> argument.contains("=")).toList();
        given.removeAll(options);
        PeerLoad load =
                PeerLoad.parse(options.toArray(String[]::new))
                        .with("keys", given.size() > 0 ? given.get(0) : "1000000")
                        .with("run-ms", given.size() > 1 ? Integer.parseInt(given.get(1)) * 1000 : 20_000)
                        .with("memory-mib", given.size() > 2 ? given.get(2) : "1024");
        Path directory =
                load.options().containsKey("directory") ? load.directory() : Files.createTempDirectory("peer-state");
        try {
            new PeerBenchmark(load, new PeerProcesses(directory))
                    .measure()
                    .publish(given.size() > 3 ? Path.of(given.get(3)) : null);
        } finally {
            Trees.delete(directory);
        }
    }

    private List<String> list(String name, String otherwise) {
        return List.of(load.text(name, otherwise).split(",", -1));
    }

    private Report measure() throws IOException, InterruptedException {
        Report report = new Report("peer-state").put("load", load.options()).put("repeats", repeats);
        for (String distribution : list("distributions", "zipf,uniform")) {
            PeerLoad drawn = load.with("distribution", distribution);
            report.put(distribution + "_generator_ns_a_row", generatorNanos(drawn.events()));
            for (String emit : list("emits", "each,end")) {
                report.put(distribution + "_" + emit, variant(drawn.with("emit", emit)));
            }
        }
        return report;
    }

    /** CPU time of making a row, which is in the figures of each engine. */
    private static double generatorNanos(KeyedEvents events) {
        long spent = 0;
        for (int round = 0; round < 3; round++) {
            ProcessCost start = ProcessCost.now();
            long sum = 0;
            for (long position = events.loadRows(); position < events.loadRows() + GENERATED_ROWS; position++) {
                int key = events.key(position);
                sum += KeyedEvents.keyHead(key) ^ KeyedEvents.keyTail(key) ^ KeyedEvents.value(position);
            }
            spent = ProcessCost.now().since(start).cpuNanos() + (sum == 1 ? 1 : 0);
        }
        return Report.rounded((double) spent / GENERATED_ROWS, 1);
    }

    private Map<String, Object> variant(PeerLoad asked) throws IOException, InterruptedException {
        Map<String, List<PeerFigures>> runs = new LinkedHashMap<>();
        engines.forEach(engine -> runs.put(engine, new ArrayList<>()));
        for (int repeat = 0; repeat < repeats; repeat++) {
            for (int turn = 0; turn < engines.size(); turn++) {
                // Another order each time, so that none is always the first.
                String engine = engines.get((turn + repeat) % engines.size());
                PeerFigures figures = processes.run(engine, asked);
                figures.checkAnswer(asked.events());
                runs.get(engine).add(figures);
                say(engine, asked, figures);
            }
        }
        Map<String, Object> variant = new LinkedHashMap<>();
        List<PeerFigures> first = runs.get(engines.getFirst());
        runs.forEach((engine, all) -> {
            Map<String, Object> summary = PeerFigures.summary(all);
            double byCpu = times(first, all, PeerFigures::eventsACpuSecond);
            double before = times(first, all, PeerFigures::eventsACpuSecondBeforeTheEnd);
            double byWall = times(first, all, PeerFigures::eventsASecond);
            summary.put(engines.getFirst() + "_times_its_events_a_cpu_s", byCpu);
            summary.put(engines.getFirst() + "_times_its_events_a_cpu_s_before_the_end", before);
            summary.put(engines.getFirst() + "_times_its_events_a_s", byWall);
            variant.put(engine, summary);
            System.err.printf(
                    Locale.ROOT,
                    "%-8s %-5s %-13s %,12.0f events/CPU-s   %s: %.2f times that, %.2f before the end, %.2f by wall"
                            + " time%n",
                    asked.text("distribution", ""),
                    asked.text("emit", ""),
                    engine,
                    PeerFigures.median(all, PeerFigures::eventsACpuSecond),
                    engines.getFirst(),
                    byCpu,
                    before,
                    byWall);
        });
        return variant;
    }

    private static double times(
            List<PeerFigures> first, List<PeerFigures> other, ToDoubleFunction<PeerFigures> figure) {
        return Report.rounded(PeerFigures.median(first, figure) / PeerFigures.median(other, figure), 2);
    }

    private static void say(String engine, PeerLoad asked, PeerFigures figures) {
        System.err.printf(
                Locale.ROOT,
                "  %s %s %s: %s%n",
                asked.text("distribution", ""),
                asked.text("emit", ""),
                engine,
                figures.inShort());
    }
}
