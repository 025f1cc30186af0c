package io.millrace.it.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.fault.KillPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine is killed at random moments of start, backfill, handover, live, checkpoint and recovery, and goes on. How
 * often is {@code -Dledger.kills}, which moments {@code -Dledger.seed}, which kill points, as a pattern of their names,
 * {@code -Dledger.points}. Half of its lives may keep no state in memory, and so die with runs that are being written,
 * folded, given to a checkpoint and restored.
 */
class LedgerIT {
    private static final int KILLS = Integer.getInteger("ledger.kills", 60);
    private static final long SEED = Long.getLong("ledger.seed", 1);
    private static final String POINTS = System.getProperty("ledger.points", ".*");
    private static final long HISTORY_ROWS = 200_000;

    @RegisterExtension static final LedgerBroker BROKER = new LedgerBroker();

    @TempDir Path directory;
    private LedgerJob job;

    @BeforeEach
    void nameJob() {
        job = new LedgerJob(directory);
    }

    /**
     * What folding bounds them to, of tables as small as these: seven of each of two sizes, as many again, the first.
     */
    private static final int MOST_RUNS = 30;

    /** Once for each of two sizes, and all when they are thrice as much as the first. */
    private static final int MOST_WRITTEN_AGAIN = 4;

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void nothingIsLostAndNothingComesTwiceWhenTheEngineIsKilledAgainAndAgain() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        System.out.println("ledger: kills=" + KILLS + " seed=" + SEED + " (-Dledger.kills, -Dledger.seed)");
        try (Ledger ledger = new Ledger(BROKER.servers(), "ledger-" + SEED, directory)) {
            ledger.produce(HISTORY_ROWS);
            ledger.archive(HISTORY_ROWS * 9 / 10, 3);
            Path script = ledger.script(true);
            long withRuns = 0;
            long lives = 0;
            long checkpointed = 0;
            long writtenBytes = 0;
            long foldedBytes = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                List<String> drawn = new ArrayList<>();
                drawn.addAll(List.of("--parallelism", String.valueOf(1 + random.nextInt(3))));
                drawn.addAll(random.nextBoolean() ? LedgerJob.ALL_ON_DISK : List.of());
                int port = LedgerJob.freePort();
                drawn.addAll(List.of("--http", "127.0.0.1:" + port));
                // Now and then three times in a row before it can be up; else when it runs, however slow the start was.
                boolean early = kill % 10 >= 7;
                // However slow the machine is, some live until the next checkpoint: else they might all begin anew.
                boolean keeps = kill % 5 == 0;
                long before = job.newestCheckpoint("state");
                long millis = early ? random.nextLong(600, 2_400) : random.nextLong(2_500);
                try (EngineProcess engine = job.start(script, drawn)) {
                    if (!early) {
                        engine.awaitLine("job ledger runs");
                        lives++;
                    }
                    if (keeps) {
                        awaitCheckpointAfter(before, engine);
                    }
                    ledger.produce(random.nextLong(3_000));
                    assertThat(engine.endsWithin(millis))
                            .as("kill %d of %s ended by itself: %s", kill, drawn, engine.log())
                            .isFalse();
                    writtenBytes += early ? 0 : LedgerJob.metric(port, "millrace_state_run_bytes_total");
                    foldedBytes += early ? 0 : LedgerJob.metric(port, "millrace_state_folded_bytes_total");
                    engine.kill();
                }
                ledger.checkCopies(false);
                checkpointed += job.newestCheckpoint("state") > before ? 1 : 0;
                withRuns += Math.min(1, job.runsOfNewest("state"));
                assertThat(job.mostRunsOfNewest("state")).as("runs of a table").isLessThanOrEqualTo(MOST_RUNS);
            }
            job.finish(ledger, script, "state", List.of());
            System.out.println(
                    "ledger: "
                            + ledger.rows()
                            + " rows, each once, after "
                            + KILLS
                            + " kills, "
                            + lives
                            + " of them when it ran, "
                            + checkpointed
                            + " after a checkpoint, "
                            + withRuns
                            + " with runs in the newest checkpoint; runs of "
                            + writtenBytes
                            + " bytes, "
                            + foldedBytes
                            + " written again");
            assertThat(writtenBytes).as("bytes of runs").isPositive();
            assertThat(foldedBytes).as("bytes written again").isLessThanOrEqualTo(MOST_WRITTEN_AGAIN * writtenBytes);
            assertThat(withRuns).as("deaths with runs in the newest checkpoint").isPositive();
        }
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void nothingIsLostAndNothingComesTwiceWhenTheEngineIsKilledAtEachOfItsWeakestMoments() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> notReached = new ArrayList<>();
        try (Ledger ledger = new Ledger(BROKER.servers(), "points-" + SEED, directory)) {
            ledger.produce(HISTORY_ROWS);
            ledger.archive(HISTORY_ROWS * 9 / 10, 3);
            Path script = ledger.script(true);
            // The job writes to no database and takes no savepoint; those die at their points in their own tests.
            List<String> points =
                    KillPoint.NAMES.stream()
                            .filter(name -> !name.matches("(jdbc|savepoint)\\..*") && name.matches(POINTS))
                            .toList();
            for (String point : points) {
                boolean restoring = point.startsWith("tier.restore");
                boolean once = point.startsWith("checkpoint.begin") || point.contains("fence") || restoring;
                if (restoring && job.runsOfNewest("state") == 0) {
                    liveUntilRunsAreKept(script);
                }
                int hit = once ? 1 : 1 + random.nextInt(3);
                List<String> flags = List.of("-Dmillrace.kill=" + point + ":" + hit);
                List<String> more =
                        point.startsWith("tier.") || random.nextBoolean() ? LedgerJob.ALL_ON_DISK : List.of();
                try (EngineProcess engine = job.start(script, "state", flags, more)) {
                    ledger.produce(1_000 + random.nextLong(2_000));
                    if (!engine.endsWithin(40_000)) {
                        notReached.add(point);
                        engine.kill();
                    } else {
                        assertThat(engine.await(Duration.ZERO)).as(engine.log()).isEqualTo(KillPoint.EXIT_CODE);
                    }
                }
                ledger.checkCopies(false);
            }
            job.finish(ledger, script, "state", List.of());
            System.out.println("ledger: died at " + points.size() + " kill points");
            assertThat(notReached).as("kill points that were not reached").isEmpty();
        }
    }

    private void awaitCheckpointAfter(long before, EngineProcess engine) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> !engine.isAlive() || job.newestCheckpoint("state") > before);
    }

    /** The lives before may all have died too early for that. */
    private void liveUntilRunsAreKept(Path script) throws Exception {
        try (EngineProcess engine = job.start(script, LedgerJob.ALL_ON_DISK)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    // A checkpoint may be forgotten while it is looked at.
                    .ignoreExceptions()
                    .until(() -> !engine.isAlive() || job.runsOfNewest("state") > 0);
            assertThat(engine.isAlive()).as(engine.log()).isTrue();
            engine.kill();
        }
    }

    @Test
    void aSleeperThatWakesIsFencedAndEndsWithCodeThreeAndASecondOnTheSameDirectoryWithCodeFour() throws Exception {
        try (Ledger ledger = new Ledger(BROKER.servers(), "sleeper-" + SEED, directory)) {
            ledger.produce(50_000);
            ledger.archive(40_000, 2);
            Path script = ledger.script(true);
            List<String> shared = List.of("--checkpoints", directory.resolve("shared").toString());
            try (EngineProcess sleeper = job.start(script, "first", List.of(), shared)) {
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> ledger.copiedRows() > 0);
                signal(sleeper, "STOP");
                ledger.produce(5_000);
                long before = ledger.copiedRows();
                try (EngineProcess next = job.start(script, "second", List.of(), shared)) {
                    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> ledger.copiedRows() > before);
                    signal(sleeper, "CONT");
                    assertThat(sleeper.await(Duration.ofSeconds(60))).as(sleeper.log()).isEqualTo(3);
                    assertThat(next.isAlive()).as(next.log()).isTrue();
                    try (EngineProcess third = job.start(script, "second", List.of(), shared)) {
                        assertThat(third.await(Duration.ofSeconds(60))).as(third.log()).isEqualTo(4);
                        assertThat(third.log()).contains("in use by process " + next.handle().pid());
                    }
                    next.kill();
                }
            }
            job.finish(ledger, script, "second", shared);
        }
    }

    @Test
    void nothingIsLostAndNothingComesTwiceWhenTheBrokerDiesAndComesBack() throws Exception {
        try (Ledger ledger = new Ledger(BROKER.servers(), "broker-" + SEED, directory)) {
            ledger.produce(50_000);
            ledger.archive(40_000, 2);
            Path script = ledger.script(true);
            try (EngineProcess engine = job.start(script, List.of())) {
                for (int death = 0; death < 2; death++) {
                    long before = ledger.copiedRows();
                    ledger.produce(5_000);
                    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> ledger.copiedRows() > before);
                    BROKER.process().kill();
                    assertThat(engine.endsWithin(1_000)).as(engine.log()).isFalse();
                    BROKER.process().restart();
                }
                // It goes on by itself, or from its last checkpoint: within what it tries alone.
                long before = ledger.copiedRows();
                ledger.produce(5_000);
                Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> ledger.copiedRows() > before);
                assertThat(engine.terminate()).as(engine.log()).isZero();
            }
            job.finish(ledger, script, "state", List.of());
        }
    }

    @Test
    void aSavepointIsGoneOnFromElsewhereAtAnotherParallelism() throws Exception {
        Path savepoint = directory.resolve("elsewhere/savepoint");
        try (Ledger ledger = new Ledger(BROKER.servers(), "savepoint-" + SEED, directory)) {
            ledger.produce(40_000);
            Path script = ledger.servingScript();
            int port = LedgerJob.freePort();
            List<String> http = List.of("--http", "127.0.0.1:" + port, "--parallelism", "1");
            List<String> old = new ArrayList<>(http);
            old.addAll(List.of("--savepoints", savepoint.getParent().toString()));
            try (EngineProcess engine = job.start(script, "old", List.of(), old)) {
                LedgerJob.awaitTotals(engine, ledger, port);
                String url = "127.0.0.1:" + port;
                for (String outside : List.of(savepoint.toString(), "../savepoint", "a/b")) {
                    assertThat(job.command("savepoint", "serving", outside, "--url", url)).isEqualTo(2);
                }
                assertThat(directory.resolve("savepoint")).doesNotExist();
                assertThat(savepoint).doesNotExist();
                assertThat(job.command("savepoint", "serving", "savepoint", "--url", url)).isZero();
                assertThat(directory.resolve("commands.log")).content().contains("expected a name for a savepoint");
                engine.kill();
            }
            assertThat(job.command("checkpoints", "verify", savepoint.toString())).isZero();
            ledger.produce(20_000);
            for (String tasks : List.of("4", "3")) {
                // The second time it goes on from its own checkpoints, and may not name the savepoint again.
                List<String> more = new ArrayList<>(List.of("--http", "127.0.0.1:" + port, "--parallelism", tasks));
                if (tasks.equals("4")) {
                    more.addAll(List.of("--from", savepoint.toString()));
                }
                try (EngineProcess engine = job.start(script, "new", List.of(), more)) {
                    LedgerJob.awaitTotals(engine, ledger, port);
                    ledger.produce(5_000);
                    LedgerJob.awaitTotals(engine, ledger, port);
                    assertThat(engine.terminate()).as(engine.log()).isZero();
                }
            }
            List<String> again = List.of("--from", savepoint.toString());
            try (EngineProcess engine = job.start(script, "new", List.of(), again)) {
                assertThat(engine.await(Duration.ofSeconds(60))).as(engine.log()).isEqualTo(2);
                assertThat(engine.log()).contains("has checkpoints of its own");
            }
        }
    }

    private static void signal(EngineProcess engine, String name) throws IOException, InterruptedException {
        String id = String.valueOf(engine.handle().pid());
        assertThat(new ProcessBuilder("kill", "-" + name, id).start().waitFor()).isZero();
    }
}
