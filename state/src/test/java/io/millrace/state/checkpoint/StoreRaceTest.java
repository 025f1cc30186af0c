package io.millrace.state.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Instances of one job that do not know of each other, any of which may sleep at any call for long. */
class StoreRaceTest {
    private static final long SEED = Long.getLong("test.seed", 20261122L);
    private static final int RUNS = Integer.getInteger("test.runs", 300);
    private static final int INSTANCES = 3;
    private static final int LIVES = 3;

    /** What instances saw and were told, in the order in which it happened. */
    private static final class Job {
        private final MemoryStorage storage = new MemoryStorage();
        private final Random random;
        private final Map<Long, Long> seenByIncarnation = new TreeMap<>();
        private final Map<Long, Long> incarnationByAcknowledged = new TreeMap<>();
        private long newestBegun;

        Job(long seed) {
            random = new Random(seed);
        }

        /** Begins and publishes until it is fenced, then begins anew. */
        void live() {
            for (int life = 0; life < LIVES; life++) {
                CheckpointStore store = CheckpointStore.open("/store", storage, Clock.system());
                long incarnation = store.begin("instance");
                newestBegun = Math.max(newestBegun, incarnation);
                try {
                    work(store, incarnation);
                } catch (MillraceException failure) {
                    if (failure.code() != ErrorCode.FENCED) {
                        throw failure;
                    }
                }
            }
        }

        private void work(CheckpointStore store, long incarnation) {
            boolean fencedAlready = newestBegun > incarnation;
            Manifest newest = store.newest();
            if (!fencedAlready && newestBegun == incarnation) {
                seenByIncarnation.put(incarnation, newest == null ? 0 : newest.checkpoint());
                List<String> damages =
                        newest == null ? List.of() : new FoundCheckpoint(newest, "", store.files()).verify();
                // A later one may have deleted it meanwhile.
                assertThat(newestBegun == incarnation ? damages : List.of()).isEmpty();
            }
            List<CheckpointFile> kept = newest == null ? List.of() : newest.files().distinct().toList();
            int checkpoints = random.nextInt(5);
            for (int i = 0; i < checkpoints; i++) {
                boolean begun = newestBegun > incarnation;
                Manifest manifest = SampleCheckpoints.publish(store, incarnation, kept);
                assertThat(begun).as("published after a later incarnation had begun").isFalse();
                assertThat(incarnationByAcknowledged.put(manifest.checkpoint(), incarnation)).isNull();
                List<CheckpointFile> files = manifest.files().distinct().toList();
                kept = files.subList(random.nextInt(files.size()), files.size());
                store.retain(1 + random.nextInt(2));
            }
        }

        void check() {
            incarnationByAcknowledged.forEach((checkpoint, incarnation) ->
                    seenByIncarnation.forEach((later, seen) -> {
                        if (later > incarnation) {
                            assertThat(seen).isGreaterThanOrEqualTo(checkpoint);
                            assertThat(later).isGreaterThan(checkpoint);
                        }
                    }));
            List<Long> incarnations = new ArrayList<>(incarnationByAcknowledged.values());
            assertThat(incarnations).as("in order of checkpoints").isSorted();
            CheckpointStore store = CheckpointStore.open("/store", storage, Clock.system());
            for (LogEntry entry : store.entries()) {
                // A claim of a slot that was freed may be beside, and is no checkpoint.
                assertThat(entry.damage()).isNull();
                assertThat(new FoundCheckpoint(entry.manifest(), "", store.files()).verify()).isEmpty();
            }
        }
    }

    @Test
    void noneOfThreeInstancesPublishesAfterALaterOneHasBegunAndNoneIsOverlooked() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            long seed = SEED + run;
            Job job = new Job(seed);
            Turns turns = new Turns(new Random(seed));
            for (int i = 0; i < INSTANCES; i++) {
                turns.add(job::live);
            }
            job.storage.hook(call -> turns.next());
            try {
                turns.run();
                job.storage.hook(call -> {});
                job.check();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("-Dtest.seed=" + seed + " -Dtest.runs=1", failure);
            }
        }
    }

    @Test
    void retentionBesidePublicationDeletesNothingThatIsReferredTo() throws Exception {
        MemoryStorage storage = new MemoryStorage();
        CheckpointStore store = CheckpointStore.open("/store", storage, Clock.system());
        long incarnation = store.begin("me");
        AtomicBoolean ended = new AtomicBoolean();
        List<Throwable> failures = new ArrayList<>();
        Thread sweeper =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                while (!ended.get()) {
                                    store.retain(1);
                                }
                            } catch (RuntimeException | Error failure) {
                                failures.add(failure);
                            }
                        });
        Random random = new Random(SEED);
        List<CheckpointFile> kept = List.of();
        for (int i = 0; i < 300; i++) {
            // Content that comes again, so that files are found there.
            CheckpointFile again = SampleCheckpoints.write(store.files(), "content " + random.nextInt(3));
            List<CheckpointFile> files = new ArrayList<>(kept);
            files.add(again);
            Manifest manifest = SampleCheckpoints.publish(store, incarnation, files);
            assertThat(new FoundCheckpoint(manifest, "", store.files()).verify()).as("seed=" + SEED).isEmpty();
            List<CheckpointFile> all = manifest.files().distinct().toList();
            kept = all.subList(all.size() - random.nextInt(3), all.size());
        }
        ended.set(true);
        sweeper.join();
        assertThat(failures).isEmpty();
        SampleCheckpoints.publish(store, incarnation, List.of());
        SampleCheckpoints.publish(store, incarnation, List.of());
        store.retain(1);
        assertThat(storage.names().size()).isEqualTo(4);
    }
}
