package io.millrace.connectors.jdbc;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real server of its own, on a free port; run as the user postgres, since it refuses root. */
final class PostgresServer implements AutoCloseable {
    private final Path data;
    private final Process process;
    private final int port;

    PostgresServer() throws IOException, InterruptedException, SQLException {
        Path bin = bin();
        data = Files.createTempDirectory(Path.of("/tmp"), "millrace-postgres-");
        run(List.of("chown", "postgres", data.toString()));
        List<String> init = asPostgres(bin.resolve("initdb").toString(), "-D", data.toString(), "-A", "trust", "-N");
        run(init);
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> start =
                asPostgres(
                        bin.resolve("postgres").toString(),
                        "-D",
                        data.toString(),
                        "-p",
                        Integer.toString(port),
                        "-k",
                        data.toString(),
                        "-h",
                        "127.0.0.1");
        process =
                new ProcessBuilder(start)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        SQLException last = null;
        for (int attempt = 0; attempt < 300; attempt++) {
            try (Connection connection = connect()) {
                if (connection.isValid(1)) {
                    return;
                }
            } catch (SQLException notYet) {
                last = notYet;
            }
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new IOException("postgres ended with " + process.exitValue());
            }
        }
        throw last;
    }

    private static Path bin() throws IOException {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin")).max(Path::compareTo).orElseThrow();
        }
    }

    private static List<String> asPostgres(String... command) {
        List<String> all =
                new ArrayList<>(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        all.addAll(List.of(command));
        return all;
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process run = new ProcessBuilder(command).redirectErrorStream(true).directory(new java.io.File("/tmp")).start();
        String output = new String(run.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (run.waitFor() != 0) {
            throw new IOException(command + ": " + output);
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", "");
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
