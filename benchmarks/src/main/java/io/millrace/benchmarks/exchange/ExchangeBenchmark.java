package io.millrace.benchmarks.exchange;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.Output;
import io.millrace.operators.contract.RunContext;
import io.millrace.operators.contract.SideTables;
import io.millrace.operators.contract.SourceOperator;
import io.millrace.operators.graph.Edge;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.operators.graph.Partitioning;
import io.millrace.scheduler.job.Job;
import io.millrace.scheduler.job.JobOptions;
import io.millrace.scheduler.job.JobState;
import io.millrace.scheduler.job.Scheduler;
import io.millrace.scheduler.job.SchedulerOptions;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Question: how many rows a second do two workers hash-exchange, and what does an operator more in a chain cost a
 * batch? Data: batches of 4096 rows made beforehand, of random BIGINTs, one of them the key, and in one case a string
 * of 20 to 80 bytes; the sink sums the key column, and the sums are compared with the source's before a time is
 * printed. Every source emits a watermark after each batch. CPU time is the whole process's, source and sink included.
 *
 * <p>{@code java -cp … io.millrace.benchmarks.exchange.ExchangeBenchmark [millions of rows, default 100] [rounds, 7]};
 * one line of JSON a case, median of the rounds after two that do not count.
 */
public final class ExchangeBenchmark {
    private static final int BATCH_ROWS = 4096;
    private static final int POOLED_BATCHES = 8;
    private static final int WARM_UPS = 2;

    private final Schema schema;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong receivedRows = new AtomicLong();
    private final AtomicLong receivedBatches = new AtomicLong();

    private ExchangeBenchmark(int longs, boolean string) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < longs; i++) {
            fields.add(new Field("long" + i, DataType.BIGINT.notNull()));
        }
        if (string) {
            fields.add(new Field("string", DataType.VARCHAR.notNull()));
        }
        this.schema = new Schema(fields);
    }

    private record Case(String name, int longs, boolean string, int tasks, int chained, Partitioning partitioning) {}

    private record Round(double rowsPerSecond, double cpuNanosPerRow, double cpuNanosPerBatch, double sinkBatchRows) {}

    public static void main(String[] args) throws InterruptedException {
        long rows = (args.length > 0 ? Long.parseLong(args[0]) : 100) * 1_000_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        Partitioning hash = new Partitioning.Hash(List.of(0));
        List<Case> cases =
                List.of(
                        new Case("hash 1 long", 1, false, 2, 0, hash),
                        new Case("hash 4 longs", 4, false, 2, 0, hash),
                        new Case("hash 2 longs, 1 string", 2, true, 2, 0, hash),
                        new Case("hash 1 long, 4 to 4 tasks", 1, false, 4, 0, hash),
                        new Case("whole batches, 2 to 2 tasks", 1, false, 2, 0, Partitioning.ROUND_ROBIN),
                        new Case("chain of 2", 1, false, 2, 0, Partitioning.FORWARD),
                        new Case("chain of 7", 1, false, 2, 5, Partitioning.FORWARD));
        for (Case measured : cases) {
            ExchangeBenchmark benchmark = new ExchangeBenchmark(measured.longs(), measured.string());
            List<Round> results = new ArrayList<>();
            for (int round = 0; round < WARM_UPS + rounds; round++) {
                Round result = benchmark.run(measured, rows);
                if (round >= WARM_UPS) {
                    results.add(result);
                }
            }
            report(measured, rows, results);
        }
    }

    private static void report(Case measured, long rows, List<Round> results) {
        System.out.printf(
                Locale.ROOT,
                "{\"case\":\"%s\",\"rows\":%d,\"rows_per_s\":%.0f,\"cpu_ns_per_row\":%.2f,\"cpu_ns_per_batch\":%.0f,"
                        + "\"sink_batch_rows\":%.0f,\"rounds\":%d,\"jdk\":\"%s\",\"cores\":%d,\"commit\":\"%s\"}%n",
                measured.name(),
                rows,
                median(results, Round::rowsPerSecond),
                median(results, Round::cpuNanosPerRow),
                median(results, Round::cpuNanosPerBatch),
                median(results, Round::sinkBatchRows),
                results.size(),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("millrace.commit", "unknown"));
    }

    private static double median(List<Round> results, java.util.function.ToDoubleFunction<Round> figure) {
        double[] figures = results.stream().mapToDouble(figure).toArray();
        Arrays.sort(figures);
        return figures[figures.length / 2];
    }

    private Round run(Case measured, long rows) throws InterruptedException {
        for (AtomicLong counter : List.of(sent, received, receivedRows, receivedBatches)) {
            counter.set(0);
        }
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (Allocator allocator = Allocator.root(1L << 30);
                Scheduler scheduler = Scheduler.start(SchedulerOptions.ofWorkers(2), allocator, Clock.system())) {
            long cpuBefore = process.getProcessCpuTime();
            long before = System.nanoTime();
            Job job = scheduler.submit("benchmark", graph(measured, rows), JobOptions.DEFAULTS, SideTables.NONE);
            JobState state = job.await();
            long wallNanos = System.nanoTime() - before;
            long cpuNanos = process.getProcessCpuTime() - cpuBefore;
            if (state != JobState.FINISHED || sent.get() != received.get()) {
                throw new IllegalStateException(
                        "expected the sum " + sent + ", found " + received + " state=" + state + " " + job.failure());
            }
            long count = receivedRows.get();
            return new Round(
                    count * 1e9 / wallNanos,
                    (double) cpuNanos / count,
                    (double) cpuNanos / count * BATCH_ROWS,
                    (double) count / receivedBatches.get());
        }
    }

    private OperatorGraph graph(Case measured, long rows) {
        List<Node> nodes = new ArrayList<>();
        int tasks = measured.tasks();
        nodes.add(
                new Node(0, new Step("Source", schema, context -> new Source(context, rows)), List.of(), tasks, true));
        for (int i = 0; i < measured.chained(); i++) {
            nodes.add(
                    new Node(
                            i + 1,
                            new Step("Pass", schema, context -> new Pass()),
                            List.of(new Edge(i, 0, Partitioning.FORWARD)),
                            tasks,
                            true));
        }
        int last = nodes.size();
        nodes.add(
                new Node(
                        last,
                        new Step("Sink", schema, context -> new Sink()),
                        List.of(new Edge(last - 1, 0, measured.partitioning())),
                        tasks,
                        true));
        return new OperatorGraph(nodes);
    }

    private record Step(String name, Schema outputSchema, Function<OperatorContext, Operator> opener)
            implements OperatorSpec {
        @Override
        public String describe() {
            return "";
        }

        @Override
        public ChangelogKind changelogKind() {
            return ChangelogKind.APPEND;
        }

        @Override
        public OperatorRun start(RunContext context) {
            return opener::apply;
        }
    }

    private final class Source implements SourceOperator {
        private final Batch[] pool = new Batch[POOLED_BATCHES];
        private final long[] sums = new long[POOLED_BATCHES];
        private final long batches;
        private long emitted;
        private long sum;

        Source(OperatorContext context, long rows) {
            this.batches = rows / context.taskCount() / BATCH_ROWS;
            SplittableRandom random = new SplittableRandom(context.taskIndex());
            try (BatchBuilder builder = new BatchBuilder(context.allocator(), schema, BATCH_ROWS)) {
                for (int i = 0; i < POOLED_BATCHES; i++) {
                    sums[i] = fill(builder, random);
                    pool[i] = builder.build();
                }
            }
        }

        private long fill(BatchBuilder builder, SplittableRandom random) {
            byte[] bytes = new byte[80];
            long keys = 0;
            for (int row = 0; row < BATCH_ROWS; row++) {
                for (int column = 0; column < schema.size(); column++) {
                    if (schema.type(column).equals(DataType.VARCHAR.notNull())) {
                        random.nextBytes(bytes);
                        builder.column(column).appendBytes(bytes, 0, 20 + random.nextInt(60));
                    } else {
                        long value = random.nextLong();
                        keys += column == 0 ? value : 0;
                        builder.column(column).appendLong(value);
                    }
                }
            }
            return keys;
        }

        @Override
        public Poll poll(Output output) {
            while (emitted < batches) {
                int chosen = (int) (emitted++ % POOLED_BATCHES);
                sum += sums[chosen];
                output.emit(pool[chosen].share());
                output.watermark(emitted);
                if (output.isFull()) {
                    return Poll.ACTIVE;
                }
            }
            sent.addAndGet(sum);
            return Poll.FINISHED;
        }

        @Override
        public void close() {
            for (int i = 0; i < pool.length; i++) {
                if (pool[i] != null) {
                    pool[i].close();
                    pool[i] = null;
                }
            }
        }
    }

    private static final class Pass implements Operator {
        @Override
        public void process(int input, Batch batch, Output output) {
            output.emit(batch);
        }
    }

    private final class Sink implements Operator {
        private long rows;
        private long batches;
        private long sum;

        @Override
        public void process(int input, Batch batch, Output output) {
            batches++;
            rows += batch.rowCount();
            sum += sum(batch.column(0).valuesAddress(), batch.rowCount());
            batch.close();
        }

        private static long sum(long values, int count) {
            long sum = 0;
            for (int i = 0; i < count; i++) {
                sum += Mem.getLong(values + 8L * i);
            }
            return sum;
        }

        @Override
        public void advance(long watermarkMicros, Output output) {
            if (watermarkMicros == END_OF_INPUT) {
                received.addAndGet(sum);
                receivedRows.addAndGet(rows);
                receivedBatches.addAndGet(batches);
            }
        }
    }
}
