package io.millrace.it.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.output.OutputFrame.OutputType;
import org.testcontainers.containers.startupcheck.IndefiniteWaitOneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;

@Tag("system")
class ContainersIT {
    private static final String MILLRACE = "millrace/millrace";
    private static final String KAFKA = "millrace/kafka";
    private static final int EVENTS = 50_000;
    private static final int BIDS = EVENTS / 50 * 46;

    private static final String TOPIC =
            """
            CREATE TABLE topic (event_id BIGINT, auction BIGINT, price BIGINT, date_time TIMESTAMP(3)) WITH (
              'connector' = 'kafka', 'topic' = 'bids', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json',
              'scan.startup.mode' = 'earliest-offset'${more});
            """;
    private static final String FILL =
            topic("")
                    + """
                    CREATE TABLE bids (event_id BIGINT, auction BIGINT, price BIGINT, date_time TIMESTAMP(3))
                    WITH ('connector' = 'nexmark', 'events.num' = '${events}');
                    INSERT INTO topic SELECT * FROM bids;
                    """
                            .replace("${events}", String.valueOf(EVENTS));
    private static final String COUNT =
            topic(", 'scan.bounded.mode' = 'latest-offset'")
                    + "SELECT count(*) AS n, count(DISTINCT event_id) AS ids FROM topic;";
    private static final String FOLLOW =
            topic("") + "SET 'execution.runtime-mode' = 'streaming'; SELECT event_id FROM topic;";

    private static Network network;
    private static GenericContainer<?> kafka;

    private static String topic(String more) {
        return TOPIC.replace("${more}", more);
    }

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine answers");
        assumeTrue(hasImage(KAFKA) && hasImage(MILLRACE), "docker/build has made no images");
        network = Network.newNetwork();
        kafka =
                new GenericContainer<>(KAFKA)
                        .withImagePullPolicy(name -> false)
                        .withNetwork(network)
                        .withNetworkAliases("kafka")
                        .withEnv("ADVERTISED_HOST", "kafka")
                        .waitingFor(Wait.forLogMessage(".*Kafka Server started.*", 1))
                        .withStartupTimeout(Duration.ofMinutes(2));
        kafka.start();
        String address =
                kafka.getContainerInfo().getNetworkSettings().getNetworks().values().iterator().next().getIpAddress();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address + ":9094"))) {
            List<NewTopic> topics =
                    Stream.of("bids", "cut", "kept").map(name -> new NewTopic(name, 4, (short) 1)).toList();
            admin.createTopics(topics).all().get(1, TimeUnit.MINUTES);
        }
    }

    private static boolean hasImage(String name) {
        return !DockerClientFactory.instance().client().listImagesCmd().withImageNameFilter(name).exec().isEmpty();
    }

    @AfterAll
    static void stop() {
        if (kafka != null) {
            kafka.stop();
            network.close();
        }
    }

    private static GenericContainer<?> millrace(String... arguments) {
        return new GenericContainer<>(MILLRACE)
                .withImagePullPolicy(name -> false)
                .withNetwork(network)
                .withCommand(arguments);
    }

    /** What a command prints that ends well. */
    private static String output(String... arguments) {
        try (GenericContainer<?> container = millrace(arguments)) {
            container
                    .withStartupCheckStrategy(
                            new IndefiniteWaitOneShotStartupCheckStrategy().withTimeout(Duration.ofMinutes(3)))
                    .start();
            return container.getLogs(OutputType.STDOUT);
        }
    }

    @Test
    void aTopicIsFilledAndReadFromOtherContainers() {
        output("sql", "-c", FILL, "--memory", "768m");
        assertThat(output("sql", "--output", "csv", "-c", COUNT, "--memory", "768m").lines())
                .containsExactlyElementsOf(List.of("n,ids", BIDS + "," + BIDS));
    }

    @Test
    void theUserOfTheImageIsNotRoot() {
        try (GenericContainer<?> container = millrace("sql").withCreateContainerCmdModifier(c -> c.withTty(true))) {
            container.start();
            assertThat(container.getContainerInfo().getConfig().getUser()).isEqualTo("millrace");
        }
    }

    @Test
    void aNetworkThatIsCutAndMendedLosesNothing() throws Exception {
        output("sql", "-c", FILL.replace("'bids'", "'cut'"), "--memory", "768m");
        try (GenericContainer<?> reader =
                millrace("sql", "--output", "csv", "--memory", "768m", "-c", FOLLOW.replace("'bids'", "'cut'"))) {
            reader.start();
            awaitRows(reader, BIDS);
            DockerClient docker = DockerClientFactory.instance().client();
            cut(docker, reader);
            output("sql", "-c", FILL.replace("'bids'", "'cut'"), "--memory", "768m");
            mend(docker, reader);
            awaitRows(reader, 2 * BIDS);
        }
    }

    /** How often each event came, and of how many events that is so: state of many keys, and changes of it. */
    private static final String HOW_OFTEN =
            topic("").replace("'bids'", "'kept'")
                    + """
                    CREATE MATERIALIZED VIEW how_often AS SELECT n, count(*) AS events
                      FROM (SELECT event_id, count(*) AS n FROM topic GROUP BY event_id) GROUP BY n;
                    """;

    /** Keeps no state in memory, and all of it in this directory. */
    private static GenericContainer<?> counting(Path job) {
        GenericContainer<?> container =
                millrace(
                                "run",
                                "/job/how_often.sql",
                                "--state",
                                "/job/state",
                                "--http",
                                "127.0.0.1:8080",
                                "--memory",
                                "768m",
                                "--set",
                                "state.memory-percent=0",
                                "--set",
                                "execution.checkpointing.interval=500ms")
                        .withFileSystemBind(job.toString(), "/job");
        container.start();
        return container;
    }

    private static GenericContainer<?> fillKept() {
        GenericContainer<?> filling = millrace("sql", "-c", FILL.replace("'bids'", "'kept'"), "--memory", "768m");
        filling.start();
        return filling;
    }

    private static void awaitEnd(GenericContainer<?> filling) {
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> !filling.isRunning());
        assertThat(filling.getCurrentContainerInfo().getState().getExitCodeLong()).as(filling.getLogs()).isZero();
        filling.stop();
    }

    /** Waits until each event came so often, and none more often or less. */
    private static void awaitHowOften(GenericContainer<?> engine, int times) {
        String get =
                "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /v1/views/how_often HTTP/1.0\\r\\nHost:"
                        + " 127.0.0.1:8080\\r\\n\\r\\n' >&3; cat <&3";
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(engine.execInContainer("bash", "-c", get).getStdout())
                                .contains(
                                        "\"total_rows\":1,",
                                        "\"rows\":[{\"n\":" + times + ",\"events\":" + BIDS + ","));
    }

    @Test
    void stateOnDiskCountsEachEventOnceWhoeverIsKilledPausedOrCutOff(@TempDir Path job) throws Exception {
        Files.writeString(job.resolve("how_often.sql"), HOW_OFTEN);
        Files.setPosixFilePermissions(job, PosixFilePermissions.fromString("rwxrwxrwx"));
        DockerClient docker = DockerClientFactory.instance().client();
        GenericContainer<?> engine = counting(job);
        try {
            awaitEnd(fillKept());
            awaitHowOften(engine, 1);

            GenericContainer<?> filling = fillKept();
            docker.killContainerCmd(engine.getContainerId()).exec();
            engine.stop();
            engine = counting(job);
            awaitEnd(filling);
            awaitHowOften(engine, 2);

            docker.pauseContainerCmd(engine.getContainerId()).exec();
            awaitEnd(fillKept());
            docker.unpauseContainerCmd(engine.getContainerId()).exec();
            awaitHowOften(engine, 3);

            filling = fillKept();
            cut(docker, engine);
            awaitEnd(filling);
            mend(docker, engine);
            awaitHowOften(engine, 4);

            docker.pauseContainerCmd(kafka.getContainerId()).exec();
            filling = fillKept();
            docker.unpauseContainerCmd(kafka.getContainerId()).exec();
            awaitEnd(filling);
            awaitHowOften(engine, 5);
        } finally {
            engine.stop();
        }
    }

    private static void cut(DockerClient docker, GenericContainer<?> container) {
        docker.disconnectFromNetworkCmd()
                .withContainerId(container.getContainerId())
                .withNetworkId(network.getId())
                .exec();
    }

    private static void mend(DockerClient docker, GenericContainer<?> container) {
        docker.connectToNetworkCmd().withContainerId(container.getContainerId()).withNetworkId(network.getId()).exec();
    }

    private static void awaitRows(GenericContainer<?> reader, long rows) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> inserted(reader) >= rows);
        assertThat(inserted(reader)).isEqualTo(rows);
    }

    private static long inserted(GenericContainer<?> reader) {
        return reader.getLogs(OutputType.STDOUT).lines().filter(line -> line.startsWith("+I,")).count();
    }
}
