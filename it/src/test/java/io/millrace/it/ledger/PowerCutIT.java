package io.millrace.it.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.power.LoopDisk;
import io.millrace.state.checkpoint.FoundCheckpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A job that keeps no state in memory, on a disk that loses power: what its outputs were given on the strength of a
 * checkpoint must be found in that checkpoint's runs.
 */
@Tag("system")
class PowerCutIT {
    private static final long SEED = Long.getLong("test.seed", 20261122L);
    private static final int POWER_LOSSES = Integer.getInteger("test.power-losses", 4);

    @RegisterExtension static final LedgerBroker BROKER = new LedgerBroker();

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void nothingIsLostAndNothingComesTwiceWhenTheDiskUnderAllStateLosesPower(String type) throws Exception {
        LoopDisk.skipUnlessHere("xfs_io");
        Random random = new Random(SEED);
        LedgerJob job = new LedgerJob(directory);
        long withRuns = 0;
        try (LoopDisk disk = LoopDisk.make(type, directory);
                Ledger ledger = new Ledger(BROKER.servers(), "power-" + type, directory)) {
            ledger.produce(50_000);
            ledger.archive(40_000, 2);
            Path script = ledger.script(true);
            String state = disk.path().resolve("state").toString();
            for (int loss = 1; loss <= POWER_LOSSES; loss++) {
                String what = type + ", seed=" + SEED + ", power loss " + loss;
                long acknowledged;
                try (EngineProcess engine = job.start(script, state, List.of(), LedgerJob.ALL_ON_DISK)) {
                    long before = ledger.copiedRows();
                    Awaitility.await()
                            .atMost(Duration.ofSeconds(60))
                            .pollInterval(Duration.ofMillis(50))
                            // A checkpoint may be forgotten while it is looked at.
                            .ignoreExceptions()
                            .until(() -> {
                                ledger.produce(200);
                                return !engine.isAlive()
                                        || ledger.copiedRows() > before + 1_000 && job.runsOfNewest(state) > 0;
                            });
                    assertThat(engine.isAlive()).as(engine.log()).isTrue();
                    TimeUnit.MICROSECONDS.sleep(random.nextInt(400_000));
                    acknowledged = ledger.copiedRows();
                    disk.losePower();
                    engine.kill();
                }
                disk.restart();
                FoundCheckpoint newest = FoundCheckpoint.at(state);
                assertThat(newest.verify()).as(what).isEmpty();
                withRuns += Math.min(1, job.runsOfNewest(state));
                assertThat(ledger.copiedRows()).as(what).isGreaterThanOrEqualTo(acknowledged);
                ledger.checkCopies(false);
            }
            assertThat(withRuns).as("power losses with runs in the newest checkpoint").isPositive();
            job.finish(ledger, script, state, LedgerJob.ALL_ON_DISK);
        }
    }
}
