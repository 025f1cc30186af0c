package io.millrace.it.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.state.TaskState;
import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.Manifest;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** The lives of one job in a directory, each a process. One thread. */
record LedgerJob(Path directory) {
    /** Keeps no state in memory. */
    static final List<String> ALL_ON_DISK = List.of("--set", "state.memory-percent=0");

    EngineProcess start(Path script, List<String> more) throws IOException {
        return start(script, "state", List.of(), more);
    }

    EngineProcess start(Path script, String state, List<String> flags, List<String> more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", script.toString()));
        arguments.addAll(List.of("--state", directory.resolve(state).toString()));
        arguments.addAll(List.of("--set", "execution.checkpointing.interval=300ms", "--memory", "768m"));
        arguments.addAll(more);
        return EngineProcess.start(directory.resolve(Path.of(state).getFileName() + ".log"), flags, arguments);
    }

    private Manifest newest(String state) {
        return CheckpointStore.open(directory.resolve(state).resolve("checkpoints").toString()).newest();
    }

    /** The number of the newest checkpoint; 0 when there is none. */
    long newestCheckpoint(String state) {
        Manifest newest = newest(state);
        return newest == null ? 0 : newest.checkpoint();
    }

    /** Runs of all tables that the newest checkpoint names. */
    long runsOfNewest(String state) {
        return runsOfEach(state).sum();
    }

    /** The most runs that one table has in it. */
    int mostRunsOfNewest(String state) {
        return runsOfEach(state).max().orElse(0);
    }

    private IntStream runsOfEach(String state) {
        Manifest newest = newest(state);
        return newest == null
                ? IntStream.empty()
                : newest.operators().stream()
                        .flatMap(operator -> operator.tasks().stream())
                        .flatMap(task -> task.states().stream())
                        .mapToInt(TaskState::runsOf);
    }

    /** One that no connection is given meanwhile, as those are of the ports above. */
    static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // Another, then.
            }
        }
    }

    static String get(int port, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    /** A figure of the job that serves there, 0 when it has none, or does not serve at this moment. */
    static long metric(int port, String name) throws InterruptedException {
        String all;
        try {
            all = get(port, "/metrics");
        } catch (IOException beginsAnew) {
            return 0;
        }
        return all.lines()
                .filter(line -> line.startsWith(name + "{"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Runs the job until all has come, stops it as a user would, and reads everything. */
    void finish(Ledger ledger, Path script, String state, List<String> more) throws Exception {
        int port = freePort();
        List<String> arguments = new ArrayList<>(List.of("--http", "127.0.0.1:" + port));
        arguments.addAll(more);
        try (EngineProcess engine = start(script, state, List.of(), arguments)) {
            ledger.produce(30_000);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> !engine.isAlive() || ledger.copiedRows() >= ledger.rows());
            assertThat(engine.isAlive()).as(engine.log()).isTrue();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> {
                        ledger.checkTotals(get(port, "/v1/views/totals?limit=100"), true);
                        ledger.checkSequences(offset -> get(port, "/v1/views/sequences?limit=10000&offset=" + offset));
                    });
            assertThat(engine.terminate()).as(engine.log()).isZero();
        }
        ledger.checkCopies(true);
        ledger.checkWindows(true);
        ledger.checkRecords(true);
    }

    int command(String... arguments) throws IOException, InterruptedException {
        try (EngineProcess command =
                EngineProcess.start(directory.resolve("commands.log"), List.of(), List.of(arguments))) {
            return command.await(Duration.ofSeconds(60));
        }
    }

    /** Waits until all rows are counted in what is served. */
    static void awaitTotals(EngineProcess engine, Ledger ledger, int port) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(engine.isAlive()).as(engine.log()).isTrue();
                    ledger.checkTotals(get(port, "/v1/views/totals?limit=100"), true);
                });
    }
}
