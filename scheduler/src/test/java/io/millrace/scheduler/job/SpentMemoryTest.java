package io.millrace.scheduler.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
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
import io.millrace.scheduler.testing.TestRows;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads that find the heap spent, and then no memory to say so either: the job ends with an error all the same. */
class SpentMemoryTest {
    private static final long LONG_NANOS = Duration.ofSeconds(60).toNanos();

    /** Where the heap is spent. */
    private enum Place {
        START,
        OPEN,
        POLL,
        IO,
        CLOSE,
        RUN_CLOSE,
        EPOCH
    }

    /** One about which nothing can be said. */
    private static final class HeapSpent extends OutOfMemoryError {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new OutOfMemoryError("no memory for a message");
        }
    }

    private record Spender(Set<Place> places) implements OperatorSpec {
        @Override
        public String name() {
            return "Spender";
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

        private void reach(Place place) {
            if (places.contains(place)) {
                throw new HeapSpent();
            }
        }

        @Override
        public OperatorRun start(RunContext context) {
            reach(Place.START);
            return new OperatorRun() {
                @Override
                public SourceOperator open(OperatorContext ofTask) {
                    reach(Place.OPEN);
                    return operator(ofTask);
                }

                @Override
                public void close() {
                    reach(Place.RUN_CLOSE);
                }
            };
        }

        private SourceOperator operator(OperatorContext context) {
            return new SourceOperator() {
                private IoTask<Void> call;

                @Override
                public Poll poll(Output output) {
                    reach(Place.POLL);
                    if (call == null) {
                        call =
                                context.io()
                                        .submit(
                                                "spend",
                                                () -> {
                                                    reach(Place.IO);
                                                    return null;
                                                });
                    }
                    if (!call.isDone()) {
                        return Poll.IDLE;
                    }
                    call.result();
                    return places.contains(Place.EPOCH) ? Poll.IDLE : Poll.FINISHED;
                }

                @Override
                public void close() {
                    reach(Place.CLOSE);
                }
            };
        }
    }

    private static void expectItEnds(Set<Place> places) throws InterruptedException {
        OperatorGraph graph =
                new OperatorGraph(
                        List.of(new Node(0, new Spender(places), List.of(), 2, !places.contains(Place.EPOCH))));
        try (Allocator allocator = Allocator.root(64L << 20);
                Scheduler scheduler = Scheduler.start(SchedulerOptions.ofWorkers(2), allocator, Clock.system())) {
            Job job =
                    scheduler.submit(
                            "spender",
                            graph,
                            JobOptions.DEFAULTS.withEpochNanos(1_000_000),
                            SideTables.NONE,
                            marker -> {
                                if (places.contains(Place.EPOCH)) {
                                    throw new HeapSpent();
                                }
                            });
            assertThat(job.await(LONG_NANOS)).as("%s ended", places).isTrue();
            assertThat(job.state()).as("%s", places).isEqualTo(JobState.FAILED);
            MillraceException failure = job.failure().orElseThrow();
            assertThat(failure.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
            assertThat(failure.help()).contains("--memory");
        }
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void endsTheJobWhereverItIs(Place place) throws InterruptedException {
        expectItEnds(EnumSet.of(place));
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void endsTheJobAlsoWhenNothingCanBeClosed(Place place) throws InterruptedException {
        expectItEnds(EnumSet.of(place, Place.CLOSE, Place.RUN_CLOSE));
    }
}
