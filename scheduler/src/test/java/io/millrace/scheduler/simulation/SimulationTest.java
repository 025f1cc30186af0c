package io.millrace.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.job.JobState;
import io.millrace.scheduler.task.TaskParts;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulationTest {
    /** {@code -Dmillrace.seed=…} runs other schedules. */
    private static final long FIRST_SEED = Long.getLong("millrace.seed", 1);

    private static final int SCHEDULES = Integer.getInteger("millrace.schedules", 500);

    @Test
    void withoutAFaultEveryScheduleGivesTheAnswer() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES / 2; seed++) {
            Simulation.Outcome outcome = new SimulatedRun(seed, TaskParts.SOUND, false, false).run();
            assertThat(outcome.state()).as("seed=%d", seed).isEqualTo(JobState.FINISHED);
        }
    }

    @Test
    void withOneFaultEveryScheduleGivesTheAnswerOrTheFault() {
        Map<JobState, Integer> states = new EnumMap<>(JobState.class);
        long actions = 0;
        long epochs = 0;
        int struck = 0;
        // Where the fault was to come after the end, the schedule is run but not counted.
        for (long seed = FIRST_SEED; struck < SCHEDULES && seed < FIRST_SEED + 3L * SCHEDULES; seed++) {
            Simulation.Outcome outcome = new SimulatedRun(seed).run();
            struck += outcome.state() == JobState.FINISHED ? 0 : 1;
            states.merge(outcome.state(), 1, Integer::sum);
            actions += outcome.actions();
            epochs += outcome.completedEpoch();
        }
        System.out.println(
                struck
                        + " schedules struck by a fault from seed "
                        + FIRST_SEED
                        + ": "
                        + states
                        + " actions="
                        + actions
                        + " epochs="
                        + epochs);
        assertThat(struck).isEqualTo(SCHEDULES);
        assertThat(states).containsKeys(JobState.FINISHED, JobState.FAILED);
        assertThat(epochs).isGreaterThan(SCHEDULES);
    }

    @Test
    void oneSeedIsOneSchedule() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + 20; seed++) {
            String first = new SimulatedRun(seed, TaskParts.SOUND, true, true).run().trace();
            String second = new SimulatedRun(seed, TaskParts.SOUND, true, true).run().trace();
            assertThat(second).as("seed=%d", seed).isEqualTo(first).isNotEmpty();
        }
    }
}
