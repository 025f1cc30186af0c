package io.millrace.benchmarks.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a program without an engine would do: a consumer's loop, and Jackson's streaming parser over each value. */
final class BareConsumer {
    private final BidTopic topic;
    private final JsonFactory json = new JsonFactory();

    BareConsumer(BidTopic topic) {
        this.topic = topic;
    }

    private interface Parser {
        long parse(JsonParser parser) throws IOException;
    }

    /** Reads each record and each of its values; the sum of all numbers and of the lengths of all texts. */
    long sum() {
        return read(BareConsumer::sumOf);
    }

    /** The same and more: the checksum of all values. */
    long checksum() {
        return read(BareConsumer::checksumOf);
    }

    private long read(Parser values) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < topic.partitions(); i++) {
            partitions.add(new TopicPartition(topic.name(), i));
        }
        long sum = 0;
        int rows = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", topic.servers(), "isolation.level", "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (rows < topic.rows()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    try (JsonParser parser = json.createParser(record.value())) {
                        sum += values.parse(parser);
                    }
                    rows++;
                }
            }
        } catch (IOException malformed) {
            throw new IllegalStateException("expected JSON", malformed);
        }
        return sum;
    }

    private static long sumOf(JsonParser parser) throws IOException {
        long sum = 0;
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            parser.currentName();
            boolean number = parser.nextToken() == JsonToken.VALUE_NUMBER_INT;
            sum += number ? parser.getLongValue() : parser.getText().length();
        }
        return sum;
    }

    private static long checksumOf(JsonParser parser) throws IOException {
        long sum = 0;
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            long value =
                    parser.nextToken() == JsonToken.VALUE_NUMBER_INT
                            ? parser.getLongValue()
                            : name.equals("date_time")
                                    ? BidTopic.millis(parser.getText())
                                    : parser.getText().hashCode();
            sum += BidTopic.checksum(BidTopic.COLUMNS.indexOf(name), value);
        }
        return sum;
    }
}
