package io.millrace.state.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.MemoryStateFiles;
import io.millrace.state.table.RowList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index of a run leads to each bucket that RocksDB finds, to no other, and past no damage. */
final class RunIndexTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 17);
    private static final int STEP_BYTES = 64;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private final Allocator allocator = Allocator.root(64L << 20);
    private StateTier tier;
    private TaskTiers task;

    @BeforeEach
    void open() {
        tier = new StateTier(directory.resolve("tier"), new MemoryBudget(64L << 20), 0);
        task = new TaskTiers(tier, allocator, Runnable::run);
    }

    @AfterEach
    void close() {
        task.close();
        tier.close();
        allocator.close();
    }

    private TableTier newTable() {
        return task.table("t", () -> new CountingTable(allocator), true);
    }

    private TierRun runOf(TableTier table, int keys) {
        CountingTable rows = new CountingTable(allocator);
        for (int i = 0; i < keys; i++) {
            rows.add("key " + i, i);
        }
        table.take(rows, false);
        task.check();
        return table.runs().getLast();
    }

    private static List<String> contents(BucketCursor cursor) {
        List<String> all = new ArrayList<>();
        cursor.seekToFirst();
        while (cursor.isValid()) {
            long address = cursor.fetch();
            byte[] bytes = new byte[cursor.length()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = Mem.getByte(address + i);
            }
            all.add(Integer.toHexString(cursor.bucket()) + Arrays.toString(bytes));
            cursor.next();
        }
        return all;
    }

    private List<String> asRocksDbReads(TierRun run) {
        try (BucketReader reader = BucketReader.ofAll(tier, allocator, run)) {
            return contents(reader);
        }
    }

    @Test
    void theIndexLeadsToTheBucketsThatRocksDbReads() {
        for (int keys : new int[] {1, 2, 31, 32, 40, 500, 5_000, 70_000}) {
            TierRun run = runOf(newTable(), keys);
            try (IndexedBuckets buckets = new IndexedBuckets(run)) {
                assertThat(contents(buckets)).as("keys=" + keys).isEqualTo(asRocksDbReads(run));
            }
        }
    }

    @Test
    void aRunOfFewRowsBesideALargeOneHasLargerBuckets() {
        TableTier table = newTable();
        TierRun large = runOf(table, 40_000);
        TierRun small = runOf(table, 100);
        assertThat(small.bits()).isLessThan(large.bits());
        assertThat(asRocksDbReads(small)).hasSizeLessThan(asRocksDbReads(large).size());
    }

    @Test
    void aFewRowsInAnyOfManySegmentsAreFound() {
        System.out.println("-Dmillrace.test.seed=" + SEED);
        Random random = new Random(SEED);
        TableTier table = newTable();
        runOf(table, 200_000);
        for (int i = 0; i < 30; i++) {
            CountingTable rows = new CountingTable(allocator);
            for (int k = 1 + random.nextInt(4); k > 0; k--) {
                rows.add("key " + random.nextInt(200_000), 1);
            }
            table.take(rows, false);
            task.check();
            for (TierRun run : table.runs()) {
                assertThat(1 << BucketLayout.segmentBits(run.bits())).isGreaterThan(1);
                try (IndexedBuckets buckets = new IndexedBuckets(run)) {
                    assertThat(contents(buckets)).isEqualTo(asRocksDbReads(run));
                }
            }
        }
    }

    @Test
    void aRestoredRunHasTheIndexThatItWasWrittenWith() {
        MemoryStateFiles files = new MemoryStateFiles();
        TableTier table = newTable();
        TierRun run = runOf(table, 5_000);
        run.retain();
        task.copy(List.of(run), files).join();
        try (TaskTiers later = new TaskTiers(tier, allocator, Runnable::run)) {
            TableTier restored = later.table("t", () -> new CountingTable(allocator), true);
            restored.restore(
                    List.of(new RestoredRun(run.number(), run.bits(), run.rows(), false, false, run.file())), files);
            later.check();
            TierRun again = restored.runs().getFirst();
            assertThat(again.index()).isNotNull();
            try (IndexedBuckets buckets = new IndexedBuckets(again)) {
                assertThat(contents(buckets)).isEqualTo(asRocksDbReads(run));
            }
        }
    }

    @Test
    void whereNoFileIsMappedRocksDbReadsTheSame() {
        TierRun mapped = runOf(newTable(), 5_000);
        try (StateTier other = new StateTier(directory.resolve("other"), new MemoryBudget(64L << 20), 0).unmapped();
                TaskTiers ofOther = new TaskTiers(other, allocator, Runnable::run)) {
            TableTier table = ofOther.table("t", () -> new CountingTable(allocator), true);
            CountingTable rows = new CountingTable(allocator);
            for (int i = 0; i < 5_000; i++) {
                rows.add("key " + i, i);
            }
            table.take(rows, false);
            ofOther.check();
            TierRun run = table.runs().getLast();
            assertThat(run.index()).isNull();
            try (BucketCursor cursor = BucketCursor.of(other, allocator, run)) {
                assertThat(contents(cursor)).isEqualTo(asRocksDbReads(mapped));
            }
        }
    }

    @Test
    void blocksAreReadWhereverInALargeFileTheyLie() throws IOException {
        TierRun run = runOf(newTable(), 500);
        byte[] bytes = Files.readAllBytes(run.path());
        // Sparse: it takes no more room than what is written.
        Path path = directory.resolve("large.sst");
        long[] shifts = {0, Integer.MAX_VALUE - bytes.length / 2, 5L << 30};
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long shift : shifts) {
                file.write(ByteBuffer.wrap(bytes), shift);
            }
        }
        TierRun large = new TierRun(run.number(), run.rows(), false, path).withBits(run.bits());
        try (MappedRun all = new MappedRun(large);
                IndexedBuckets buckets = new IndexedBuckets(run)) {
            buckets.seekToFirst();
            while (buckets.isValid()) {
                long address = buckets.fetch();
                long offset =
                        run.index()
                                .bucketAt(
                                        run.index().part(run.mapped(), run.index().segmentOf(buckets.bucket())),
                                        buckets.bucket());
                for (long shift : shifts) {
                    long found = all.value(shift + offset, buckets.bucket());
                    assertThat(all.valueBytes()).isEqualTo(buckets.length());
                    assertThat(Mem.sameBytes(found, address, buckets.length())).isTrue();
                }
                buckets.next();
            }
        }
    }

    /** What is read of a file with these bytes, with the index of the run; null when that is refused. */
    private List<String> read(TierRun run, byte[] bytes, String what) throws IOException {
        Path path = directory.resolve("damaged.sst");
        Files.write(path, bytes);
        TierRun damaged = new TierRun(run.number(), run.rows(), false, path).withBits(run.bits());
        damaged.foundBy(null, run.index());
        try (IndexedBuckets buckets = new IndexedBuckets(damaged)) {
            return contents(buckets);
        } catch (MillraceException refused) {
            assertThat(refused.code()).as(what).isEqualTo(ErrorCode.CORRUPT_DATA);
            assertThat(refused).as(what).hasMessageContaining(path.toString());
            return null;
        } finally {
            damaged.endLookups();
            Files.delete(path);
        }
    }

    @Test
    void aBitFlippedInAnyByteOrAFileTornThereIsNoticedOrDoesNotMatter() throws IOException {
        System.out.println("-Dmillrace.test.seed=" + SEED);
        Random random = new Random(SEED);
        TierRun run = runOf(newTable(), 1_000);
        List<String> right = asRocksDbReads(run);
        byte[] whole = Files.readAllBytes(run.path());
        int noticed = 0;
        for (int i = random.nextInt(STEP_BYTES); i < whole.length; i += 1 + random.nextInt(STEP_BYTES)) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << random.nextInt(8));
            for (byte[] bytes : List.of(flipped, Arrays.copyOf(whole, i))) {
                String what = "seed=" + SEED + ", at byte " + i;
                List<String> found = read(run, bytes, what);
                noticed += found == null ? 1 : 0;
                assertThat(found == null ? right : found).as(what).isEqualTo(right);
            }
        }
        assertThat(noticed).isGreaterThan(whole.length / STEP_BYTES);
    }

    @Test
    void aLookupForWhichThereIsNoRoomSaysSoAndOneOfFewerKeysIsDone() {
        TableTier table = newTable();
        runOf(table, 5_000);
        try (CountingTable asked = new CountingTable(allocator);
                RowList rows = new RowList(allocator, 5_000)) {
            for (int i = 0; i < 5_000; i++) {
                asked.row("key " + i);
            }
            asked.table().scan(0, Integer.MAX_VALUE, rows);
            Map<String, Long> before = asked.counts();
            // What is found of all keys takes more than this, and what is asked is larger from the beginning.
            allocator.injectFault((owner, bytes) -> bytes > 8 << 10 && bytes < 128 << 10);
            try (TierLookup lookup = table.lookup(asked, rows.address(), rows.size())) {
                assertThat(lookup.isDone()).isTrue();
                assertThat(lookup.isShort()).isTrue();
            }
            allocator.injectFault(Allocator.AllocationFault.NONE);
            assertThat(asked.counts()).isEqualTo(before);
            try (TierLookup lookup = table.lookup(asked, rows.address(), 50)) {
                assertThat(lookup.isShort()).isFalse();
                lookup.addTo(asked, rows.address());
            }
            assertThat(asked.counts()).hasSameSizeAs(before).isNotEqualTo(before);
        }
    }
}
