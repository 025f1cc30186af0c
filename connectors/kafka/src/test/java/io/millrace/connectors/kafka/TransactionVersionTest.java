package io.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.TestCheckpointFiles;
import io.millrace.connectors.api.TestTables;
import io.millrace.connectors.kafka.broker.BrokerConfig;
import io.millrace.connectors.kafka.broker.BrokerProcess;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers that have agreed on the older protocol of transactions. */
class TransactionVersionTest {
    private static final Schema SCHEMA = Schema.of("id", DataType.BIGINT, "name", DataType.VARCHAR);

    @TempDir static Path directory;

    private final TestCheckpointFiles files = new TestCheckpointFiles();

    private SinkRun start(BrokerProcess broker, long incarnation, String... options) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "topic",
                                "events",
                                "properties.bootstrap.servers",
                                broker.bootstrapServers(),
                                "format",
                                "pairs"));
        all.addAll(Arrays.asList(options));
        return new KafkaConnectorFactory()
                .createSink(TestTables.table("t", SCHEMA, all.toArray(String[]::new)), TestTables.context())
                .start(files.request(SCHEMA, incarnation));
    }

    @Test
    void exactlyOnceIsRefusedUnlessTheRiskIsNamed() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(BrokerConfig.in(directory.resolve("broker")), Clock.system());
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("events", 1, (short) 1))).all().get();
            start(broker, 1).close();
            admin.updateFeatures(
                            Map.of(
                                    "transaction.version",
                                    new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE)),
                            new UpdateFeaturesOptions())
                    .all()
                    .get();
            Awaitility.await()
                    .until(
                            () ->
                                    admin.describeFeatures()
                                            .featureMetadata()
                                            .get()
                                            .finalizedFeatures()
                                            .get("transaction.version")
                                            .maxVersionLevel(),
                            level -> level == 1);
            MillraceException refused = catchThrowableOfType(MillraceException.class, () -> start(broker, 2));
            assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED);
            assertThat(refused).hasMessageContaining("transaction.version=1, expected 2 or later for exactly-once");
            assertThat(refused.help()).contains("sink.allow-transaction-v1", "hanging", "at-least-once");
            start(broker, 3, "sink.allow-transaction-v1", "true").close();
            start(broker, 4, "sink.delivery-guarantee", "at-least-once").close();
        }
    }
}
