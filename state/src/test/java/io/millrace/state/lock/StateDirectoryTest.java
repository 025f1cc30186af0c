package io.millrace.state.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    /** Takes a directory and keeps it until its input ends. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws IOException {
            try (StateDirectory taken = StateDirectory.open(args[0], Clock.system())) {
                System.out.println(taken.owner());
                int ignored = System.in.read();
            }
        }
    }

    @TempDir private Path parent;

    private static Process start(Path directory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static StateDirectory open(Path directory) {
        return StateDirectory.open(directory.toString(), Clock.system());
    }

    private static void assertInUse(Path directory, String owner) {
        assertThatThrownBy(() -> open(directory))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.STATE_IN_USE);
                            assertThat(e.code().exitCode()).isEqualTo(4);
                            assertThat(e).hasMessageEndingWith("is in use by " + owner);
                        });
    }

    @Test
    void aDirectoryInMemoryIsToldFromOneOnADisk() throws IOException {
        Path shared = Path.of("/dev/shm");
        assumeThat(Files.isDirectory(shared) && Files.getFileStore(shared).type().equals("tmpfs")).isTrue();
        assertThat(StateDirectory.isInMemory(shared.resolve("not/there/yet"))).isTrue();
        assertThat(StateDirectory.isInMemory(Path.of("/proc"))).isFalse();
        assertThat(StateDirectory.isInMemory(Path.of("target/not/there")))
                .isEqualTo(Files.getFileStore(Path.of(".")).type().equals("tmpfs"));
    }

    @Test
    void anotherProcessIsRefusedUntilTheFirstIsKilled() throws Exception {
        Path directory = parent.resolve("state");
        Process first = start(directory);
        try {
            String owner = first.inputReader().readLine();
            assertThat(owner).startsWith("process " + first.pid() + " on ").contains(" since 20");
            assertInUse(directory, owner);
            assertInUse(directory, owner);
        } finally {
            first.destroyForcibly().waitFor();
        }
        open(directory).close();
    }

    @Test
    void anotherEngineOfThisProcessIsRefusedAndTakesTheLockFromNobody() throws Exception {
        Path directory = parent.resolve("state");
        Path link = Files.createSymbolicLink(parent.resolve("link"), Files.createDirectory(directory));
        try (StateDirectory taken = open(directory)) {
            assertInUse(link, taken.owner());
            Process other = start(directory);
            assertThat(other.inputReader().readLine()).isNull();
            assertThat(other.waitFor()).isEqualTo(1);
        }
        open(link).close();
    }

    @Test
    void onlyTheTierIsEmptied() throws IOException {
        try (StateDirectory first = open(parent)) {
            Files.createDirectories(Path.of(first.checkpoints()));
            Files.writeString(Path.of(first.checkpoints(), "kept"), "kept");
            Files.createDirectories(first.tier().resolve("db"));
            Files.writeString(first.tier().resolve("db/gone"), "gone");
        }
        try (StateDirectory second = open(parent)) {
            assertThat(second.tier()).isEmptyDirectory();
            assertThat(Path.of(second.checkpoints(), "kept")).exists();
        }
    }

    @Test
    void aRemoteDirectoryIsRefused() {
        assertThatThrownBy(() -> StateDirectory.open("hdfs://host:1/state", Clock.system()))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_OPTION));
    }
}
