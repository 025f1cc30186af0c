package io.millrace.scheduler.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.Output;
import io.millrace.operators.contract.RunContext;
import io.millrace.operators.contract.SideTables;
import io.millrace.operators.contract.SourceOperator;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.checkpoint.CheckpointLog;
import io.millrace.scheduler.checkpoint.Checkpointing;
import io.millrace.scheduler.testing.TestGraphs;
import io.millrace.scheduler.testing.TestRows;
import io.millrace.state.MemoryStateFiles;
import io.millrace.state.RowBag;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.StateFiles;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Files that are written slowly hold up nobody but the task they are of. */
class StoppingTaskTest {
    private static final long LONG_NANOS = Duration.ofSeconds(60).toNanos();

    /** Files of which the first stands still until it may go on. */
    private static final class StuckFiles implements StateFiles, CheckpointLog {
        final MemoryStateFiles files = new MemoryStateFiles();
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch mayGoOn = new CountDownLatch(1);

        @Override
        public Writer create() {
            begun.countDown();
            boolean interrupted = false;
            while (mayGoOn.getCount() > 0) {
                try {
                    mayGoOn.await();
                } catch (InterruptedException ignored) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return files.create();
        }

        @Override
        public Reader open(CheckpointFile file) {
            return files.open(file);
        }

        @Override
        public long nextCheckpoint() {
            return 2;
        }

        @Override
        public void publish(Manifest manifest) {}

        @Override
        public void retain() {}

        @Override
        public StateFiles files() {
            return this;
        }
    }

    /** A source without an end that keeps a row. */
    private record Keeper() implements OperatorSpec {
        @Override
        public String name() {
            return "Keeper";
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
            return Keeper::open;
        }

        private static SourceOperator open(OperatorContext context) {
            RowBag kept = context.state().rows("rows", TestRows.SCHEMA);
            try (BatchBuilder builder = new BatchBuilder(context.allocator(), TestRows.SCHEMA, 1)) {
                builder.append(1L, 2L, 3L);
                kept.add(builder.build());
            }
            return new SourceOperator() {
                @Override
                public Poll poll(Output output) {
                    return Poll.IDLE;
                }

                @Override
                public void close() {
                    kept.close();
                }
            };
        }
    }

    private static JobExecution.Order keeper(StuckFiles files) {
        OperatorGraph graph = new OperatorGraph(List.of(new Node(0, new Keeper(), List.of(), 1, false)));
        Manifest header = new Manifest("keeper", 0, 1, 0, "test", 128, "", "", false, List.of());
        Checkpointing checkpointing =
                new Checkpointing("keeper", 1, files, Checkpointing.identify(graph), header, null);
        return new JobExecution.Order(
                "keeper",
                graph,
                JobOptions.DEFAULTS.withCheckpointIntervalNanos(1_000_000),
                SideTables.NONE,
                EpochListener.NONE,
                checkpointing);
    }

    @Test
    void aTaskThatWaitsForItsLastWriteLeavesItsWorkerToOthers() throws InterruptedException {
        StuckFiles files = new StuckFiles();
        SchedulerOptions options = new SchedulerOptions(1, 2, 10_000_000, 1_000_000);
        try (Allocator allocator = Allocator.root(64L << 20);
                Scheduler scheduler = Scheduler.start(options, allocator, Clock.system())) {
            try {
                Job stopping = scheduler.submit(keeper(files));
                files.begun.await();
                stopping.cancel();
                TestGraphs.Case other = TestGraphs.of(TestGraphs.Shape.values()[0], new SplittableRandom(1), 1_000, 1);
                Job working = scheduler.submit("other", other.graph(), JobOptions.DEFAULTS, SideTables.NONE);
                assertThat(working.await(LONG_NANOS)).as("the other job ended").isTrue();
                assertThat(working.state()).isEqualTo(JobState.FINISHED);
                assertThat(stopping.state().isTerminal()).isFalse();
                files.mayGoOn.countDown();
                assertThat(stopping.await(LONG_NANOS)).isTrue();
                assertThat(stopping.state()).as("%s", stopping.failure()).isEqualTo(JobState.CANCELLED);
            } finally {
                files.mayGoOn.countDown();
            }
        }
    }
}
