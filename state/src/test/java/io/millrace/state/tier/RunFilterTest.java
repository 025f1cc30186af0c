package io.millrace.state.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryBudget;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFilterTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 3);
    private static final int BITS = 14;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private static long[] sortedHashes(Random random, int count) {
        // Sorted as unsigned numbers, as a run is.
        return random.longs(count).map(hash -> hash ^ Long.MIN_VALUE).sorted().map(h -> h ^ Long.MIN_VALUE).toArray();
    }

    private static int segmentOf(long hash) {
        return BucketLayout.segmentOf(BucketLayout.halfOf(hash), BucketLayout.segmentBits(BITS));
    }

    private static boolean fill(RunFilter filter, long[] hashes) {
        int from = 0;
        while (from < hashes.length) {
            int segment = segmentOf(hashes[from]);
            int to = from;
            while (to < hashes.length && segmentOf(hashes[to]) == segment) {
                to++;
            }
            if (!filter.add(segment, Arrays.copyOfRange(hashes, from, to), to - from)) {
                return false;
            }
            from = to;
        }
        filter.finish();
        return true;
    }

    @Test
    void everyKeyIsFoundAndFewOthersAre() {
        System.out.println("-Dmillrace.test.seed=" + SEED);
        Random random = new Random(SEED);
        try (StateTier tier = new StateTier(directory, new MemoryBudget(64L << 20));
                Allocator allocator = Allocator.root(64L << 20)) {
            long[] hashes = sortedHashes(random, 100_000);
            try (RunFilter filter = RunFilter.tryMake(tier, allocator, BITS)) {
                assertThat(fill(filter, hashes)).isTrue();
                assertThat(Arrays.stream(hashes).allMatch(filter::mayHave)).isTrue();
                long others = random.longs(100_000).filter(filter::mayHave).count();
                assertThat(others).isLessThan(2_500);
            }
        }
    }

    @Test
    void aSegmentWithoutKeysHasNone() {
        try (StateTier tier = new StateTier(directory, new MemoryBudget(64L << 20));
                Allocator allocator = Allocator.root(64L << 20);
                RunFilter filter = RunFilter.tryMake(tier, allocator, BITS)) {
            long[] hashes = {5L, 1L << 62, -1L};
            assertThat(fill(filter, hashes)).isTrue();
            for (long hash : hashes) {
                assertThat(filter.mayHave(hash)).isTrue();
            }
            assertThat(filter.mayHave(1L << 61)).isFalse();
            assertThat(filter.mayHave(-1L << 62)).isFalse();
        }
    }

    @Test
    void filtersTakeNoMoreThanTheirShareOfTheMemory() {
        long limit = 16L << 20;
        try (StateTier tier = new StateTier(directory, new MemoryBudget(limit));
                Allocator allocator = Allocator.root(limit);
                RunFilter filter = RunFilter.tryMake(tier, allocator, 20)) {
            assertThat(fill(filter, sortedHashes(new Random(SEED), 2_000_000))).isFalse();
            assertThat(allocator.heldBytes()).isLessThan(limit / 8);
        }
    }
}
