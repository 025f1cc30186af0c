package io.millrace.scheduler.testing;

import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.graph.Edge;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.operators.graph.Partitioning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;

/** Graphs of the test operators, each with the answer it must give. */
public final class TestGraphs {
    private static final Partitioning BY_KEY = new Partitioning.Hash(List.of(TestRows.KEY));
    private static final Partitioning BY_NUMBER = new Partitioning.Hash(List.of(TestRows.NUMBER));

    /** The shapes there are. */
    public enum Shape {
        /** Source, filter, exchange by key, sum, gather into one sink. */
        LINE,
        /** A source read by two filters whose union is summed. */
        DIAMOND,
        /** A source joined with itself, once by way of a filter that lets all through. */
        SELF_JOIN,
        /** A sum that two sinks and a union of itself read. */
        SHARED,
        /** Whole batches in turn, then broadcast. */
        SPREAD,
        /** Endless sources of which the first rows are enough for one sink, and rows that end for another. */
        LIMIT,
        /** Two sources of which one is far smaller, in a union within one task. */
        TWO_SOURCES
    }

    /**
     * A graph and what its sinks must have got.
     *
     * @param expected rows by weight, a map a sink
     * @param expectedAt what the first sink must have got at a marker; null when that is not known
     */
    public record Case(
            OperatorGraph graph,
            List<Collect.Result> results,
            List<Map<String, Long>> expected,
            LongFunction<Map<String, Long>> expectedAt) {}

    private final List<Node> nodes = new ArrayList<>();
    private final List<Collect.Result> results = new ArrayList<>();
    private final List<Map<String, Long>> expected = new ArrayList<>();
    private final Numbers.Cuts cuts = new Numbers.Cuts();
    private LongFunction<Map<String, Long>> expectedAt;
    private final RandomGenerator random;
    private final long rows;
    private final int keys;
    private final int parallelism;

    private TestGraphs(RandomGenerator random, long rows, int parallelism) {
        this.random = random;
        this.rows = rows;
        this.keys = 1 + random.nextInt(20);
        this.parallelism = parallelism;
    }

    /** A graph of the shape, whose sizes are drawn from {@code random}. */
    public static Case of(Shape shape, RandomGenerator random, long rows, int parallelism) {
        TestGraphs graphs = new TestGraphs(random, rows, parallelism);
        switch (shape) {
            case LINE -> graphs.line();
            case DIAMOND -> graphs.diamond();
            case SELF_JOIN -> graphs.selfJoin();
            case SHARED -> graphs.shared();
            case SPREAD -> graphs.spread();
            case LIMIT -> graphs.limit();
            case TWO_SOURCES -> graphs.twoSources();
        }
        return new Case(new OperatorGraph(graphs.nodes), graphs.results, graphs.expected, graphs.expectedAt);
    }

    private void line() {
        int source = source(rows, parallelism);
        int filter = add(pass(3, 1), parallelism, forward(source));
        int sum = add(sum(parallelism), parallelism, new Edge(filter, 0, BY_KEY));
        sink(sum, 1, Partitioning.GATHER, false, sums(1, number -> number % 3 == 1));
        expectedAt =
                epoch -> {
                    LongPredicate made = cuts.before(epoch, parallelism);
                    return sums(1, number -> number % 3 == 1 && made.test(number));
                };
    }

    private void diamond() {
        int source = source(rows, parallelism);
        int even = add(pass(2, 0), parallelism, forward(source));
        int odd = add(pass(2, 1), parallelism, new Edge(source, 0, Partitioning.ROUND_ROBIN));
        int sum = add(sum(0), parallelism, new Edge(even, 0, BY_KEY), new Edge(odd, 0, BY_KEY));
        sink(sum, parallelism, Partitioning.FORWARD, false, sums(1, number -> true));
    }

    private void selfJoin() {
        int source = source(rows, parallelism);
        int all = add(pass(1, 0), parallelism, forward(source));
        int join =
                add(
                        new Match(1 + random.nextInt(5)),
                        parallelism,
                        new Edge(source, 0, BY_NUMBER),
                        new Edge(all, 1, BY_NUMBER));
        sink(join, 1, Partitioning.GATHER, true, plain(1, number -> true));
        expectedAt = epoch -> plain(1, cuts.before(epoch, parallelism));
    }

    private void shared() {
        int source = source(rows, parallelism);
        int sum = add(sum(parallelism), parallelism, new Edge(source, 0, BY_KEY));
        sink(sum, 1, Partitioning.GATHER, false, sums(1, number -> true));
        expectedAt = epoch -> sums(1, cuts.before(epoch, parallelism));
        sink(sum, parallelism, Partitioning.ROUND_ROBIN, false, sums(1, number -> true));
        Collect.Result twice = new Collect.Result();
        add(
                new Collect(twice, TestRows.SUMS, false, 2),
                1,
                new Edge(sum, 0, Partitioning.GATHER),
                new Edge(sum, 0, Partitioning.GATHER));
        results.add(twice);
        expected.add(sums(2, number -> true));
    }

    private void spread() {
        int source = source(rows, 1);
        int filter = add(pass(2, 1), parallelism, new Edge(source, 0, Partitioning.ROUND_ROBIN));
        sink(filter, parallelism, Partitioning.BROADCAST, true, plain(parallelism, number -> number % 2 == 1));
    }

    private void limit() {
        int endless = source(Long.MAX_VALUE, parallelism);
        int filter = add(pass(2, 0), parallelism, forward(endless));
        int source = source(rows, parallelism);
        int mixed = add(pass(1, 0), parallelism, forward(filter), new Edge(source, 0, BY_KEY));
        int limit = add(new FirstRows(rows), 1, new Edge(mixed, 0, Partitioning.GATHER));
        sink(limit, 1, Partitioning.FORWARD, false, Map.of(List.of(0, rows, 0).toString(), 1L));
        int sum = add(sum(parallelism), parallelism, new Edge(source, 0, BY_KEY));
        sink(sum, 1, Partitioning.GATHER, false, sums(1, number -> true));
    }

    private void twoSources() {
        int large = source(rows, parallelism);
        int small = source(rows / 10, parallelism);
        int both = add(pass(1, 0), parallelism, forward(large), forward(small));
        int sum = add(sum(0), parallelism, new Edge(both, 0, BY_KEY));
        Map<String, Long> answer = new TreeMap<>();
        Map<Long, long[]> totals = new TreeMap<>();
        for (long number = 0; number < rows; number++) {
            total(totals, number, number < rows / 10 ? 2 : 1);
        }
        totals.forEach((key, total) -> answer.put(List.of(key, total[0], total[1]).toString(), 1L));
        sink(sum, 1, Partitioning.GATHER, false, answer);
    }

    private int add(OperatorSpec spec, int tasks, Edge... inputs) {
        nodes.add(new Node(nodes.size(), spec, List.of(inputs), tasks, true));
        return nodes.size() - 1;
    }

    private int source(long count, int tasks) {
        return add(
                new Numbers(count, keys, 1 + random.nextInt(16), random.nextBoolean(), random.nextLong(), cuts), tasks);
    }

    private Pass pass(int divisor, int remainder) {
        return new Pass(divisor, remainder, 1 + random.nextInt(6));
    }

    private KeyedSum sum(int sourceTasks) {
        return new KeyedSum(sourceTasks, 1 + random.nextInt(6));
    }

    private static Edge forward(int from) {
        return new Edge(from, 0, Partitioning.FORWARD);
    }

    private void sink(int from, int tasks, Partitioning partitioning, boolean timed, Map<String, Long> answer) {
        Collect.Result result = new Collect.Result();
        Schema schema = timed ? TestRows.SCHEMA : TestRows.SUMS;
        add(new Collect(result, schema, timed, 1 + random.nextInt(3)), tasks, new Edge(from, 0, partitioning));
        results.add(result);
        expected.add(answer);
    }

    private void total(Map<Long, long[]> totals, long number, int times) {
        long[] total = totals.computeIfAbsent(TestRows.key(number, keys), key -> new long[2]);
        total[0] += times;
        total[1] += times * number;
    }

    private Map<String, Long> sums(long weight, LongPredicate chosen) {
        Map<Long, long[]> totals = new TreeMap<>();
        for (long number = 0; number < rows; number++) {
            if (chosen.test(number)) {
                total(totals, number, 1);
            }
        }
        Map<String, Long> answer = new TreeMap<>();
        totals.forEach((key, total) -> answer.put(List.of(key, total[0], total[1]).toString(), weight));
        return answer;
    }

    private Map<String, Long> plain(long weight, LongPredicate chosen) {
        Map<String, Long> answer = new TreeMap<>();
        for (long number = 0; number < rows; number++) {
            if (chosen.test(number)) {
                answer.put(List.of(TestRows.key(number, keys), number, TestRows.time(number)).toString(), weight);
            }
        }
        return answer;
    }
}
