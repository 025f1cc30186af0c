package io.millrace.benchmarks.expression;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.KernelMode;
import io.millrace.operators.evaluation.ExpressionEvaluator;
import io.millrace.operators.evaluation.PredicateEvaluator;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.function.FunctionRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

/**
 * Question: what does an expression cost a row, interpreted and compiled? Data: one batch of 4096 rows in cache, random
 * and seeded: auctions, prices, discounts as DECIMAL(15, 2), URLs, and channels as a dictionary of 5. A case's answer,
 * the rows kept or a sum over the results, is checked against a plain loop before a time is printed.
 *
 * <p>{@code java --add-modules jdk.incubator.vector -cp … io.millrace.benchmarks.expression.ExpressionBenchmark
 * [rounds, 9]}; one line of JSON a case and evaluator: the median over the rounds, in which both take turns, of about
 * 40 ms of the thread's CPU time each.
 */
public final class ExpressionBenchmark implements AutoCloseable {
    private static final int ROWS = 4096;
    private static final long ROUND_NANOS = 40_000_000L;
    private static final int WARM_UPS = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Schema SCHEMA =
            Schema.of(
                    "auction", DataType.BIGINT.notNull(),
                    "bidder", DataType.BIGINT.notNull(),
                    "price", DataType.decimal(15, 2).notNull(),
                    "discount", DataType.decimal(15, 2).notNull(),
                    "channel", DataType.VARCHAR.notNull(),
                    "url", DataType.VARCHAR.notNull());
    private static final String[] CHANNELS = {"Google", "Facebook", "Baidu", "Apple", "channel-4711"};

    /** A projection or a condition, and what comes of it in a plain loop. */
    private record Case(String name, Expression expression, boolean condition, long expected) {}

    private final Allocator allocator = Allocator.root(256L << 20);
    private final FunctionRegistry functions = FunctionRegistry.builtIn();
    private final long[] auctions = new long[ROWS];
    private final long[] bidders = new long[ROWS];
    private final long[] cents = new long[ROWS];
    private final long[] discounts = new long[ROWS];
    private final int[] channels = new int[ROWS];
    private final String[] urls = new String[ROWS];
    private final Batch batch;

    private ExpressionBenchmark() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < ROWS; i++) {
            auctions[i] = random.nextLong(1_000_000);
            bidders[i] = random.nextLong(1_000_000);
            cents[i] = random.nextLong(10_000_000);
            discounts[i] = random.nextLong(11);
            channels[i] = random.nextInt(CHANNELS.length);
            urls[i] =
                    "https://www.nexmark.com/"
                            + (i % 3 == 0 ? "item" : "page")
                            + random.nextInt(100_000)
                            + "/q.htm?x=1";
        }
        batch = new Batch(SCHEMA, columns(), ROWS);
    }

    private Column[] columns() {
        Column[] columns = new Column[SCHEMA.size()];
        for (int c = 0; c < columns.length; c++) {
            if (c == 4) {
                columns[c] = dictionary();
                continue;
            }
            try (ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.BATCH, SCHEMA.type(c), ROWS)) {
                for (int i = 0; i < ROWS; i++) {
                    builder.appendObject(
                            switch (c) {
                                case 0 -> (Object) auctions[i];
                                case 1 -> bidders[i];
                                case 2 -> BigDecimal.valueOf(cents[i], 2);
                                case 3 -> BigDecimal.valueOf(discounts[i], 2);
                                default -> urls[i];
                            });
                }
                columns[c] = builder.build();
            }
        }
        return columns;
    }

    private Column dictionary() {
        Buffer indices = allocator.allocate(MemoryTag.BATCH, 4L * ROWS);
        for (int i = 0; i < ROWS; i++) {
            Mem.putInt(indices.address() + 4L * i, channels[i]);
        }
        try (ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.BATCH, SCHEMA.type(4), CHANNELS.length)) {
            for (String channel : CHANNELS) {
                builder.appendObject(channel);
            }
            return Column.dictionary(ROWS, 0, indices, null, builder.build());
        }
    }

    private Expression call(String name, Expression... arguments) {
        List<DataType> types = Arrays.stream(arguments).map(Expression::type).toList();
        return new Expression.Call(name, List.of(arguments), functions.resolve(name, types).resultType());
    }

    private static Expression column(int index) {
        return new Expression.Input(index, SCHEMA.type(index));
    }

    private static Expression number(long value) {
        return new Expression.Literal(value, DataType.BIGINT.notNull());
    }

    private static Expression text(String value) {
        return new Expression.Literal(value, DataType.VARCHAR.notNull());
    }

    /** A sum over rows; of a condition, the sum of the rows' indices that satisfy it. */
    private static long sum(ToLongFunction<Integer> row) {
        long sum = 0;
        for (int i = 0; i < ROWS; i++) {
            sum += row.applyAsLong(i);
        }
        return sum;
    }

    private List<Case> cases() {
        Expression auction = column(0);
        Expression bidder = column(1);
        Expression one = new Expression.Literal(new BigDecimal("1.00"), DataType.decimal(3, 2).notNull());
        List<Case> cases = new ArrayList<>();
        cases.add(
                new Case(
                        "where auction > 500000",
                        call(">", auction, number(500_000)),
                        true,
                        sum(i -> auctions[i] > 500_000 ? i : 0)));
        cases.add(
                new Case(
                        "where auction % 123 = 0",
                        call("=", call("%", auction, number(123)), number(0)),
                        true,
                        sum(i -> auctions[i] % 123 == 0 ? i : 0)));
        cases.add(
                new Case(
                        "where auction < bidder",
                        call("<", auction, bidder),
                        true,
                        sum(i -> auctions[i] < bidders[i] ? i : 0)));
        cases.add(
                new Case(
                        "where channel like '%o%'",
                        call("LIKE", column(4), text("%o%")),
                        true,
                        sum(i -> CHANNELS[channels[i]].contains("o") ? i : 0)));
        cases.add(
                new Case(
                        "where url like '%item%'",
                        call("LIKE", column(5), text("%item%")), true, sum(i -> urls[i].contains("item") ? i : 0)));
        cases.add(new Case("auction + bidder", call("+", auction, bidder), false, sum(i -> auctions[i] + bidders[i])));
        cases.add(
                new Case(
                        "auction * 3 + bidder % 10",
                        call("+", call("*", auction, number(3)), call("%", bidder, number(10))),
                        false,
                        sum(i -> auctions[i] * 3 + bidders[i] % 10)));
        cases.add(
                new Case(
                        "price * (1 - discount)",
                        call("*", column(2), call("-", one, column(3))),
                        false,
                        sum(i -> cents[i] * (100 - discounts[i]))));
        cases.add(
                new Case(
                        "case when auction < 1000 then 1 else 0",
                        call("CASE", call("<", auction, number(1_000)), number(1), number(0)),
                        false,
                        sum(i -> auctions[i] < 1_000 ? 1 : 0)));
        cases.add(
                new Case(
                        "char_length(upper(url))",
                        call("CHAR_LENGTH", call("UPPER", column(5))),
                        false,
                        sum(i -> urls[i].length())));
        return cases;
    }

    /** Computes one batch; the sum that a case expects. Summing is not timed. */
    private interface Runner extends AutoCloseable {
        void run();

        long check();

        @Override
        void close();
    }

    private Runner runner(Case c, KernelMode kernels) {
        BenchmarkContext context = new BenchmarkContext(allocator, kernels, ROWS);
        return c.condition()
                ? new Condition(batch, PredicateEvaluator.of(c.expression(), context))
                : new Projection(batch, ExpressionEvaluator.of(List.of(c.expression()), context));
    }

    private record Condition(Batch batch, PredicateEvaluator evaluator) implements Runner {
        @Override
        public void run() {
            try (Batch shared = batch.share()) {
                evaluator.narrow(shared);
            }
        }

        @Override
        public long check() {
            try (Batch shared = batch.share()) {
                evaluator.narrow(shared);
                long sum = 0;
                for (int i = 0; i < shared.activeCount(); i++) {
                    sum += shared.row(i);
                }
                return sum;
            }
        }

        @Override
        public void close() {
            evaluator.close();
        }
    }

    private record Projection(Batch batch, ExpressionEvaluator evaluator) implements Runner {
        @Override
        public void run() {
            evaluator.evaluate(batch)[0].release();
        }

        @Override
        public long check() {
            Column column = evaluator.evaluate(batch)[0];
            long sum = 0;
            for (int i = 0; i < ROWS; i++) {
                sum +=
                        column.getObject(i) instanceof BigDecimal decimal
                                ? decimal.unscaledValue().longValueExact()
                                : column.getLong(i);
            }
            column.release();
            return sum;
        }

        @Override
        public void close() {
            evaluator.close();
        }
    }

    private static double round(Runner runner) {
        long began = THREADS.getCurrentThreadCpuTime();
        long batches = 0;
        long now = began;
        while (now - began < ROUND_NANOS) {
            for (int i = 0; i < 64; i++) {
                runner.run();
            }
            batches += 64;
            now = THREADS.getCurrentThreadCpuTime();
        }
        return (double) (now - began) / (batches * ROWS);
    }

    private void measure(Case c, int rounds) {
        KernelMode[] modes = KernelMode.values();
        Runner[] runners = new Runner[modes.length];
        double[][] nanos = new double[modes.length][rounds];
        try {
            for (int m = 0; m < modes.length; m++) {
                runners[m] = runner(c, modes[m]);
                for (int i = 0; i < WARM_UPS; i++) {
                    round(runners[m]);
                }
                if (runners[m].check() != c.expected()) {
                    throw new IllegalStateException(
                            c.name() + " " + modes[m] + ": expected " + c.expected() + ", found " + runners[m].check());
                }
            }
            for (int i = 0; i < rounds; i++) {
                for (int m = 0; m < modes.length; m++) {
                    nanos[m][i] = round(runners[m]);
                }
            }
        } finally {
            for (Runner runner : runners) {
                if (runner != null) {
                    runner.close();
                }
            }
        }
        for (int m = 0; m < modes.length; m++) {
            Arrays.sort(nanos[m]);
            System.out.printf(
                    Locale.ROOT,
                    "{\"benchmark\":\"expression\",\"case\":\"%s\",\"kernels\":\"%s\",\"ns_per_row\":%.3f,\"min\":%.3f,"
                            + "\"rounds\":%d,\"vector_api\":%b,\"jdk\":\"%s\"}%n",
                    c.name(),
                    modes[m].name().toLowerCase(Locale.ROOT),
                    nanos[m][rounds / 2],
                    nanos[m][0],
                    rounds,
                    ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
                    Runtime.version());
        }
    }

    /** Runs every case. */
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        try (ExpressionBenchmark benchmark = new ExpressionBenchmark()) {
            for (Case c : benchmark.cases()) {
                benchmark.measure(c, rounds);
            }
        }
    }

    @Override
    public void close() {
        batch.close();
        allocator.close();
    }
}
