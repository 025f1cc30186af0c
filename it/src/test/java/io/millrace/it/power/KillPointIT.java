package io.millrace.it.power;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.fault.KillPoint;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The store's process is killed at each place that has a name. */
class KillPointIT {
    private static final int CHECKPOINTS = 4;
    private static final int MAX_HITS = 3;

    @TempDir private Path directory;

    static Stream<String> names() {
        return KillPoint.NAMES.stream().filter(name -> name.matches("(storage|checkpoint|retention)\\..*"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void theStoreIsWholeWhenItsProcessIsKilledAt(String name) throws Exception {
        Path location = directory.resolve("store");
        boolean reached = false;
        long acknowledged = 0;
        for (int hit = 1; hit <= MAX_HITS; hit++) {
            Process process =
                    StoreWriter.start(List.of(), List.of("-Dmillrace.kill=" + name + ":" + hit), location, CHECKPOINTS);
            StoreProgress progress = new StoreProgress(process);
            int exitCode = process.waitFor();
            List<String> lines = progress.toEnd();
            assertThat(exitCode).as(String.join("\n", lines)).isIn(0, KillPoint.EXIT_CODE);
            assertThat(lines).noneMatch(line -> line.startsWith("failed"));
            reached |= exitCode != 0;
            acknowledged = Math.max(acknowledged, progress.published());
            StoreChecks.assertWhole(location, acknowledged, name + " hit=" + hit + "\n" + lines);
        }
        assertThat(reached).as(name + " is never reached").isTrue();
        StoreChecks.assertGoesOn(location);
    }
}
