package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillDirectoryTest {
    @TempDir Path parent;

    @Test
    void isGoneWithAllThatIsInItWhenClosed() throws IOException {
        try (SpillDirectory spill = SpillDirectory.open(parent, 1000)) {
            Files.writeString(Path.of(spill.resolve("a")), "a");
            assertThat(parent).isNotEmptyDirectory();
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void sweepsWhatDeadProcessesLeftAndNothingElse() throws Exception {
        Process process = new ProcessBuilder("true").start();
        assertThat(process.waitFor()).isZero();
        Path dead = Files.createDirectories(parent.resolve("millrace-spill-" + process.pid() + "-1"));
        Files.writeString(dead.resolve("run-0"), "x");
        Path alive = Files.createDirectories(parent.resolve("millrace-spill-" + ProcessHandle.current().pid() + "-1"));
        Path foreign = Files.createDirectories(parent.resolve("millrace-spill-mine"));
        SpillDirectory.open(parent, 1000).close();
        assertThat(dead).doesNotExist();
        assertThat(alive).exists();
        assertThat(foreign).exists();
    }

    @Test
    void refusesWhatIsPastItsBudget() {
        try (SpillDirectory spill = SpillDirectory.open(parent, 1000)) {
            spill.reserve(900);
            assertThatThrownBy(() -> spill.reserve(101))
                    .isInstanceOfSatisfying(
                            MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL))
                    .hasMessageContaining("expected at most 1000 bytes, found 1001");
            spill.reserve(100);
            assertThat(spill.usedBytes()).isEqualTo(1000);
        }
    }
}
