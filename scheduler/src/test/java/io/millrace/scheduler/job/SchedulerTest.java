package io.millrace.scheduler.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.EpochMarker;
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
import io.millrace.operators.sort.SortSpec;
import io.millrace.scheduler.testing.Collect;
import io.millrace.scheduler.testing.KeyedSum;
import io.millrace.scheduler.testing.Numbers;
import io.millrace.scheduler.testing.Pass;
import io.millrace.scheduler.testing.TestGraphs;
import io.millrace.scheduler.testing.TestRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulerTest {
    private static final long SEED = Long.getLong("millrace.seed", 1);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Allocator allocator = Allocator.root(512L << 20);
    private final Scheduler scheduler = Scheduler.start(SchedulerOptions.ofWorkers(2), allocator, Clock.system());

    @AfterEach
    void leavesNoMemory() {
        scheduler.close();
        allocator.close();
    }

    private Job submit(OperatorGraph graph, JobOptions options) {
        return scheduler.submit("test", graph, options, SideTables.NONE);
    }

    private static JobState end(Job job) throws InterruptedException {
        assertThat(job.await(LONG.toNanos())).as("ended in time").isTrue();
        return job.state();
    }

    private static void finish(Job job) throws InterruptedException {
        JobState state = end(job);
        job.failure()
                .ifPresent(failure -> {
                    throw new AssertionError(failure);
                });
        assertThat(state).isEqualTo(JobState.FINISHED);
    }

    @ParameterizedTest
    @EnumSource(TestGraphs.Shape.class)
    void answersOnThreadsWhatItAnswersWithout(TestGraphs.Shape shape) throws InterruptedException {
        for (int run = 0; run < 20; run++) {
            SplittableRandom random = new SplittableRandom(SEED * 1000 + run);
            TestGraphs.Case graph = TestGraphs.of(shape, random, 3_000, 1 + random.nextInt(4));
            JobOptions options =
                    JobOptions.DEFAULTS
                            .withBatchRows(1 + random.nextInt(50))
                            .withEpochNanos(1_000_000)
                            .withRingCapacityBatches(1 + random.nextInt(4));
            Job job = submit(graph.graph(), options);
            finish(job);
            for (int sink = 0; sink < graph.results().size(); sink++) {
                assertThat(graph.results().get(sink).rows()).isEqualTo(graph.expected().get(sink));
                assertThat(graph.results().get(sink).completed()).isOne();
            }
        }
    }

    @Test
    void noWakeUpIsLost() throws InterruptedException {
        long hour = Duration.ofHours(1).toNanos();
        try (Scheduler sleepy =
                Scheduler.start(new SchedulerOptions(3, 2, 10_000_000, hour), allocator, Clock.system())) {
            for (int run = 0; run < 100; run++) {
                Collect.Result result = new Collect.Result();
                int tasks = 1 + run % 4;
                OperatorGraph graph =
                        new OperatorGraph(
                                List.of(
                                        new Node(0, new Numbers(600, 10, 5, true, run), List.of(), tasks, true),
                                        new Node(
                                                1,
                                                new Pass(1, 0, 2),
                                                List.of(new Edge(0, 0, Partitioning.ROUND_ROBIN)),
                                                tasks,
                                                true),
                                        new Node(
                                                2,
                                                new KeyedSum(0, 3),
                                                List.of(new Edge(1, 0, new Partitioning.Hash(List.of(0)))),
                                                tasks,
                                                true),
                                        new Node(
                                                3,
                                                new Collect(result, TestRows.SUMS, false, 1),
                                                List.of(new Edge(2, 0, Partitioning.GATHER)),
                                                1,
                                                true)));
                finish(
                        sleepy.submit(
                                "test",
                                graph,
                                JobOptions.DEFAULTS.withEpochNanos(hour).withRingCapacityBatches(1 + run % 2),
                                SideTables.NONE));
                assertThat(result.rows()).hasSize(10);
            }
        }
    }

    @Test
    void runsManyJobsAtOnceAndApart() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        List<TestGraphs.Case> cases = new ArrayList<>();
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            TestGraphs.Shape shape = TestGraphs.Shape.values()[i % TestGraphs.Shape.values().length];
            cases.add(TestGraphs.of(shape, random, 500, 2));
            jobs.add(submit(cases.get(i).graph(), JobOptions.DEFAULTS.withEpochNanos(2_000_000)));
            if (i % 5 == 4) {
                jobs.get(i).cancel();
            }
        }
        for (int i = 0; i < jobs.size(); i++) {
            JobState state = end(jobs.get(i));
            assertThat(state).isIn(JobState.FINISHED, i % 5 == 4 ? JobState.CANCELLED : JobState.FINISHED);
            if (state == JobState.FINISHED) {
                assertThat(cases.get(i).results().getFirst().rows()).isEqualTo(cases.get(i).expected().getFirst());
            }
        }
    }

    private static OperatorGraph endless(Collect.Result result) {
        return new OperatorGraph(
                List.of(
                        new Node(0, new Numbers(Long.MAX_VALUE, 10, 100, true, SEED), List.of(), 2, false),
                        new Node(
                                1,
                                new KeyedSum(2, 7),
                                List.of(new Edge(0, 0, new Partitioning.Hash(List.of(0)))),
                                2,
                                false),
                        new Node(
                                2,
                                new Collect(result, TestRows.SUMS, false, 3),
                                List.of(new Edge(1, 0, Partitioning.GATHER)),
                                1,
                                false)));
    }

    @Test
    void countsEpochsInOrderWithoutBarriersWhereNoCheckpointsAreTaken() throws InterruptedException {
        List<EpochMarker> epochs = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch enough = new CountDownLatch(30);
        Collect.Result result = new Collect.Result();
        Job job =
                scheduler.submit(
                        "test",
                        endless(result),
                        JobOptions.DEFAULTS.withEpochNanos(2_000_000).withCheckpointIntervalNanos(10_000_000),
                        SideTables.NONE,
                        marker -> {
                            epochs.add(marker);
                            enough.countDown();
                        });
        enough.await();
        assertThat(job.completedEpoch()).isGreaterThanOrEqualTo(29);
        assertThat(job.runs().getFirst().progress().orElseThrow().rowsRead()).isPositive();
        job.drain();
        finish(job);
        for (int i = 0; i < epochs.size(); i++) {
            assertThat(epochs.get(i).epoch()).isEqualTo(i + 1);
            assertThat(epochs.get(i).live()).isTrue();
            assertThat(epochs.get(i).isBarrier()).isFalse();
        }
        NodeStatistics source = job.statistics().getFirst();
        NodeStatistics sums = job.statistics().get(1);
        assertThat(source.rowsOut()).isEqualTo(job.runs().getFirst().progress().orElseThrow().rowsRead());
        assertThat(sums.rowsIn()).isEqualTo(source.rowsOut());
        assertThat(sums.endedTasks()).isEqualTo(2);
        assertThat(sums.watermarkMicros()).isEqualTo(Operator.END_OF_INPUT);
        assertThat(sums.busyNanos()).isPositive();
        assertThat(result.rows().values()).containsOnly(1L).hasSize(10);
    }

    @Test
    void aLimitEndsEndlessSources() throws InterruptedException {
        Collect.Result result = new Collect.Result();
        Job job =
                submit(
                        new OperatorGraph(
                                List.of(
                                        new Node(
                                                0,
                                                new Numbers(Long.MAX_VALUE, 10, 100, true, SEED),
                                                List.of(),
                                                2,
                                                false),
                                        new Node(
                                                1,
                                                new SortSpec(TestRows.SCHEMA, ChangelogKind.APPEND, List.of(), 5, 150),
                                                List.of(new Edge(0, 0, Partitioning.GATHER)),
                                                1,
                                                false),
                                        new Node(
                                                2,
                                                new Collect(result, TestRows.SCHEMA, false, 3),
                                                List.of(new Edge(1, 0, Partitioning.FORWARD)),
                                                1,
                                                false))),
                        JobOptions.DEFAULTS);
        finish(job);
        assertThat(result.rows()).hasSize(150);
        assertThat(job.statistics()).allSatisfy(node -> assertThat(node.endedTasks()).isEqualTo(node.tasks()));
    }

    @Test
    void cancelsAJobAndLeavesTheOtherAlone() throws InterruptedException {
        Collect.Result cancelled = new Collect.Result();
        Collect.Result other = new Collect.Result();
        Job first = submit(endless(cancelled), JobOptions.DEFAULTS);
        Job second = submit(endless(other), JobOptions.DEFAULTS);
        while (second.runs().isEmpty() || first.runs().isEmpty()) {
            Thread.onSpinWait();
        }
        first.cancel();
        assertThat(end(first)).isEqualTo(JobState.CANCELLED);
        assertThat(first.failure()).isEmpty();
        assertThat(cancelled.aborted()).isOne();
        assertThat(cancelled.completed()).isZero();
        assertThat(second.state()).isEqualTo(JobState.RUNNING);
        second.drain();
        finish(second);
        assertThat(other.completed()).isOne();
    }

    @Test
    void failsOnceWithTheNodeAndTheTaskAndFreesEverything() throws InterruptedException {
        OperatorSpec failing =
                new Lambda(context ->
                        new Operator() {
                            private int batches;

                            @Override
                            public void process(int input, io.millrace.memory.batch.Batch batch, Output output) {
                                batch.close();
                                if (++batches == 20) {
                                    throw new MillraceException(ErrorCode.DATA_EXCEPTION, "division by zero");
                                }
                            }
                        });
        Job job =
                submit(
                        new OperatorGraph(
                                List.of(
                                        new Node(
                                                0,
                                                new Numbers(Long.MAX_VALUE, 10, 10, true, SEED),
                                                List.of(),
                                                2,
                                                false),
                                        new Node(
                                                1,
                                                failing,
                                                List.of(new Edge(0, 0, Partitioning.ROUND_ROBIN)),
                                                2,
                                                false))),
                        JobOptions.DEFAULTS);
        assertThat(end(job)).isEqualTo(JobState.FAILED);
        MillraceException failure = job.failure().orElseThrow();
        assertThat(failure.code()).isEqualTo(ErrorCode.DATA_EXCEPTION);
        assertThat(failure.getMessage()).matches("job test task Lambda#1\\[[01]]: division by zero");
    }

    @Test
    void keepsTheFirstFailureAndSuppressesThoseOfTheCleanup() throws InterruptedException {
        OperatorSpec failing =
                new Lambda(context ->
                        new Operator() {
                            @Override
                            public void process(int input, io.millrace.memory.batch.Batch batch, Output output) {
                                batch.close();
                                throw new IllegalStateException("first");
                            }

                            @Override
                            public void close() {
                                throw new IllegalStateException("second");
                            }
                        });
        Job job =
                submit(
                        new OperatorGraph(
                                List.of(
                                        new Node(0, new Numbers(100, 10, 10, false, SEED), List.of(), 1, true),
                                        new Node(1, failing, List.of(new Edge(0, 0, Partitioning.FORWARD)), 1, true))),
                        JobOptions.DEFAULTS);
        assertThat(end(job)).isEqualTo(JobState.FAILED);
        MillraceException failure = job.failure().orElseThrow();
        assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(failure).hasMessageContaining("first").hasMessageContaining("Lambda#1[0]");
        assertThat(failure.getSuppressed()).singleElement().asString().contains("second");
    }

    @Test
    void reportsWhatANodeDidNotStartWith() throws InterruptedException {
        OperatorSpec absent =
                new Lambda(null) {
                    @Override
                    public OperatorRun start(RunContext context) {
                        throw new MillraceException(ErrorCode.FILE_NOT_FOUND, "no file matches x/*.parquet");
                    }
                };
        AtomicInteger closed = new AtomicInteger();
        OperatorSpec good =
                new Lambda(null) {
                    @Override
                    public OperatorRun start(RunContext context) {
                        return new OperatorRun() {
                            @Override
                            public Operator open(OperatorContext opened) {
                                throw new AssertionError();
                            }

                            @Override
                            public void close() {
                                closed.incrementAndGet();
                            }
                        };
                    }
                };
        Job job =
                submit(
                        new OperatorGraph(
                                List.of(
                                        new Node(0, good, List.of(), 1, true),
                                        new Node(1, absent, List.of(), 1, true))),
                        JobOptions.DEFAULTS);
        assertThat(end(job)).isEqualTo(JobState.FAILED);
        assertThat(job.failure().orElseThrow().code()).isEqualTo(ErrorCode.FILE_NOT_FOUND);
        assertThat(closed).hasValue(1);
    }

    @Test
    void cancelsAJobWhoseStartHangs() throws InterruptedException {
        CountDownLatch hanging = new CountDownLatch(1);
        OperatorSpec slow =
                new Lambda(null) {
                    @Override
                    public OperatorRun start(RunContext context) {
                        hanging.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException stopped) {
                            throw new MillraceException(ErrorCode.BROKER_UNREACHABLE, "interrupted", stopped);
                        }
                        throw new AssertionError();
                    }
                };
        Job job = submit(new OperatorGraph(List.of(new Node(0, slow, List.of(), 1, true))), JobOptions.DEFAULTS);
        hanging.await();
        job.cancel();
        assertThat(end(job)).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void aSinkThatCannotCompleteFailsTheJobAndAbortsThoseAfterIt() throws InterruptedException {
        Map<Integer, String> calls = new java.util.concurrent.ConcurrentHashMap<>();
        Function<Integer, OperatorSpec> sink =
                node ->
                        new Lambda(null) {
                            @Override
                            public OperatorRun start(RunContext context) {
                                return new OperatorRun() {
                                    @Override
                                    public Operator open(OperatorContext opened) {
                                        return new Operator() {
                                            @Override
                                            public void process(
                                                    int input, io.millrace.memory.batch.Batch batch, Output output) {
                                                batch.close();
                                            }
                                        };
                                    }

                                    @Override
                                    public void commit(long checkpoint, List<Prepared> prepared) {
                                        calls.merge(node, "commit", String::concat);
                                        if (node == 2) {
                                            throw new MillraceException(ErrorCode.DISK_FULL, "no space left");
                                        }
                                    }

                                    @Override
                                    public void abort() {
                                        calls.merge(node, "abort", String::concat);
                                    }
                                };
                            }
                        };
        List<Node> nodes = new ArrayList<>();
        nodes.add(new Node(0, new Numbers(100, 10, 10, false, SEED), List.of(), 1, true));
        for (int node = 1; node <= 3; node++) {
            nodes.add(new Node(node, sink.apply(node), List.of(new Edge(0, 0, Partitioning.GATHER)), 1, true));
        }
        Job job = submit(new OperatorGraph(nodes), JobOptions.DEFAULTS);
        assertThat(end(job)).isEqualTo(JobState.FAILED);
        assertThat(job.failure().orElseThrow().code()).isEqualTo(ErrorCode.DISK_FULL);
        assertThat(calls).isEqualTo(Map.of(1, "commit", 2, "commitabort", 3, "abort"));
    }

    @Test
    void namesTheOwnerOfMemoryThatAJobLeft() throws InterruptedException {
        AtomicReference<Buffer> left = new AtomicReference<>();
        OperatorSpec leaking =
                new Lambda(context ->
                        new SourceOperator() {
                            @Override
                            public Poll poll(Output output) {
                                left.set(context.allocator().allocate(MemoryTag.BATCH, 100));
                                return Poll.FINISHED;
                            }
                        });
        Job job = submit(new OperatorGraph(List.of(new Node(0, leaking, List.of(), 1, true))), JobOptions.DEFAULTS);
        assertThat(end(job)).isEqualTo(JobState.FAILED);
        assertThat(job.failure().orElseThrow()).hasMessageContaining("leaked").hasMessageContaining("task Lambda#0[0]");
        left.get().release();
    }

    @Test
    void notesStepsThatTakeTooLong() throws InterruptedException {
        OperatorSpec slow =
                new Lambda(context ->
                        new SourceOperator() {
                            @Override
                            public Poll poll(Output output) {
                                while (scheduler.slowSteps() == 0) {
                                    Thread.onSpinWait();
                                }
                                return Poll.FINISHED;
                            }
                        });
        finish(submit(new OperatorGraph(List.of(new Node(0, slow, List.of(), 1, true))), JobOptions.DEFAULTS));
        assertThat(scheduler.slowSteps()).isPositive();
    }

    @Test
    void interruptsInputAndOutputThatHangsWhenTheJobHasStopped() throws InterruptedException {
        CountDownLatch hanging = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        OperatorSpec reader =
                new Lambda(context ->
                        new SourceOperator() {
                            private boolean submitted;

                            @Override
                            public Poll poll(Output output) {
                                if (!submitted) {
                                    submitted = true;
                                    context.io().submit("hang", this::hang);
                                }
                                return Poll.IDLE;
                            }

                            private Void hang() throws InterruptedException {
                                hanging.countDown();
                                try {
                                    new CountDownLatch(1).await();
                                } catch (InterruptedException stopped) {
                                    interrupted.incrementAndGet();
                                    throw stopped;
                                }
                                return null;
                            }
                        });
        Job job = submit(new OperatorGraph(List.of(new Node(0, reader, List.of(), 1, false))), JobOptions.DEFAULTS);
        hanging.await();
        job.cancel();
        assertThat(end(job)).isEqualTo(JobState.CANCELLED);
        assertThat(interrupted).hasValue(1);
    }

    @Test
    void keepsLittleBetweenTasksWhileMemoryIsScarce() throws InterruptedException {
        Buffer most = allocator.allocate(MemoryTag.BATCH, 480L << 20);
        SplittableRandom random = new SplittableRandom(SEED);
        for (TestGraphs.Shape shape : TestGraphs.Shape.values()) {
            TestGraphs.Case graph = TestGraphs.of(shape, random, 2_000, 3);
            finish(submit(graph.graph(), JobOptions.DEFAULTS));
            assertThat(graph.results().getFirst().rows()).isEqualTo(graph.expected().getFirst());
        }
        most.release();
    }

    @Test
    void refusesJobsOnceClosed() {
        scheduler.close();
        assertThatThrownBy(() -> submit(endless(new Collect.Result()), JobOptions.DEFAULTS))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("closed scheduler");
    }

    @Test
    void optionsSayWhatIsWrongWithThem() {
        assertThatThrownBy(() -> JobOptions.DEFAULTS.withBatchRows(0)).hasMessageContaining("batchRows >= 1, found 0");
        assertThatThrownBy(() -> SchedulerOptions.ofWorkers(0)).hasMessageContaining("workers >= 1, found 0");
    }

    /** An operator given as a function. */
    private static class Lambda implements OperatorSpec {
        private final Function<OperatorContext, Operator> open;

        Lambda(Function<OperatorContext, Operator> open) {
            this.open = open;
        }

        @Override
        public String name() {
            return "Lambda";
        }

        @Override
        public String describe() {
            return "";
        }

        @Override
        public Schema outputSchema() {
            return TestRows.SCHEMA;
        }

        @Override
        public ChangelogKind changelogKind() {
            return ChangelogKind.APPEND;
        }

        @Override
        public OperatorRun start(RunContext context) {
            return open::apply;
        }
    }
}
