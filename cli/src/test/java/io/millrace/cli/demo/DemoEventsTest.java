package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connectors.nexmark.NexmarkEvent;
import io.millrace.connectors.nexmark.NexmarkReference;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class DemoEventsTest {
    private final DemoEvents events = DemoEvents.of(250_007, 20_000);
    private final NexmarkReference reference = new NexmarkReference(events.config());

    @Test
    void numbersExactlyTheBids() {
        long bid = 0;
        for (long event = 0; event < 10_000; event++) {
            if (reference.isBid(event)) {
                assertThat(events.eventOf(bid)).isEqualTo(event);
                assertThat(events.bidOf(event)).isEqualTo(bid);
                bid++;
            }
        }
    }

    @Test
    void theTopicBeginsAtTheLastHundredThousandOfHistoryAndHasNoHoles() {
        assertThat(events.repeatedFrom()).isEqualTo(150_007);
        long[] next = new long[DemoEvents.PARTITIONS];
        for (long bid = events.repeatedFrom(); bid < events.firstLive() + 1_000; bid++) {
            int partition = DemoEvents.partitionOf(bid);
            assertThat(events.offsetOf(bid)).isEqualTo(next[partition]);
            next[partition]++;
        }
        assertThat(events.isInTopic(events.repeatedFrom() - 1)).isFalse();
    }

    @Test
    void historyIsMonthsLongAndLiveTimePassesAsFastAsTheClock() {
        long history = events.eventTimeMicros(events.firstLive()) - events.eventTimeMicros(0);
        assertThat(Duration.of(history, ChronoUnit.MICROS)).isBetween(Duration.ofDays(89), Duration.ofDays(90));
        long minute = events.firstLive() + 60 * 20_000;
        long live = events.eventTimeMicros(minute) - events.eventTimeMicros(events.firstLive());
        assertThat(Duration.of(live, ChronoUnit.MICROS))
                .isBetween(Duration.ofMillis(59_990), Duration.ofMillis(60_010));
        assertThat(events.dueNanos(minute)).isEqualTo(60_000_000_000L);
        assertThat(events.dueBefore(60_000_000_000L)).isEqualTo(minute + 1);
        for (long bid = 1; bid < events.firstLive() + 100_000; bid += 37) {
            assertThat(events.eventTimeMicros(bid)).isGreaterThanOrEqualTo(events.eventTimeMicros(bid - 1));
        }
    }

    @Test
    void writesBidsAsJsonThatSaysTheSame() throws Exception {
        BidJson json = new BidJson();
        ObjectMapper mapper = new ObjectMapper();
        for (long bid = events.firstLive() - 200; bid < events.firstLive() + 200; bid++) {
            NexmarkEvent.Bid expected = (NexmarkEvent.Bid) reference.event(events.eventOf(bid));
            JsonNode found = mapper.readTree(json.encode(expected));
            assertThat(found.size()).isEqualTo(8);
            assertThat(found.get("event_id").asLong()).isEqualTo(expected.eventId());
            assertThat(found.get("auction").asLong())
                    .isEqualTo(expected.auction())
                    .isEqualTo(reference.auctionOf(expected.eventId()));
            assertThat(found.get("bidder").asLong()).isEqualTo(expected.bidder());
            assertThat(found.get("price").asLong())
                    .isEqualTo(expected.price())
                    .isEqualTo(reference.priceOf(expected.eventId()));
            assertThat(found.get("channel").asText())
                    .isEqualTo(expected.channel())
                    .isEqualTo(reference.channelOf(expected.eventId()));
            assertThat(found.get("url").asText()).isEqualTo(expected.url());
            assertThat(found.get("extra").asText()).isEqualTo(expected.extra());
            LocalDateTime time = LocalDateTime.parse(found.get("date_time").asText().replace(' ', 'T'));
            assertThat(ChronoUnit.MICROS.between(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), time))
                    .isEqualTo(expected.dateTimeMicros());
        }
    }
}
