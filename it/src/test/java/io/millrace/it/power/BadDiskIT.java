package io.millrace.it.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks that lose power, are full, or refuse to sync. */
@Tag("system")
class BadDiskIT {
    private static final long SEED = Long.getLong("test.seed", 20261122L);
    private static final int POWER_LOSSES = Integer.getInteger("test.power-losses", 12);
    private static final int BALLAST_STEP_BYTES = 64 << 10;

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void afterPowerLossTheLastAcknowledgedCheckpointOrALaterOneIsThereAndWhole(String type) throws Exception {
        LoopDisk.skipUnlessHere("xfs_io");
        Random random = new Random(SEED);
        try (LoopDisk disk = LoopDisk.make(type, directory)) {
            Path location = disk.path().resolve("state/checkpoints");
            long acknowledged = 0;
            for (int loss = 1; loss <= POWER_LOSSES; loss++) {
                String what = "seed=" + SEED + ", power loss " + loss;
                Process process = StoreWriter.start(List.of(), List.of(), location, 0);
                StoreProgress progress = new StoreProgress(process);
                try {
                    int wanted = 1 + random.nextInt(5);
                    long before = acknowledged;
                    await().pollInterval(Duration.ofMillis(5))
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> !process.isAlive() || progress.published() >= before + wanted);
                    assertThat(process.isAlive()).as(() -> progress.lines().toString()).isTrue();
                    TimeUnit.MICROSECONDS.sleep(random.nextInt(50_000));
                    disk.losePower();
                } finally {
                    process.destroyForcibly().waitFor();
                }
                progress.toEnd();
                acknowledged = Math.max(acknowledged, progress.published());
                disk.restart();
                StoreChecks.assertWhole(location, acknowledged, what);
            }
            StoreChecks.assertGoesOn(location);
        }
    }

    @Test
    void aFullDiskFailsTheCheckpointAndNoneBeforeItAndSpaceMendsIt() throws Exception {
        try (LoopDisk disk = LoopDisk.inMemory("4m", directory)) {
            Path location = disk.path().resolve("store");
            StoreWriter writer = new StoreWriter(CheckpointStore.open(location.toString()));
            writer.begin();
            long good = writer.publish().checkpoint();
            Path ballast = disk.path().resolve("ballast");
            long free = Files.getFileStore(disk.path()).getUsableSpace();
            // With less and less space it is the files, then the record, that do not fit.
            for (long left : new long[] {0, 4 << 10, 8 << 10, BALLAST_STEP_BYTES}) {
                Files.write(ballast, new byte[(int) (free - left)]);
                assertThatThrownBy(writer::publish)
                        .isInstanceOfSatisfying(
                                MillraceException.class,
                                e -> assertThat(e.code()).as(e.toString()).isEqualTo(ErrorCode.DISK_FULL));
                StoreChecks.assertWhole(location, good, "left=" + left);
                Files.delete(ballast);
                free = Files.getFileStore(disk.path()).getUsableSpace();
            }
            assertThat(writer.publish().checkpoint()).isEqualTo(good + 1);
            StoreChecks.assertWhole(location, good + 1, "space again");
            StoreChecks.assertGoesOn(location);
        }
    }

    @Test
    void noCheckpointIsAcknowledgedWhoseSyncFailed() throws Exception {
        LoopDisk.skipUnlessHere("strace");
        boolean beyond = false;
        for (int fail = 1; !beyond; fail++) {
            Path location = directory.resolve("store" + fail);
            List<String> strace =
                    List.of(
                            "strace",
                            "-f",
                            "--seccomp-bpf",
                            "-o",
                            directory.resolve("trace" + fail).toString(),
                            "-e",
                            "trace=fsync,fdatasync",
                            "-e",
                            "inject=fsync,fdatasync:error=EIO:when=" + fail);
            Process process = StoreWriter.start(strace, List.of(), location, 2);
            StoreProgress progress = new StoreProgress(process);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            List<String> lines = progress.toEnd();
            String what = "the sync number " + fail + " failed: " + lines;
            List<String> failures = lines.stream().filter(line -> line.startsWith("failed")).toList();
            beyond = !Files.readString(directory.resolve("trace" + fail)).contains("INJECTED");
            assertThat(lines).as(what).endsWith("done");
            assertThat(failures).as(what).hasSize(beyond ? 0 : 1).allMatch(line -> line.contains("IO_FAILED"));
            StoreChecks.assertWhole(location, progress.published(), what);
            StoreChecks.assertGoesOn(location);
            assertThat(fail).as("syncs of two checkpoints").isLessThan(100);
        }
    }
}
