package io.millrace.state.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The store's process dies, its machine dies, or a call fails: at each call there is. */
class StoreCrashTest {
    private static final long SEED = Long.getLong("test.seed", 20261122L);
    private static final int CHECKPOINTS = 4;
    private static final int RETAINED = 2;

    /** No handler catches it but the one that looks for it: what a process that was killed would do next. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static CheckpointStore open(MemoryStorage storage) {
        return CheckpointStore.open("/store", storage, Clock.system());
    }

    /** A job with a history: what it did, and what of it was acknowledged. */
    private static final class Job {
        private final CheckpointStore store;
        private final long incarnation;
        private List<CheckpointFile> kept = List.of();
        private long acknowledged;
        private int failures;

        Job(MemoryStorage storage, long acknowledged) {
            this.acknowledged = acknowledged;
            store = open(storage);
            incarnation = store.begin("job");
        }

        /** Publishes until one is acknowledged; each refers to half of the one before. */
        void checkpoint() {
            for (boolean done = false; !done; ) {
                try {
                    Manifest manifest = SampleCheckpoints.publish(store, incarnation, kept);
                    acknowledged = manifest.checkpoint();
                    List<CheckpointFile> files = manifest.files().distinct().toList();
                    kept = List.copyOf(files.subList(files.size() / 2, files.size()));
                    done = true;
                    store.retain(RETAINED);
                } catch (MillraceException failure) {
                    assertThat(failure.code()).as(failure.toString()).isEqualTo(ErrorCode.IO_FAILED);
                    assertThat(++failures).isLessThan(3);
                }
            }
        }
    }

    /** What a run before the one that is looked at leaves. */
    private static MemoryStorage past() {
        MemoryStorage storage = new MemoryStorage();
        Job job = new Job(storage, 0);
        job.checkpoint();
        job.checkpoint();
        SampleCheckpoints.write(job.store.files(), "garbage of the run before");
        return storage;
    }

    private static final long ACKNOWLEDGED_BEFORE = 3;

    private static int calls() {
        MemoryStorage storage = past();
        AtomicInteger calls = new AtomicInteger();
        storage.hook(call -> calls.incrementAndGet());
        Job job = new Job(storage, ACKNOWLEDGED_BEFORE);
        for (int i = 0; i < CHECKPOINTS; i++) {
            job.checkpoint();
        }
        return calls.get();
    }

    /** The store is at the last acknowledged checkpoint or the one after, whole, and a job goes on from there. */
    private static void assertWhole(MemoryStorage storage, long acknowledged, String what) {
        CheckpointStore store = open(storage);
        long incarnation = store.begin("next");
        Manifest newest = store.newest();
        assertThat(newest).as(what).isNotNull();
        assertThat(newest.checkpoint()).as(what).isGreaterThanOrEqualTo(acknowledged);
        for (Manifest manifest : store.list()) {
            assertThat(new FoundCheckpoint(manifest, "", store.files()).verify()).as(what).isEmpty();
        }
        assertThat(store.list()).as(what).allMatch(manifest -> manifest.checkpoint() <= newest.checkpoint());
        List<CheckpointFile> kept = newest.files().distinct().toList();
        for (int i = 0; i < 3; i++) {
            SampleCheckpoints.publish(store, incarnation, kept);
            store.retain(1);
        }
        Set<String> referred = store.newest().files().map(CheckpointFile::name).collect(Collectors.toSet());
        assertThat(
                        storage.listAll("/store/files").stream()
                                .map(file -> SlotLog.nameOf(file.location()))
                                .collect(Collectors.toSet()))
                .as(what)
                .isEqualTo(referred);
        assertThat(storage.names()).as(what).noneMatch(name -> name.contains("/."));
    }

    private static List<String> filesOf(MemoryStorage storage) {
        return storage.names().stream().filter(name -> name.startsWith("/store/files/")).toList();
    }

    @Test
    void whenKilledAtAnyCallTheStoreIsAtOneCheckpointOrTheNext() {
        Random random = new Random(SEED);
        int calls = calls();
        assertThat(calls).isGreaterThan(200);
        for (int kill = 1; kill <= calls; kill++) {
            MemoryStorage storage = past();
            AtomicInteger left = new AtomicInteger(kill);
            storage.hook(call -> {
                if (left.decrementAndGet() <= 0) {
                    throw new Killed();
                }
            });
            long acknowledged = ACKNOWLEDGED_BEFORE;
            long attempted = ACKNOWLEDGED_BEFORE;
            List<Job> jobs = new ArrayList<>();
            try {
                jobs.add(new Job(storage, acknowledged));
                for (int i = 0; i < CHECKPOINTS; i++) {
                    attempted = jobs.getFirst().store.nextCheckpoint();
                    jobs.getFirst().checkpoint();
                }
            } catch (Killed expected) {
                acknowledged = jobs.isEmpty() ? acknowledged : jobs.getFirst().acknowledged;
            }
            String what = "seed=" + SEED + " killed at call " + kill;
            MemoryStorage killed = storage.afterKill();
            MemoryStorage powerless = storage.afterPowerLoss(random);
            for (MemoryStorage left2 : List.of(killed, powerless)) {
                assertThat(open(left2).newest().checkpoint()).as(what).isIn(acknowledged, attempted);
                assertWhole(left2, acknowledged, what);
            }
        }
    }

    @Test
    void whenAnyCallFailsOnceTheNextCheckpointSucceeds() {
        int calls = calls();
        for (int fail = 1; fail <= calls; fail++) {
            MemoryStorage storage = past();
            AtomicInteger left = new AtomicInteger(fail);
            storage.hook(call -> {
                if (left.decrementAndGet() == 0) {
                    throw new MillraceException(ErrorCode.IO_FAILED, "made to fail: " + call);
                }
            });
            String what = "call " + fail + " failed";
            Job job;
            try {
                job = new Job(storage, ACKNOWLEDGED_BEFORE);
            } catch (MillraceException failure) {
                assertThat(failure).hasMessageContaining("made to fail");
                job = new Job(storage, ACKNOWLEDGED_BEFORE);
            }
            for (int i = 0; i < CHECKPOINTS; i++) {
                job.checkpoint();
                assertThat(open(storage.afterKill()).newest().checkpoint()).as(what).isEqualTo(job.acknowledged);
            }
            assertThat(job.failures).as(what).isLessThanOrEqualTo(1);
            // Two checkpoints, each with two files of its own and half of those of the one before; one that failed.
            assertThat(filesOf(storage)).as(what).hasSizeLessThanOrEqualTo(9);
            assertWhole(storage.afterKill(), job.acknowledged, what);
        }
    }
}
