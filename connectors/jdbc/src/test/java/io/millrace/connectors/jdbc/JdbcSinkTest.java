package io.millrace.connectors.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.DaemonIo;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkCheckpoints;
import io.millrace.connectors.api.SinkContract;
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
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Against a real PostgreSQL. */
@Tag("system")
class JdbcSinkTest {
    private static final Schema SCHEMA =
            Schema.of(
                    "id",
                    DataType.BIGINT.notNull(),
                    "name",
                    DataType.VARCHAR,
                    "price",
                    DataType.decimal(12, 2),
                    "at",
                    DataType.TIMESTAMP);

    private static PostgresServer server;
    private static int tables;

    private final TestCheckpointFiles files = new TestCheckpointFiles();

    @BeforeAll
    static void start() throws Exception {
        server = new PostgresServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static String table(boolean keyed) {
        String name = "t" + tables++;
        execute(
                "CREATE TABLE "
                        + name
                        + " (id BIGINT "
                        + (keyed ? "PRIMARY KEY" : "")
                        + ", name TEXT, price NUMERIC(12,2), at TIMESTAMP)");
        return name;
    }

    private static void execute(String sql) {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private static List<List<Object>> rows(String table) {
        List<List<Object>> rows = new ArrayList<>();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT id, name, price, at FROM " + table + " ORDER BY id")) {
            while (found.next()) {
                rows.add(
                        Arrays.asList(
                                found.getLong(1),
                                found.getString(2),
                                found.getBigDecimal(3),
                                found.getObject(4, LocalDateTime.class)));
            }
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
        return rows;
    }

    private static Sink sink(String table, boolean keyed, String... options) {
        List<String> all =
                new ArrayList<>(
                        List.of("url", server.url(), "table-name", table, "username", "postgres", "password", "x"));
        all.addAll(List.of(options));
        TableDescriptor described = TestTables.table("t", SCHEMA, all.toArray(String[]::new));
        return new JdbcConnectorFactory()
                .createSink(
                        new TableDescriptor(
                                "t",
                                described.columns(),
                                described.options(),
                                keyed ? List.of("id") : List.of(),
                                List.of(),
                                null),
                        TestTables.context());
    }

    private static List<Object> row(long i, String name) {
        return Arrays.asList(i, name, BigDecimal.valueOf(i, 2), LocalDateTime.of(2026, 1, 1, 0, 0).plusSeconds(i));
    }

    /** What every sink does, rows added to a table without a key, at checkpoints and without. */
    abstract static class Contract extends SinkContract {
        private String table;

        @Override
        protected Schema schema() {
            return SCHEMA;
        }

        @Override
        protected List<Object> row(int i) {
            return JdbcSinkTest.row(i, i % 7 == 0 ? null : "name '" + i + "' \\ \"x\"");
        }

        @Override
        protected Sink sink() {
            table = JdbcSinkTest.table(false);
            return JdbcSinkTest.sink(table, false, "sink.chunk-size", "2 kb");
        }

        @Override
        protected List<List<Object>> written() {
            return rows(table);
        }
    }

    @Nested
    class AtCheckpoints extends Contract {
        @Override
        protected SinkCheckpoints checkpoints() {
            return files.checkpoints("contract-" + tables, 1);
        }
    }

    @Nested
    class AtTheEnd extends Contract {}

    private record Change(long weight, long id, String name) {}

    private final class Execution implements AutoCloseable {
        final Allocator root = Allocator.root(16 << 20);
        final DaemonIo io = new DaemonIo();
        final SinkRun run;
        final SinkWriter writer;

        Execution(Sink sink, String job, long incarnation) {
            run =
                    sink.start(
                            new SinkRequest(
                                    "j",
                                    SCHEMA,
                                    ChangelogKind.RETRACT,
                                    1,
                                    false,
                                    "out",
                                    files.checkpoints(job, incarnation)));
            writer = run.open(0, new TestContext(root, Clock.system(), io, 64));
        }

        void write(Change... changes) {
            try (BatchBuilder builder = new BatchBuilder(root, SCHEMA, 16, true)) {
                for (Change change : changes) {
                    builder.appendWeighted(change.weight, row(change.id, change.name).toArray());
                }
                writer.write(builder.build());
            }
        }

        List<Prepared> prepare(long checkpoint) {
            IoTask<Prepared> task = writer.prepare(checkpoint);
            while (!task.isDone()) {
                LockSupport.parkNanos(100_000);
            }
            return List.of(task.result());
        }

        @Override
        public void close() {
            writer.close();
            run.close();
            io.close();
            root.close();
        }
    }

    @Test
    void changesAreFoldedByKeyAndCommittedOnceByWhoeverTookOverLast() {
        String table = table(true);
        Sink sink = sink(table, true);
        String job = "fold-" + table;
        try (Execution old = new Execution(sink, job, 1);
                Execution young = new Execution(sink, job, 2)) {
            old.run.recover(0, List.of());
            old.write(new Change(1, 1, "a"), new Change(1, 2, "b"), new Change(1, 3, "c"), new Change(-1, 1, "a"));
            old.write(new Change(1, 1, "a2"));
            old.writer.endEpoch(1);
            old.write(new Change(-1, 2, "b"), new Change(-1, 3, "c"), new Change(1, 3, "c2"));
            List<Prepared> one = old.prepare(1);
            assertThat(rows(table)).isEmpty();
            old.run.commit(1, one);
            old.run.commit(1, one);
            assertThat(rows(table)).containsExactly(row(1, "a2"), row(3, "c2"));
            old.write(new Change(-1, 1, "a2"), new Change(1, 4, "d"));
            List<Prepared> two = old.prepare(2);
            young.run.recover(2, two);
            assertThat(rows(table)).containsExactly(row(3, "c2"), row(4, "d"));
            assertThatThrownBy(() -> old.run.commit(3, two))
                    .isInstanceOfSatisfying(
                            MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
            assertThatThrownBy(() -> old.run.recover(2, two))
                    .isInstanceOfSatisfying(
                            MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
            young.write(new Change(1, 5, "e"));
            young.run.commit(3, young.prepare(3));
            assertThat(rows(table)).containsExactly(row(3, "c2"), row(4, "d"), row(5, "e"));
        }
        try (Execution back = new Execution(sink, job, 3)) {
            assertThatThrownBy(() -> back.run.recover(2, List.of()))
                    .isInstanceOfSatisfying(
                            MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS))
                    .hasMessageContaining("committed checkpoint=3");
        }
    }

    @Test
    void aTransactionThatFailsLeavesNothingAndSaysWhy() {
        String table = table(true);
        execute("ALTER TABLE " + table + " ADD CHECK (id < 100)");
        try (Execution run = new Execution(sink(table, true), "check-" + table, 1)) {
            run.run.recover(0, List.of());
            run.write(new Change(1, 1, "a"), new Change(1, 100, "b"));
            List<Prepared> one = run.prepare(1);
            assertThatThrownBy(() -> run.run.commit(1, one))
                    .isInstanceOfSatisfying(
                            MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_EXCEPTION))
                    .hasMessageContaining("check");
            assertThat(rows(table)).isEmpty();
        }
    }

    @Test
    void namesATableThatIsNotThereAndAServerThatIsNot() {
        try (Execution run = new Execution(sink("missing", true), "missing", 1)) {
            run.run.recover(0, List.of());
            run.write(new Change(1, 1, "a"));
            List<Prepared> one = run.prepare(1);
            assertThatThrownBy(() -> run.run.commit(1, one))
                    .isInstanceOfSatisfying(
                            MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_TABLE));
        }
        try (Execution run =
                new Execution(sink("t", true, "url", "jdbc:postgresql://127.0.0.1:1/postgres"), "nobody", 1)) {
            assertThatThrownBy(() -> run.run.recover(0, List.of()))
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.BROKER_UNREACHABLE);
                                assertThat(e.isRetryable()).isTrue();
                            });
        }
    }

    @Test
    void theServerEndsTheTransactionOfAProcessThatSleeps() throws SQLException {
        JdbcSink sink = (JdbcSink) sink("t", true);
        try (Connection connection = sink.table().connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SHOW idle_in_transaction_session_timeout")) {
            assertThat(found.next()).isTrue();
            assertThat(found.getString(1)).isEqualTo("1min");
        }
    }

    @Test
    void refusesParametersOfTheDriverAndEndlessJobsWithoutCheckpoints() {
        assertThatThrownBy(() -> sink("t", true, "url", "jdbc:postgresql://h/d?socketFactory=x"))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_OPTION));
        Sink sink = sink("t", true);
        assertThatThrownBy(() -> sink.start(new SinkRequest("j", SCHEMA, ChangelogKind.APPEND, 1, false)))
                .isInstanceOfSatisfying(MillraceException.class, e -> assertThat(e.help()).contains("--state"));
    }
}
