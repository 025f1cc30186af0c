package io.millrace.connectors.nexmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.connectors.nexmark.NexmarkConfig.HotRatios;
import io.millrace.connectors.nexmark.NexmarkConfig.Mix;
import io.millrace.connectors.nexmark.NexmarkConfig.Sizes;
import io.millrace.connectors.nexmark.NexmarkConfig.Timeline;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NexmarkBidsTest {
    private static final int[] ALL = {0, 1, 2, 3, 4, 5, 6, 7};
    private static final long SEED = Long.getLong("millrace.test.seed", 20_261_122L);

    private static List<List<Object>> bids(NexmarkConfig config, int[] columns, long from, long to, int step) {
        List<List<Object>> rows = new ArrayList<>();
        try (Allocator allocator = Allocator.root(256 << 20);
                NexmarkBids bids = new NexmarkBids(config, allocator);
                BatchBuilder builder = new BatchBuilder(allocator, NexmarkBids.SCHEMA.project(columns), 64)) {
            for (long at = from; at < to; at += step) {
                int added = bids.fill(builder, columns, at, Math.min(to, at + step));
                try (Batch batch = builder.build()) {
                    assertThat(batch.rowCount()).isEqualTo(added);
                    rows.addAll(batch.toRows());
                }
            }
        }
        return rows;
    }

    private static List<Object> row(NexmarkEvent.Bid bid) {
        LocalDateTime time =
                LocalDateTime.ofEpochSecond(
                        Math.floorDiv(bid.dateTimeMicros(), 1_000_000L),
                        (int) Math.floorMod(bid.dateTimeMicros(), 1_000_000L) * 1_000,
                        ZoneOffset.UTC);
        return List.of(
                bid.eventId(), bid.auction(), bid.bidder(), bid.price(), bid.channel(), bid.url(), time, bid.extra());
    }

    private static List<List<Object>> expected(NexmarkConfig config, long from, long to) {
        NexmarkReference reference = new NexmarkReference(config);
        List<List<Object>> rows = new ArrayList<>();
        for (long position = from; position < to; position++) {
            if (reference.event(config.eventAt(position)) instanceof NexmarkEvent.Bid bid) {
                rows.add(row(bid));
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 49_990, 999_999_000, 123_456_789_012L})
    void equalsThePlainGeneratorValueByValue(long from) {
        NexmarkConfig config = NexmarkConfig.defaults(SEED);
        assertThat(bids(config, ALL, from, from + 3_000, 700)).isEqualTo(expected(config, from, from + 3_000));
    }

    @Test
    void equalsThePlainGeneratorForAnyConfiguration() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20; i++) {
            NexmarkConfig config =
                    new NexmarkConfig(
                            random.nextLong(),
                            Timeline.of(random.nextLong(1L << 30) * 1_000, 1 + random.nextInt(10_000_000))
                                    .then(random.nextInt(2_000), 0.5 + random.nextInt(100)),
                            new Mix(1 + random.nextInt(3), 1 + random.nextInt(5), 1 + random.nextInt(60)),
                            new Sizes(random.nextInt(300), random.nextInt(600), random.nextInt(300)),
                            new HotRatios(1 + random.nextInt(5), 1 + random.nextInt(5), 1 + random.nextInt(5)),
                            1 + random.nextInt(200));
            long from = random.nextInt(1_000);
            assertThat(bids(config, ALL, from, from + 2_000, 1 + random.nextInt(900)))
                    .describedAs("seed %d, %s", SEED, config)
                    .isEqualTo(expected(config, from, from + 2_000));
        }
    }

    @Test
    void splitsAndProjectionsGiveTheSameValues() {
        NexmarkConfig config = NexmarkConfig.defaults(7);
        List<List<Object>> whole = bids(config, ALL, 0, 1_000, 1_000);
        assertThat(bids(config, ALL, 0, 1_000, 1)).isEqualTo(whole);
        assertThat(bids(config, new int[] {7, 1}, 0, 1_000, 333))
                .isEqualTo(whole.stream().map(r -> List.of(r.get(7), r.get(1))).toList());
        assertThat(bids(config, new int[0], 0, 1_000, 333)).hasSize(920);
        assertThat(bids(NexmarkConfig.defaults(8), ALL, 0, 1_000, 1_000)).isNotEqualTo(whole);
    }

    @Test
    void disorderPermutesWithinGroupsOnly() {
        NexmarkConfig config = NexmarkConfig.defaults(7).withDisorder(100);
        List<Long> ids = bids(config, new int[] {0}, 0, 1_000, 170).stream().map(r -> (Long) r.get(0)).toList();
        assertThat(ids).isNotEqualTo(ids.stream().sorted().toList());
        assertThat(ids.stream().sorted().toList())
                .isEqualTo(
                        bids(NexmarkConfig.defaults(7), new int[] {0}, 0, 1_000, 1_000).stream()
                                .map(r -> (Long) r.get(0))
                                .toList());
        for (long position = 0; position < 1_000; position++) {
            assertThat(config.eventAt(position) / 100).isEqualTo(position / 100);
            assertThat(config.timeline().eventTimeMicros(config.eventAt(position)))
                    .isGreaterThanOrEqualTo(config.boundMicros(position));
        }
    }

    @Test
    void hasTheDistributionsOfTheBenchmark() {
        NexmarkConfig config = NexmarkConfig.defaults(SEED);
        int count = 0;
        int hotChannel = 0;
        int cheap = 0;
        int middling = 0;
        long extraBytes = 0;
        int everyHundredTwentyThird = 0;
        int withId = 0;
        Set<Object> auctions = new HashSet<>();
        Set<Object> bidders = new HashSet<>();
        for (List<Object> row : bids(config, ALL, 5_000_000, 5_500_000, 5_000)) {
            count++;
            auctions.add(row.get(1));
            bidders.add(row.get(2));
            long price = (Long) row.get(3);
            assertThat(price).isBetween(100L, 100_000_000L);
            cheap += price < 10_000 ? 1 : 0;
            middling += price >= 10_000 && price < 1_000_000 ? 1 : 0;
            boolean named = row.get(4).toString().startsWith("channel-");
            hotChannel += named ? 0 : 1;
            withId += row.get(5).toString().contains("&channel_id=") ? 1 : 0;
            int length = row.get(7).toString().length();
            assertThat(length).isBetween(54, 81);
            extraBytes += length;
            everyHundredTwentyThird += (Long) row.get(1) % 123 == 0 ? 1 : 0;
        }
        assertThat(count).isEqualTo(460_000);
        assertThat(hotChannel / (double) count).isCloseTo(0.5, within(0.01));
        assertThat(withId / (double) count).isCloseTo(0.45, within(0.01));
        assertThat(cheap / (double) count).isCloseTo(1 / 3.0, within(0.01));
        assertThat(middling / (double) count).isCloseTo(1 / 3.0, within(0.01));
        assertThat(extraBytes / (double) count).isCloseTo(67.5, within(0.2));
        assertThat(everyHundredTwentyThird / (double) count).isBetween(0.004, 0.013);
        assertThat(auctions.size()).isBetween(29_000, 30_200);
        assertThat(bidders.size()).isBetween(10_000, 11_200);
    }
}
