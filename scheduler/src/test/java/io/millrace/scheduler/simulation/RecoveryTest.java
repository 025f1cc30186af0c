package io.millrace.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.aggregate.AggregateCall;
import io.millrace.operators.aggregate.AggregateFunction;
import io.millrace.operators.aggregate.AggregateSpec;
import io.millrace.operators.contract.KernelMode;
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
import io.millrace.scheduler.checkpoint.CheckpointLog;
import io.millrace.scheduler.checkpoint.Checkpointing;
import io.millrace.scheduler.job.EpochListener;
import io.millrace.scheduler.job.JobOptions;
import io.millrace.scheduler.job.JobState;
import io.millrace.scheduler.task.TaskParts;
import io.millrace.scheduler.testing.TestRows;
import io.millrace.state.MemoryStateFiles;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.StateFiles;
import io.millrace.state.checkpoint.StateMeaning;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Jobs that take checkpoints, struck by a fault again and again, that go on from the last one until they end, at
 * another parallelism each time: what their sinks committed is, in the end, each group's last result once. How many is
 * {@code -Dtest.runs}, from which seed {@code -Dtest.seed}.
 */
class RecoveryTest {
    private static final int RUNS = Integer.getInteger("test.runs", 150);
    private static final long FIRST_SEED = Long.getLong("test.seed", 1);
    private static final int SOURCE_TASKS = 2;
    private static final int MAX_ATTEMPTS = 60;

    /** Makes numbered rows; each task knows which comes next. */
    private record Source(long rows, int keys, long seed) implements OperatorSpec {
        @Override
        public String name() {
            return "Source";
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
            return operator -> new Reader(operator);
        }

        private final class Reader implements SourceOperator {
            private final OperatorContext context;
            private final SplittableRandom random;
            private final BatchBuilder builder;
            private long next;

            Reader(OperatorContext context) {
                this.context = context;
                this.random = new SplittableRandom(seed + context.taskIndex());
                this.builder = new BatchBuilder(context.allocator(), TestRows.SCHEMA, 8);
                List<byte[]> restored = context.state().restored("next");
                this.next =
                        restored.isEmpty()
                                ? context.taskIndex()
                                : ByteBuffer.wrap(restored.get(context.taskIndex())).getLong();
                context.state().register("next", () -> ByteBuffer.allocate(8).putLong(next).array());
            }

            @Override
            public Poll poll(Output output) {
                if (next >= rows) {
                    return Poll.FINISHED;
                }
                int count = random.nextInt(8);
                for (int i = 0; i < count && next < rows; i++, next += context.taskCount()) {
                    builder.column(TestRows.KEY).appendLong(TestRows.key(next, keys));
                    builder.column(TestRows.NUMBER).appendLong(next);
                    builder.column(TestRows.TIME).appendLong(TestRows.time(next));
                }
                if (builder.rowCount() == 0) {
                    return Poll.IDLE;
                }
                output.emit(builder.build());
                return Poll.ACTIVE;
            }

            @Override
            public void close() {
                builder.close();
            }
        }
    }

    /** What is committed, by checkpoint; as durable as the test. */
    private static final class Outside {
        private final Map<Long, Map<List<Long>, Long>> committed = new TreeMap<>();

        void commit(long checkpoint, List<Prepared> prepared) {
            Map<List<Long>, Long> rows = new HashMap<>();
            for (Prepared of : prepared) {
                ByteBuffer bytes = ByteBuffer.wrap(of.bytes());
                while (bytes.hasRemaining()) {
                    List<Long> row = List.of(bytes.getLong(), bytes.getLong(), bytes.getLong());
                    rows.merge(row, bytes.getLong(), Long::sum);
                }
            }
            Map<List<Long>, Long> before = committed.putIfAbsent(checkpoint, rows);
            assertThat(before == null || before.equals(rows))
                    .as("checkpoint %d committed differently", checkpoint)
                    .isTrue();
        }

        void recover(long checkpoint, List<Prepared> prepared) {
            assertThat(committed.keySet()).as("committed beyond what is gone on from").allMatch(c -> c <= checkpoint);
            commit(checkpoint, prepared);
        }

        Map<List<Long>, Long> folded() {
            Map<List<Long>, Long> all = new HashMap<>();
            committed.values().forEach(rows -> rows.forEach((row, weight) -> all.merge(row, weight, Long::sum)));
            all.values().removeIf(weight -> weight == 0);
            return all;
        }
    }

    /** Seals what it was given, and lets go of it when told. */
    private record Sink(Outside outside, SplittableRandom random) implements OperatorSpec {
        @Override
        public String name() {
            return "Sink";
        }

        @Override
        public String describe() {
            return "";
        }

        @Override
        public Schema outputSchema() {
            return TestRows.SUMS;
        }

        @Override
        public ChangelogKind changelogKind() {
            return ChangelogKind.RETRACT;
        }

        @Override
        public OperatorRun start(RunContext context) {
            return new OperatorRun() {
                @Override
                public Operator open(OperatorContext opened) {
                    return new Writer(opened);
                }

                @Override
                public void recover(long checkpoint, List<Prepared> prepared) {
                    outside.recover(checkpoint, prepared);
                }

                @Override
                public void commit(long checkpoint, List<Prepared> prepared) {
                    boolean before = random.nextInt(12) == 0;
                    if (!before) {
                        outside.commit(checkpoint, prepared);
                    }
                    if (before || random.nextInt(12) == 0) {
                        throw new MillraceException(ErrorCode.IO_FAILED, "the sink went away");
                    }
                }
            };
        }

        private static final class Writer implements Operator {
            private final OperatorContext context;
            private ByteBuffer rows = ByteBuffer.allocate(1 << 20);

            Writer(OperatorContext context) {
                this.context = context;
            }

            @Override
            public void process(int input, Batch batch, Output output) {
                try (batch) {
                    for (int i = 0; i < batch.activeCount(); i++) {
                        int row = batch.row(i);
                        for (int column = 0; column < 3; column++) {
                            rows.putLong(batch.column(column).getLong(row));
                        }
                        rows.putLong(batch.weight(row));
                    }
                }
            }

            @Override
            public IoTask<Prepared> prepare(long checkpoint) {
                byte[] sealed = new byte[rows.flip().remaining()];
                rows.get(sealed);
                rows = ByteBuffer.allocate(1 << 20);
                return context.io().submit("sealing", () -> Prepared.of(sealed));
            }
        }
    }

    /** A log in memory that refuses now and then. */
    private static final class Log implements CheckpointLog {
        private final List<Manifest> manifests = new ArrayList<>();
        private final MemoryStateFiles files = new MemoryStateFiles();
        private final SplittableRandom random;

        Log(SplittableRandom random) {
            this.random = random;
        }

        @Override
        public long nextCheckpoint() {
            return manifests.isEmpty() ? 1 : manifests.getLast().checkpoint() + 1;
        }

        @Override
        public void publish(Manifest manifest) {
            if (random.nextInt(6) == 0) {
                throw new MillraceException(ErrorCode.DISK_FULL, "no room for checkpoint " + manifest.checkpoint());
            }
            assertThat(manifest.checkpoint()).isEqualTo(nextCheckpoint());
            manifests.add(manifest);
        }

        @Override
        public void retain() {}

        @Override
        public StateFiles files() {
            return files;
        }

        Manifest newest() {
            return manifests.isEmpty() ? null : manifests.getLast();
        }
    }

    private static OperatorGraph graph(Source source, Sink sink, int tasks) {
        AggregateSpec sums =
                new AggregateSpec(
                        TestRows.SCHEMA,
                        List.of(TestRows.KEY),
                        List.of(
                                new AggregateCall(AggregateFunction.COUNT, false, -1, -1, DataType.BIGINT.notNull()),
                                new AggregateCall(
                                        AggregateFunction.SUM, false, TestRows.NUMBER, -1, DataType.BIGINT.notNull())),
                        TestRows.SUMS,
                        ChangelogKind.APPEND,
                        ChangelogKind.RETRACT);
        Partitioning byKey = new Partitioning.Hash(List.of(TestRows.KEY));
        return new OperatorGraph(
                List.of(
                        new Node(0, source, List.of(), SOURCE_TASKS, true),
                        new Node(1, sums, List.of(new Edge(0, 0, byKey)), tasks, true),
                        new Node(2, sink, List.of(new Edge(1, 0, Partitioning.FORWARD)), tasks, true)));
    }

    private static Fault fault(SplittableRandom random) {
        Fault.Kind[] kinds = {Fault.Kind.OPERATOR, Fault.Kind.ALLOCATION, Fault.Kind.CANCEL};
        return random.nextInt(3) == 0
                ? Fault.NONE
                : new Fault(kinds[random.nextInt(kinds.length)], 1 + random.nextInt(400));
    }

    @Test
    void whatIsCommittedIsTheSameHoweverOftenAndWhereverAJobIsStruck() {
        System.out.println("recovery: runs=" + RUNS + " from seed " + FIRST_SEED + " (-Dtest.runs, -Dtest.seed)");
        long attempts = 0;
        long checkpoints = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Source source = new Source(1 + random.nextInt(800), 1 + random.nextInt(40), seed);
            Outside outside = new Outside();
            Log log = new Log(random.split());
            int attempt = 0;
            while (!goesToTheEnd(seed, source, new Sink(outside, random.split()), log, random, attempt)) {
                attempt++;
                assertThat(attempt).as("seed=%d attempts", seed).isLessThan(MAX_ATTEMPTS);
            }
            attempts += attempt;
            checkpoints += log.manifests.size();
            assertThat(outside.folded()).as("seed=%d", seed).isEqualTo(expected(source));
        }
        System.out.println("recovery: went on " + attempts + " times, over " + checkpoints + " checkpoints");
        assertThat(attempts).isGreaterThan(RUNS / 4);
        assertThat(checkpoints).isGreaterThan(RUNS);
    }

    private static boolean goesToTheEnd(
            long seed, Source source, Sink sink, Log log, SplittableRandom random, int attempt) {
        OperatorGraph graph = graph(source, sink, 1 + random.nextInt(3));
        JobOptions options =
                new JobOptions(
                        1 + random.nextInt(20),
                        100_000,
                        1 + random.nextInt(500_000),
                        0,
                        128,
                        KernelMode.INTERPRETED,
                        1 + random.nextInt(3),
                        true,
                        50);
        Manifest header = new Manifest("job", 0, attempt + 1, 0, "test", 128, "", "", false, List.of());
        List<Checkpointing.Identity> identities =
                List.of(
                        new Checkpointing.Identity("source", "source", StateMeaning.of("")),
                        new Checkpointing.Identity("sums", "sums", StateMeaning.of("")),
                        new Checkpointing.Identity("sink", "sink", StateMeaning.of("")));
        Checkpointing checkpointing = new Checkpointing("job", attempt + 1, log, identities, header, log.newest());
        if (random.nextInt(5) == 0) {
            log.files.failWrites(1 + random.nextInt(2));
        }
        Simulation.Settings settings =
                new Simulation.Settings(
                        seed * 1_000 + attempt,
                        2,
                        1 + random.nextInt(6),
                        2_000_000,
                        fault(random),
                        TaskParts.SOUND,
                        false,
                        checkpointing);
        try (Allocator allocator = Allocator.root(256L << 20)) {
            Simulation.Outcome outcome =
                    Simulation.run(graph, options, SideTables.NONE, EpochListener.NONE, allocator, settings);
            outcome.failure()
                    .ifPresent(failure -> {
                        if (failure.getCause() instanceof AssertionError broken) {
                            throw broken;
                        }
                    });
            log.files.failWrites(0);
            return outcome.state() == JobState.FINISHED;
        }
    }

    private static Map<List<Long>, Long> expected(Source source) {
        Map<Long, long[]> groups = new HashMap<>();
        for (long number = 0; number < source.rows(); number++) {
            long[] group = groups.computeIfAbsent(TestRows.key(number, source.keys()), key -> new long[2]);
            group[0]++;
            group[1] += number;
        }
        Map<List<Long>, Long> rows = new HashMap<>();
        groups.forEach((key, group) -> rows.put(List.of(key, group[0], group[1]), 1L));
        return rows;
    }
}
