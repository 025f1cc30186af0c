package io.millrace.benchmarks.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.management.OperatingSystemMXBean;
import io.millrace.connectors.kafka.broker.BrokerConfig;
import io.millrace.connectors.kafka.broker.BrokerProcess;
import io.millrace.engine.Millrace;
import io.millrace.engine.Result;
import io.millrace.engine.Results;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.time.Clock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Question: how much CPU time does one JSON bid take from a Kafka topic to a sink that reads every column, the whole
 * process counted (decoding, fetching, GC, JIT)? Beside it, a bare KafkaConsumer whose values Jackson's streaming
 * parser goes through. A real broker runs in a process of its own, which is not counted. The sums of all numbers and
 * lengths are compared before anything is printed; the two alternate. Arguments: rows (default 5000000), rounds
 * (default 5, after two that warm up), parallelism (default 1).
 *
 * <p>Run it with the flags that {@code ./millrace} gives to its own process, and with Kafka's server on the class path.
 */
public final class KafkaIngestBenchmark {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final int PARTITIONS = 4;
    private static final int WARM_UP_ROUNDS = 2;

    private KafkaIngestBenchmark() {}

    public static void main(String[] arguments) throws IOException, ExecutionException, InterruptedException {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        int parallelism = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
        Path directory = Files.createTempDirectory("kafka-ingest");
        BrokerConfig config = new BrokerConfig(BrokerConfig.ownClassPath(), directory, 512, Map.of());
        try (BrokerProcess broker = BrokerProcess.start(config, Clock.system());
                Millrace millrace = Millrace.open(MillraceConfig.defaults().withParallelism(parallelism));
                Session session = millrace.session()) {
            BidTopic topic = BidTopic.write(broker.bootstrapServers(), "bids", PARTITIONS, rows);
            run(session, tables(topic));
            check("millrace", topic, millraceSum(session));
            double[] ours = new double[rounds];
            double[] theirs = new double[rounds];
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                double bare = cpuNanosPerRow(rows, () -> check("bare", topic, bareSum(topic)));
                double engine = cpuNanosPerRow(rows, () -> run(session, "INSERT INTO nowhere SELECT * FROM bids;"));
                if (round >= 0) {
                    theirs[round] = bare;
                    ours[round] = engine;
                }
            }
            report(topic, parallelism, ours, theirs);
        } finally {
            deleteAll(directory);
        }
    }

    private static void report(BidTopic topic, int parallelism, double[] ours, double[] theirs) {
        Arrays.sort(ours);
        Arrays.sort(theirs);
        double our = ours[ours.length / 2];
        double their = theirs[theirs.length / 2];
        System.out.printf(
                Locale.ROOT,
                "{\"benchmark\":\"kafka-ingest\",\"rows\":%d,\"bytes_per_record\":%d,\"parallelism\":%d,"
                    + "\"millrace_cpu_ns\":%.0f,\"bare_cpu_ns\":%.0f,\"ratio\":%.2f,\"processors\":%d,\"jdk\":\"%s\"}%n",
                topic.rows(),
                topic.averageBytes(),
                parallelism,
                our,
                their,
                their / our,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version());
    }

    private static double cpuNanosPerRow(int rows, Runnable work) {
        System.gc();
        long start = PROCESS.getProcessCpuTime();
        work.run();
        return (PROCESS.getProcessCpuTime() - start) / (double) rows;
    }

    private static void check(String who, BidTopic topic, long sum) {
        if (sum != topic.sum()) {
            throw new IllegalStateException(who + ": expected the sum " + topic.sum() + ", found " + sum);
        }
    }

    private static String tables(BidTopic topic) {
        String columns =
                "(event_id BIGINT, auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,"
                        + " date_time TIMESTAMP(3), extra STRING)";
        return "CREATE TABLE bids "
                + columns
                + " WITH ('connector' = 'kafka', 'topic' = '"
                + topic.name()
                + "',"
                + " 'properties.bootstrap.servers' = '"
                + topic.servers()
                + "', 'format' = 'json',"
                + " 'scan.bounded.mode' = 'latest-offset');"
                + "CREATE TABLE nowhere "
                + columns
                + " WITH ('connector' = 'blackhole');";
    }

    private static List<Object> run(Session session, String script) {
        List<Object> row = new ArrayList<>();
        try (Results results = session.execute(script)) {
            for (Result result = results.next(); result != null; result = results.next()) {
                for (Batch batch = result.next(); batch != null; batch = result.next()) {
                    batch.toRows().forEach(row::addAll);
                }
            }
        }
        return row;
    }

    private static long millraceSum(Session session) {
        List<Object> row =
                run(
                        session,
                        "SELECT sum(event_id) + sum(auction) + sum(bidder) + sum(price) + sum(char_length(channel)) +"
                            + " sum(char_length(url)) + sum(char_length(extra)) + 23 * count(date_time) FROM bids;");
        return ((Number) row.getLast()).longValue();
    }

    private static long bareSum(BidTopic topic) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < topic.partitions(); i++) {
            partitions.add(new TopicPartition(topic.name(), i));
        }
        JsonFactory json = new JsonFactory();
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
                    sum += parse(json, record.value());
                    rows++;
                }
            }
        }
        return sum;
    }

    private static long parse(JsonFactory json, byte[] record) {
        long sum = 0;
        try (JsonParser parser = json.createParser(record)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                parser.currentName();
                boolean number = parser.nextToken() == JsonToken.VALUE_NUMBER_INT;
                sum += number ? parser.getLongValue() : parser.getText().length();
            }
        } catch (IOException malformed) {
            throw new IllegalStateException("expected JSON", malformed);
        }
        return sum;
    }

    private static void deleteAll(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
