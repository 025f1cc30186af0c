package io.millrace.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.KernelMode;
import io.millrace.operators.contract.SideTables;
import io.millrace.scheduler.job.JobOptions;
import io.millrace.scheduler.job.JobState;
import io.millrace.scheduler.task.TaskParts;
import io.millrace.scheduler.testing.TestGraphs;
import java.util.SplittableRandom;

/** One seed: a graph, a schedule and perhaps a fault, with everything that must hold of them. */
record SimulatedRun(long seed, TaskParts parts, boolean withFault, boolean traced) {
    private static final long MEMORY_BYTES = 256L << 20;

    SimulatedRun(long seed) {
        this(seed, TaskParts.SOUND, true, false);
    }

    Simulation.Outcome run() {
        SplittableRandom random = new SplittableRandom(seed);
        TestGraphs.Shape[] shapes = TestGraphs.Shape.values();
        TestGraphs.Case graph =
                TestGraphs.of(
                        shapes[random.nextInt(shapes.length)], random, 1 + random.nextInt(400), 1 + random.nextInt(3));
        JobOptions options =
                new JobOptions(
                        1 + random.nextInt(20),
                        1_000_000,
                        random.nextBoolean() ? 3_000_000 : 0,
                        0,
                        1 + random.nextInt(128),
                        KernelMode.INTERPRETED,
                        1 + random.nextInt(random.nextBoolean() ? 1 : 4),
                        false,
                        50);
        Fault fault = withFault ? fault(random) : Fault.NONE;
        Simulation.Settings settings =
                new Simulation.Settings(seed, 2, 1 + random.nextInt(6), 2_000_000, fault, parts, traced, null);
        long[] epochs = new long[2];
        Simulation.Outcome outcome;
        try (Allocator allocator = Allocator.root(MEMORY_BYTES)) {
            outcome =
                    Simulation.run(
                            graph.graph(),
                            options,
                            SideTables.NONE,
                            marker -> completed(marker, epochs),
                            allocator,
                            settings);
        }
        check(graph, fault, outcome);
        assertThat(outcome.completedEpoch()).as("seed=%d epochs completed", seed).isEqualTo(epochs[0]);
        return outcome;
    }

    private void completed(EpochMarker marker, long[] epochs) {
        assertThat(marker.epoch()).as("seed=%d epoch completed", seed).isEqualTo(++epochs[0]);
        if (marker.isBarrier()) {
            assertThat(marker.checkpoint()).as("seed=%d barrier completed", seed).isEqualTo(++epochs[1]);
        }
    }

    private static Fault fault(SplittableRandom random) {
        Fault.Kind kind = Fault.Kind.values()[1 + random.nextInt(Fault.Kind.values().length - 1)];
        return new Fault(kind, random.nextLong(kind == Fault.Kind.CANCEL ? 3_000 : 400));
    }

    private void check(TestGraphs.Case graph, Fault fault, Simulation.Outcome outcome) {
        String what = "seed=" + seed + " fault=" + fault + " failure=" + outcome.failure();
        boolean faulted = outcome.state() != JobState.FINISHED;
        switch (fault.kind()) {
            case NONE -> assertThat(outcome.state()).as(what).isEqualTo(JobState.FINISHED);
            case CANCEL -> assertThat(outcome.state()).as(what).isIn(JobState.FINISHED, JobState.CANCELLED);
            case OPERATOR, IO, ALLOCATION -> {
                assertThat(outcome.state()).as(what).isIn(JobState.FINISHED, JobState.FAILED);
                outcome.failure()
                        .ifPresent(failure -> {
                            assertThat(failure.getMessage())
                                    .as(what)
                                    .containsAnyOf("simulated fault", "memory budget spent");
                            assertThat(failure.getSuppressed()).as(what).isEmpty();
                        });
            }
        }
        if (graph.expectedAt() != null) {
            graph.results()
                    .getFirst()
                    .rowsByEpoch()
                    .forEach((epoch, rows) ->
                            assertThat(rows).as(what + " epoch=" + epoch).isEqualTo(graph.expectedAt().apply(epoch)));
        }
        for (int sink = 0; sink < graph.results().size(); sink++) {
            var result = graph.results().get(sink);
            if (!faulted) {
                assertThat(result.rows()).as(what + " sink=" + sink).isEqualTo(graph.expected().get(sink));
            }
            assertThat(result.completed()).as(what + " completed").isEqualTo(faulted ? 0 : 1);
            assertThat(result.aborted() + result.completed()).as(what + " aborted").isLessThanOrEqualTo(1);
            assertThat(result.closed()).as(what + " closed").isEqualTo(result.aborted() + result.completed());
        }
    }
}
