package io.millrace.state.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.LogEntry;
import io.millrace.state.checkpoint.SampleCheckpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run in a checkpoint is torn at each 64th byte, or has a bit flipped there: never is it read. */
final class RunDamageTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 5);
    private static final int STEP_BYTES = 64;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private final Allocator allocator = Allocator.root(64L << 20);
    private CheckpointStore store;
    private RestoredRun run;
    private Path file;
    private byte[] whole;

    @BeforeEach
    void keepARun() throws IOException {
        store = CheckpointStore.open(directory.resolve("store").toString());
        long incarnation = store.begin("test");
        try (StateTier tier = open();
                TaskTiers task = new TaskTiers(tier, allocator, Runnable::run)) {
            TableTier table = task.table("t", () -> new CountingTable(allocator), true);
            CountingTable rows = new CountingTable(allocator);
            for (int i = 0; i < 1_000; i++) {
                rows.add("key " + i, i);
            }
            table.take(rows, false);
            List<TierRun> runs = table.retainedRuns();
            task.copy(runs, store.files()).join();
            TierRun kept = runs.getFirst();
            run = new RestoredRun(kept.number(), kept.bits(), kept.rows(), kept.isChanged(), false, kept.file());
        }
        SampleCheckpoints.publish(store, incarnation, List.of(run.file()));
        file = directory.resolve("store/files").resolve(run.file().name());
        whole = Files.readAllBytes(file);
        assertThat(whole).hasSizeGreaterThan(50 * STEP_BYTES);
    }

    @AfterEach
    void close() {
        allocator.close();
    }

    private StateTier open() {
        return new StateTier(directory.resolve("tier"), new MemoryBudget(64L << 20), 0);
    }

    private MillraceException restoring() {
        try (StateTier tier = open();
                TaskTiers task = new TaskTiers(tier, allocator, Runnable::run)) {
            TableTier table = task.table("t", () -> new CountingTable(allocator), true);
            return catchThrowableOfType(
                    MillraceException.class,
                    () -> {
                        table.restore(List.of(run), store.files());
                        // What was not found by then is found before a checkpoint refers to it.
                        CompletableFuture<Void> kept = task.copy(table.retainedRuns(), store.files());
                        task.check();
                        kept.join();
                    });
        }
    }

    private void assertNoticed(byte[] content, String what) throws IOException {
        Files.write(file, content);
        LogEntry entry = store.entries().getLast();
        assertThat(entry.isUsable()).as(what).isEqualTo(content.length == whole.length);
        assertThat(entry.found().verify()).as(what).anyMatch(damage -> damage.contains(run.file().name()));
        MillraceException failure = restoring();
        assertThat(failure).as(what).isNotNull().hasMessageContaining(run.file().name());
        assertThat(failure.code()).as(what).isEqualTo(ErrorCode.CORRUPT_DATA);
    }

    @Test
    void aWholeOneIsRestored() {
        assertThat(store.entries().getLast().found().verify()).isEmpty();
        assertThat(restoring()).isNull();
    }

    @Test
    void theRunInTheTierIsTheFileOfTheCheckpoint() throws IOException {
        Object checkpoints = Files.getAttribute(file, "unix:ino");
        try (StateTier tier = open();
                TaskTiers task = new TaskTiers(tier, allocator, Runnable::run)) {
            TableTier table = task.table("t", () -> new CountingTable(allocator), true);
            table.restore(List.of(run), store.files());
            Path restored = table.runs().getFirst().path();
            assertThat(Files.getAttribute(restored, "unix:ino")).isEqualTo(checkpoints);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    @Test
    void aRunTornAtAny64thByteIsNoticed() throws IOException {
        for (int length = 0; length < whole.length; length += STEP_BYTES) {
            assertNoticed(Arrays.copyOf(whole, length), "torn at byte " + length);
        }
    }

    @Test
    void aBitFlippedInAny64thByteIsNoticed() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < whole.length; i += STEP_BYTES) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << random.nextInt(8));
            assertNoticed(flipped, "seed=" + SEED + ", a bit in byte " + i);
        }
    }
}
