package io.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.DaemonIo;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkCheckpoints;
import io.millrace.connectors.api.SinkContract;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.TestCheckpointFiles;
import io.millrace.connectors.api.TestContext;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.SimulatedClock;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Output through a real broker: whatever step a process dies at, each row is seen once, and in order. */
class ExactlyOnceTest {
    /** Steps of a recovery that finds nothing to send: fencing, and a transaction. */
    private static final int RECOVERY = 8;

    private static final Schema SCHEMA = Schema.of("id", DataType.BIGINT, "name", DataType.VARCHAR);

    private final TestCheckpointFiles files = new TestCheckpointFiles();

    private static KafkaSink sink(String topic, String... options) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "topic",
                                topic,
                                "properties.bootstrap.servers",
                                TestBroker.servers(),
                                "format",
                                "pairs",
                                "sink.chunk-size",
                                "100 b"));
        all.addAll(Arrays.asList(options));
        return (KafkaSink)
                new KafkaConnectorFactory()
                        .createSink(TestTables.table("t", SCHEMA, all.toArray(String[]::new)), TestTables.context());
    }

    private static List<List<Object>> read(String topic) {
        TestBroker.awaitDecided(topic);
        Source source = KafkaSourceTest.source(topic, "scan.bounded.mode", "latest-offset");
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            return driver.toEnd().rows();
        }
    }

    private static List<List<Object>> rows(int from, int to) {
        return IntStream.range(from, to).mapToObj(TestBroker::row).toList();
    }

    /** One execution with one writer. */
    private final class Execution implements AutoCloseable {
        final Allocator root = Allocator.root(64 << 20);
        final Allocator allocator = root.child("writer");
        final DaemonIo io = new DaemonIo();
        final SimulatedClock clock = new SimulatedClock(0);
        final SinkRun run;
        SinkWriter writer;

        Execution(KafkaSink sink, String job, long incarnation) {
            run =
                    sink.start(
                            new SinkRequest(
                                    "job",
                                    SCHEMA,
                                    ChangelogKind.APPEND,
                                    1,
                                    false,
                                    "out",
                                    files.checkpoints(job, incarnation)));
        }

        List<Prepared> prepare(long checkpoint, int from, int to) {
            if (writer == null) {
                writer = run.open(0, new TestContext(allocator, clock, io, 64));
            }
            try (BatchBuilder builder = new BatchBuilder(root, SCHEMA, 16)) {
                for (int i = from; i < to; i++) {
                    builder.append(TestBroker.row(i).toArray());
                }
                writer.write(builder.build());
            }
            IoTask<Prepared> task = writer.prepare(checkpoint);
            Awaitility.await().until(task::isDone);
            return List.of(task.result());
        }

        @Override
        public void close() {
            if (writer != null) {
                writer.close();
            }
            run.close();
            io.close();
            allocator.close();
            root.close();
        }
    }

    @Nested
    class Contract extends SinkContract {
        private String topic;
        private int incarnation;

        @BeforeEach
        void create() {
            topic = TestBroker.topic(2);
        }

        @Override
        protected Schema schema() {
            return SCHEMA;
        }

        @Override
        protected List<Object> row(int i) {
            return TestBroker.row(i);
        }

        @Override
        protected Sink sink() {
            return ExactlyOnceTest.sink(topic, "sink.chunk-size", "1 kb");
        }

        @Override
        protected SinkCheckpoints checkpoints() {
            return files.checkpoints("job-" + topic + incarnation, ++incarnation);
        }

        @Override
        protected List<List<Object>> written() {
            return read(topic);
        }
    }

    /** Throws at the n-th step. */
    private static Consumer<String> killedAt(int step) {
        AtomicInteger left = new AtomicInteger(step);
        return point -> {
            if (left.getAndDecrement() == 0) {
                throw new IllegalStateException("killed at " + point);
            }
        };
    }

    @Test
    void whateverStepACommitDiesAtEachRowIsSeenOnceAndInOrder() {
        boolean died = true;
        for (int step = 0; died; step++) {
            String topic = TestBroker.topic(1);
            String job = "job-" + topic;
            Execution first = new Execution(sink(topic).watchedBy(killedAt(step + RECOVERY)), job, 1);
            first.run.recover(0, List.of());
            List<Prepared> one = first.prepare(1, 0, 20);
            assertThat(one.getFirst().files()).hasSizeGreaterThan(2);
            assertThat(read(topic)).isEmpty();
            died = dies(() -> first.run.commit(1, one));
            // Recovery dies as well, at the same step, and once more.
            Execution second = new Execution(sink(topic).watchedBy(killedAt(step)), job, 2);
            assertThat(dies(() -> second.run.recover(1, one)) || step >= RECOVERY).isTrue();
            try (Execution third = new Execution(sink(topic), job, 3)) {
                third.run.recover(1, one);
                third.run.recover(1, one);
                assertThat(read(topic)).as("step %d", step).isEqualTo(rows(0, 20));
                List<Prepared> two = third.prepare(2, 20, 30);
                assertThat(read(topic)).hasSize(20);
                third.run.commit(2, two);
                third.run.commit(2, two);
                third.run.commit(1, one);
                assertThat(read(topic)).as("step %d", step).isEqualTo(rows(0, 30));
            } finally {
                first.close();
                second.close();
            }
        }
    }

    /** As SIGSTOP does: it goes on in the midst of a step after another has taken over. */
    @Test
    void whateverStepAnOldExecutionSleepsAtItIsFencedAndTheNewOneGoesOn() throws Exception {
        boolean slept = true;
        for (int step = 0; slept; step++) {
            String topic = TestBroker.topic(1);
            CountDownLatch asleep = new CountDownLatch(1);
            CountDownLatch awake = new CountDownLatch(1);
            AtomicInteger left = new AtomicInteger(step);
            Consumer<String> sleeps =
                    point -> {
                        if (left.getAndDecrement() == 0) {
                            asleep.countDown();
                            Awaitility.await().until(() -> awake.getCount() == 0);
                        }
                    };
            try (Execution old = new Execution(sink(topic).watchedBy(sleeps), "sleeper-" + topic, 1);
                    Execution young = new Execution(sink(topic), "sleeper-" + topic, 2)) {
                List<Prepared> one = old.prepare(1, 0, 7);
                CompletableFuture<Void> zombie =
                        CompletableFuture.runAsync(() -> {
                            old.run.recover(0, List.of());
                            old.run.commit(1, one);
                        });
                Awaitility.await().until(() -> asleep.getCount() == 0 || zombie.isDone());
                slept = !zombie.isDone();
                young.run.recover(1, one);
                awake.countDown();
                try {
                    zombie.get(60, TimeUnit.SECONDS);
                } catch (ExecutionException ended) {
                    assertThat(ended.getCause())
                            .as("step %d", step)
                            .isInstanceOfSatisfying(
                                    MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
                }
                young.run.commit(2, young.prepare(2, 7, 12));
                assertThat(read(topic)).as("step %d", step).isEqualTo(rows(0, 12));
            }
        }
    }

    private static boolean dies(Runnable call) {
        try {
            call.run();
            return false;
        } catch (MillraceException killed) {
            assertThat(killed).hasStackTraceContaining("killed at kafka.sink.");
            return true;
        }
    }

    @Test
    void anOldExecutionThatWakesUpIsFenced() {
        String topic = TestBroker.topic(1);
        try (Execution old = new Execution(sink(topic), "zombie-" + topic, 1);
                Execution young = new Execution(sink(topic), "zombie-" + topic, 2)) {
            old.run.recover(0, List.of());
            List<Prepared> one = old.prepare(1, 0, 10);
            young.run.recover(1, one);
            assertThat(read(topic)).isEqualTo(rows(0, 10));
            assertThatThrownBy(() -> old.run.commit(1, one))
                    .isInstanceOfSatisfying(
                            MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
            young.run.commit(2, young.prepare(2, 10, 20));
            assertThat(read(topic)).isEqualTo(rows(0, 20));
            // It starts once more, and learns by the incarnation that it is not the last.
            assertThatThrownBy(() -> old.run.recover(1, one))
                    .isInstanceOfSatisfying(
                            MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
        }
    }

    @Test
    void refusesToGoBackBehindWhatIsVisible() {
        String topic = TestBroker.topic(1);
        try (Execution run = new Execution(sink(topic), "ahead-" + topic, 1)) {
            run.run.recover(0, List.of());
            run.run.commit(7, run.prepare(7, 0, 10));
        }
        try (Execution run = new Execution(sink(topic), "ahead-" + topic, 2)) {
            assertThatThrownBy(() -> run.run.recover(6, List.of()))
                    .isInstanceOfSatisfying(
                            MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS))
                    .hasMessageContaining("output past the restored checkpoint is already visible")
                    .hasMessageContaining("checkpoint=7");
            run.run.recover(7, List.of());
            run.run.commit(8, run.prepare(8, 10, 20));
        }
        assertThat(read(topic)).isEqualTo(rows(0, 20));
    }

    @Test
    void outputThatWaitsIsBoundedAndAsksForACheckpoint() {
        String topic = TestBroker.topic(1);
        try (Execution run = new Execution(sink(topic, "sink.buffer-size", "4 kb"), "full-" + topic, 1)) {
            run.run.recover(0, List.of());
            List<Prepared> all = new ArrayList<>(run.prepare(1, 0, 10));
            assertThat(run.writer.wantsCheckpoint()).isFalse();
            all.addAll(run.prepare(2, 10, 100));
            assertThat(run.writer.wantsCheckpoint()).isTrue();
            assertThat(run.writer.isFull()).isFalse();
            all.addAll(run.prepare(3, 100, 200));
            assertThat(run.writer.isFull()).isTrue();
            run.clock.advanceNanos(50_000_000);
            assertThat(run.writer.isFull()).isFalse();
            all.addAll(run.prepare(4, 200, 210));
            assertThat(run.writer.isFull()).isTrue();
            run.run.commit(3, all);
            assertThat(run.writer.isFull()).isFalse();
            assertThat(run.writer.wantsCheckpoint()).isFalse();
        }
        assertThat(read(topic)).isEqualTo(rows(0, 210));
    }
}
