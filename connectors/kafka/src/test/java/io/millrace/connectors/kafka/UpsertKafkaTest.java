package io.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.DaemonIo;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkCheckpoints;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TestCheckpointFiles;
import io.millrace.connectors.api.TestContext;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpsertKafkaTest {
    private static final Schema SCHEMA = Schema.of("name", DataType.VARCHAR, "id", DataType.BIGINT.notNull());

    private static Sink sink(String topic, List<String> primaryKey) {
        TableDescriptor table =
                TestTables.table(
                        "t",
                        SCHEMA,
                        "topic",
                        topic,
                        "properties.bootstrap.servers",
                        TestBroker.servers(),
                        "key.format",
                        "json",
                        "value.format",
                        "json");
        return new UpsertKafkaConnectorFactory()
                .createSink(
                        new TableDescriptor("t", table.columns(), table.options(), primaryKey, List.of(), null),
                        TestTables.context());
    }

    /** Records as key=value, committed ones only. */
    private static List<String> read(String topic) {
        TestBroker.awaitDecided(topic);
        List<String> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", TestBroker.servers(), "isolation.level", "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> records.add(text(record.key()) + "=" + text(record.value())));
            }
        }
        return records;
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    private record Change(long weight, String name, long id) {}

    private static void write(Allocator root, SinkWriter writer, Change... changes) {
        try (BatchBuilder builder = new BatchBuilder(root, SCHEMA, 16, true)) {
            for (Change change : changes) {
                builder.appendWeighted(change.weight, change.name, change.id);
            }
            writer.write(builder.build());
        }
    }

    private static Prepared prepare(SinkWriter writer, long checkpoint) {
        IoTask<Prepared> task = writer.prepare(checkpoint);
        Awaitility.await().until(task::isDone);
        return task.result();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void changesAreFoldedByKeyAndDeletionsAreTombstones(boolean withCheckpoints) {
        String topic = TestBroker.topic(1);
        Sink sink = sink(topic, List.of("id"));
        assertThat(sink.writerKey(ChangelogKind.RETRACT)).containsExactly(1);
        SinkCheckpoints checkpoints =
                withCheckpoints ? new TestCheckpointFiles().checkpoints("upsert-" + topic, 1) : null;
        try (Allocator root = Allocator.root(16 << 20);
                DaemonIo io = new DaemonIo();
                SinkRun run =
                        sink.start(new SinkRequest("j", SCHEMA, ChangelogKind.RETRACT, 1, false, "out", checkpoints));
                SinkWriter writer = run.open(0, new TestContext(root, Clock.system(), io, 64))) {
            if (withCheckpoints) {
                run.recover(0, List.of());
            }
            // In whatever order the changes of an epoch come.
            write(root, writer, new Change(1, "a", 1), new Change(1, "c", 2), new Change(-1, "a", 1));
            write(root, writer, new Change(1, "b", 1), new Change(1, "x", 3), new Change(-1, "x", 3));
            writer.endEpoch(1);
            write(root, writer, new Change(1, "d", 2), new Change(-1, "b", 1), new Change(-1, "c", 2));
            Prepared prepared = prepare(writer, 1);
            assertThat(read(topic).isEmpty()).isEqualTo(withCheckpoints);
            run.commit(1, List.of(prepared));
            assertThat(read(topic))
                    .containsExactly(
                            "{\"id\":1}={\"name\":\"b\",\"id\":1}",
                            "{\"id\":2}={\"name\":\"c\",\"id\":2}",
                            "{\"id\":2}={\"name\":\"d\",\"id\":2}",
                            "{\"id\":1}=null");
            write(root, writer, new Change(1, "e", 9), new Change(1, "f", 9));
            assertThatThrownBy(() -> prepare(writer, 2))
                    .isInstanceOfSatisfying(
                            MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTRACT_BROKEN))
                    .hasMessageContaining("{\"id\":9}");
        }
    }

    @Test
    void needsAPrimaryKey() {
        assertThatThrownBy(() -> sink("t", List.of()))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL_INVALID));
    }
}
