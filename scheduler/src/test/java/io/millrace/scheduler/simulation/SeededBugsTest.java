package io.millrace.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation is worth something only if it finds what is wrong. */
class SeededBugsTest {
    private static final long FIRST_SEED = Long.getLong("millrace.seed", 1);
    private static final int SCHEDULES = 60;

    @ParameterizedTest
    @EnumSource(BrokenParts.Bug.class)
    void isFound(BrokenParts.Bug bug) {
        int found = 0;
        String first = "";
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
            try {
                new SimulatedRun(seed, new BrokenParts(bug), false, false).run();
            } catch (RuntimeException | AssertionError finding) {
                found++;
                first = first.isEmpty() ? String.valueOf(finding.getMessage()).strip() : first;
            }
        }
        System.out.println(
                bug
                        + " found by "
                        + found
                        + " of "
                        + SCHEDULES
                        + " schedules, first: "
                        + first.lines().findFirst().orElse(""));
        assertThat(found).as("schedules that find %s", bug).isPositive();
    }
}
