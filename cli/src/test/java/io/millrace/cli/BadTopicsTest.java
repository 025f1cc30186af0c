package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connectors.kafka.broker.BrokerConfig;
import io.millrace.connectors.kafka.broker.BrokerProcess;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.time.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics and brokers that are not there, and records that are none. */
class BadTopicsTest {
    @TempDir private Path directory;

    private static String table(String topic, String servers) {
        return """
        CREATE TABLE t (id BIGINT) WITH ('connector' = 'kafka', 'topic' = '%s', 'format' = 'json',
          'properties.bootstrap.servers' = '%s', 'properties.default.api.timeout.ms' = '3000',
          'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset');
        """
                .formatted(topic, servers);
    }

    @Test
    void aBrokerThatNobodyIs() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String servers = "127.0.0.1:" + port;
        Refusal.ofSql(table("t", servers) + "SELECT * FROM t").is(ErrorCode.BROKER_UNREACHABLE, servers, "help: ");
        Path report = directory.resolve("report.json");
        Path job =
                Files.writeString(
                        directory.resolve("job.sql"),
                        table("t", servers) + "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS n FROM t;");
        Program program = Program.run("run", job.toString(), "--report", report.toString());
        assertThat(program.exitCode()).as(program.err()).isEqualTo(1);
        assertThat(program.err()).contains("error[BROKER_UNREACHABLE]: ").doesNotContain("\tat ");
        assertThat(new ObjectMapper().readTree(report.toFile()).get("error").get("code").asText())
                .isEqualTo("BROKER_UNREACHABLE");
    }

    @Test
    void aTopicThatIsNotThereAndRecordsThatAreNone() throws IOException, InterruptedException, ExecutionException {
        try (BrokerProcess broker = BrokerProcess.start(BrokerConfig.in(directory.resolve("broker")), Clock.system())) {
            String servers = broker.bootstrapServers();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
                admin.createTopics(List.of(new NewTopic("bids", 1, (short) 1))).all().get();
            }
            Refusal.ofSql(table("bidz", servers) + "SELECT * FROM t")
                    .is(ErrorCode.TOPIC_NOT_FOUND, "bidz", "help: Did you mean 'bids'?");
            produce(servers, "{\"id\":1}", "{\"id\":", "[1]", "{\"id\":\"x\"}", "{\"id\":2}");
            Program program =
                    Program.run(
                            "sql",
                            "--output",
                            "csv",
                            "-c",
                            table("bids", servers) + "SELECT id FROM t ORDER BY id; SELECT count(*) AS bad FROM t$bad");
            assertThat(program.err())
                    .startsWith("warning: table t: left out 3 rows that could not be read (the last: ");
            assertThat(program.out()).isEqualTo("id\n1\n2\nbad\n3\n");
            Path report = directory.resolve("report.json");
            Path job =
                    Files.writeString(
                            directory.resolve("job.sql"),
                            table("bids", servers) + "CREATE MATERIALIZED VIEW v AS SELECT sum(id) AS n FROM t;");
            assertThat(Program.run("run", job.toString(), "--report", report.toString()).exitCode()).isZero();
            JsonNode json = new ObjectMapper().readTree(report.toFile());
            assertThat(json.get("bad_rows").asLong()).isEqualTo(3);
            assertThat(json.get("rows_by_source").get("t").asLong()).isEqualTo(2);
        }
    }

    private static void produce(String servers, String... records) throws InterruptedException, ExecutionException {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", servers), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String text : records) {
                producer.send(new ProducerRecord<>("bids", text.getBytes(StandardCharsets.UTF_8))).get();
            }
        }
    }
}
