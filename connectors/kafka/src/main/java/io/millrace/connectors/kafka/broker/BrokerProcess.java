package io.millrace.connectors.kafka.broker;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * One broker in a process of its own. {@link #start} returns when it answers; {@link #close} stops it. Not for several
 * threads at once.
 */
public final class BrokerProcess implements AutoCloseable {
    private static final String CLUSTER_ID = "bWlsbHJhY2UtYnJva2Vy";
    private static final int START_ATTEMPTS = 3;
    private static final long START_NANOS = 120_000_000_000L;
    private static final long STOP_SECONDS = 20;

    private final BrokerConfig config;
    private final Clock clock;
    private int brokerPort;
    private int controllerPort;
    private Process process;

    private BrokerProcess(BrokerConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** Starts a broker and waits until it answers; BROKER_UNREACHABLE with the end of its log when it does not. */
    public static BrokerProcess start(BrokerConfig config, Clock clock) {
        BrokerProcess broker = new BrokerProcess(config, clock);
        MillraceException last = null;
        for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
            try {
                broker.launch(true);
                return broker;
            } catch (MillraceException failed) {
                broker.kill();
                last = failed;
                if (!failed.isRetryable()) {
                    break;
                }
            }
        }
        throw last;
    }

    /** Where clients connect: {@code 127.0.0.1:PORT}. Stays the same over {@link #restart}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    public long processId() {
        return process.pid();
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Ends it without warning, as {@code kill -9} does; its data stay. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd();
        }
    }

    /** Starts it again, on the same ports and data, and waits until it answers. */
    public void restart() {
        if (isAlive()) {
            throw MillraceException.internal("restart of a broker that runs");
        }
        launch(false);
    }

    /** Asks it to stop, and ends it when it does not. Idempotent. */
    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException interrupted) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEnd() {
        try {
            process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Path log() {
        return config.directory().resolve("broker.log");
    }

    private void launch(boolean first) {
        try {
            Files.createDirectories(config.directory());
            if (brokerPort == 0 || first) {
                choosePorts();
            }
            Path properties = writeProperties();
            boolean formatted = Files.exists(config.directory().resolve("data/meta.properties"));
            ProcessBuilder builder = new ProcessBuilder(command(properties, formatted ? "reuse" : "format"));
            builder.redirectErrorStream(true);
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.directory(config.directory().toFile());
            process = builder.start();
        } catch (IOException failed) {
            throw new MillraceException(
                    ErrorCode.IO_FAILED,
                    "cannot start a broker in " + config.directory() + ": " + failed.getMessage(),
                    failed);
        }
        awaitAnswer();
    }

    private void choosePorts() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket one = new ServerSocket(0, 1, loopback);
                ServerSocket two = new ServerSocket(0, 1, loopback)) {
            brokerPort = one.getLocalPort();
            controllerPort = two.getLocalPort();
        }
    }

    private List<String> command(Path properties, String storage) {
        // A terminal's Ctrl-C reaches every process in front of it; when the broker ends is for its owner to say.
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$0\" \"$@\""));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xms64m",
                        "-Xmx" + config.heapMegabytes() + "m",
                        "-XX:+UseSerialGC",
                        "-XX:MaxDirectMemorySize=64m",
                        "-XX:TieredStopAtLevel=" + (config.heapMegabytes() > 256 ? 4 : 1),
                        "-XX:-UsePerfData",
                        "-Djava.awt.headless=true",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-Dlog4j2.level=WARN",
                        "-cp"));
        command.add(config.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(BrokerMain.class.getName());
        command.addAll(List.of(properties.toString(), CLUSTER_ID, storage));
        return command;
    }

    private Path writeProperties() throws IOException {
        Properties all = new Properties();
        all.putAll(defaults());
        all.putAll(config.properties());
        Path file = config.directory().resolve("broker.properties");
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            all.store(writer, null);
        }
        return file;
    }

    private Map<String, String> defaults() {
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:" + brokerPort + ",CONTROLLER://127.0.0.1:" + controllerPort),
                Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + brokerPort),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("inter.broker.listener.name", "PLAINTEXT"),
                Map.entry("log.dirs", config.directory().resolve("data").toString()),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("num.network.threads", "1"),
                Map.entry("num.io.threads", "2"),
                Map.entry("num.recovery.threads.per.data.dir", "1"),
                Map.entry("background.threads", "2"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
                Map.entry("log.retention.ms", "-1"));
    }

    private void awaitAnswer() {
        long start = clock.nanoTime();
        while (!connects()) {
            if (clock.nanoTime() - start > START_NANOS) {
                throw unreachable("no answer after " + START_NANOS / 1_000_000_000L + " s");
            }
            try {
                if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                    throw unreachable("it ended with exit code " + process.exitValue()).retryable();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw unreachable("interrupted while it started");
            }
        }
        Map<String, Object> client =
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers(),
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        60_000);
        try (Admin admin = Admin.create(client)) {
            admin.describeCluster().controller().get();
        } catch (ExecutionException failed) {
            throw unreachable(String.valueOf(failed.getCause().getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unreachable("interrupted while it started");
        }
    }

    private boolean connects() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), brokerPort), 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private MillraceException unreachable(String why) {
        return new MillraceException(
                        ErrorCode.BROKER_UNREACHABLE, "the broker on " + bootstrapServers() + " did not start: " + why)
                .withHelp("The end of its log: " + endOfLog());
    }

    private String endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
            return String.join(System.lineSeparator(), lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException unreadable) {
            return "(unreadable: " + unreadable.getMessage() + ")";
        }
    }
}
