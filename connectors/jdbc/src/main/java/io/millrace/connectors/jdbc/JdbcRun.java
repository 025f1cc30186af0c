package io.millrace.connectors.jdbc;

import io.millrace.connectors.api.CheckpointFiles;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SinkCheckpoints;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.connectors.api.StoredOutput;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.fault.KillPoint;
import io.millrace.memory.types.Schema;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** One execution: commits all rows of a checkpoint, and its number, in one transaction. */
final class JdbcRun implements SinkRun {
    private static final int BATCH_ROWS = 1_000;

    private static final String CREATE =
            "CREATE TABLE IF NOT EXISTS millrace_progress"
                    + " (sink TEXT PRIMARY KEY, incarnation BIGINT NOT NULL, checkpoint BIGINT NOT NULL)";

    private final JdbcTable table;
    private final SinkRequest request;
    private final SinkCheckpoints checkpoints;
    private final TemporaryFiles temporary = new TemporaryFiles();
    private long committed = -1;
    private final StoredOutput output;

    /** A sink's row of the progress table. */
    private record Progress(long incarnation, long checkpoint) {}

    JdbcRun(JdbcTable table, SinkRequest request) {
        this.table = table;
        this.request = request;
        this.checkpoints = request.checkpoints();
        // What waits for the end of a job without checkpoints is bounded by the disk alone.
        long boundBytes = checkpoints == null ? Long.MAX_VALUE : table.bufferBytes();
        this.output = new StoredOutput("table " + table.name(), boundBytes);
    }

    JdbcTable table() {
        return table;
    }

    CheckpointFiles files() {
        return checkpoints == null ? temporary : checkpoints.files();
    }

    StoredOutput output() {
        return output;
    }

    @Override
    public SinkWriter open(int writerIndex, ReaderContext context) {
        return new JdbcWriter(this, request.schema(), request.changelogKind(), context);
    }

    private String sink() {
        return checkpoints.job() + "/" + request.sinkName();
    }

    @Override
    public void recover(long checkpoint, List<Prepared> prepared) {
        try (Connection connection = table.connect()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(CREATE);
            }
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement(
                            "INSERT INTO millrace_progress VALUES (?, -1, -1) ON CONFLICT DO NOTHING")) {
                insert.setString(1, sink());
                insert.executeUpdate();
            }
            Progress progress = lock(connection);
            if (progress.incarnation > checkpoints.incarnation()) {
                throw fenced(progress.incarnation);
            }
            if (progress.checkpoint > checkpoint) {
                throw new MillraceException(
                                ErrorCode.ALREADY_EXISTS,
                                "table "
                                        + table.name()
                                        + ": output past the restored checkpoint is already visible: restored"
                                        + " checkpoint="
                                        + checkpoint
                                        + ", committed checkpoint="
                                        + progress.checkpoint)
                        .withHelp(
                                "Restore from that checkpoint or a later one; or delete the row of '"
                                        + sink()
                                        + "' in millrace_progress to begin anew.");
            }
            KillPoint.reach("jdbc.sink.fence");
            save(connection, new Progress(checkpoints.incarnation(), progress.checkpoint));
            connection.commit();
            KillPoint.reach("jdbc.sink.fenced");
        } catch (SQLException failed) {
            throw table.failed(failed, "cannot take over");
        }
        apply(checkpoint, prepared);
    }

    private Progress lock(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT incarnation, checkpoint FROM millrace_progress WHERE sink = ? FOR UPDATE")) {
            select.setString(1, sink());
            try (ResultSet found = select.executeQuery()) {
                if (!found.next()) {
                    throw new MillraceException(
                            ErrorCode.CONTRACT_BROKEN, "the row of '" + sink() + "' in millrace_progress is gone");
                }
                return new Progress(found.getLong(1), found.getLong(2));
            }
        }
    }

    private void save(Connection connection, Progress progress) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE millrace_progress SET incarnation = ?, checkpoint = ? WHERE sink = ?")) {
            update.setLong(1, progress.incarnation);
            update.setLong(2, progress.checkpoint);
            update.setString(3, sink());
            update.executeUpdate();
        }
    }

    private MillraceException fenced(long incarnation) {
        return new MillraceException(
                        ErrorCode.FENCED,
                        "table "
                                + table.name()
                                + ": a later execution has taken over: own incarnation="
                                + checkpoints.incarnation()
                                + ", found "
                                + incarnation)
                .withHelp("Only one execution of a job may write; this one has ended.");
    }

    @Override
    public void commit(long checkpoint, List<Prepared> prepared) {
        if (apply(checkpoint, prepared)) {
            prepared.forEach(one -> output.committed(storedBytes(one)));
        }
    }

    private static long storedBytes(Prepared prepared) {
        return prepared.isEmpty() ? 0 : ByteBuffer.wrap(prepared.bytes()).getLong(1);
    }

    /** Whether the checkpoint was not committed before. */
    private boolean apply(long checkpoint, List<Prepared> prepared) {
        boolean nothing = prepared.stream().allMatch(one -> one.files().isEmpty());
        if (checkpoints == null && (nothing || checkpoint <= committed)) {
            return false;
        }
        try (Connection connection = table.connect()) {
            connection.setAutoCommit(false);
            if (checkpoints != null) {
                Progress progress = lock(connection);
                if (progress.incarnation != checkpoints.incarnation()) {
                    throw fenced(progress.incarnation);
                }
                if (progress.checkpoint >= checkpoint) {
                    return false;
                }
            }
            KillPoint.reach("jdbc.sink.begun");
            for (Prepared one : prepared) {
                for (String file : one.files()) {
                    apply(connection, files().read(file));
                }
            }
            if (checkpoints != null) {
                save(connection, new Progress(checkpoints.incarnation(), checkpoint));
            }
            KillPoint.reach("jdbc.sink.commit");
            connection.commit();
            KillPoint.reach("jdbc.sink.committed");
            committed = checkpoint;
            return true;
        } catch (SQLException failed) {
            throw table.failed(failed, "cannot commit checkpoint=" + checkpoint + " to");
        }
    }

    private void apply(Connection connection, byte[] chunk) throws SQLException {
        Schema schema = request.schema();
        ByteBuffer in = ByteBuffer.wrap(chunk);
        if (in.get() != RowText.VERSION) {
            throw new MillraceException(
                    ErrorCode.UNSUPPORTED,
                    "expected stored rows of version " + RowText.VERSION + ", found version " + chunk[0]);
        }
        boolean keyed = !table.key().isEmpty();
        try (PreparedStatement upsert = connection.prepareStatement(table.upsertSql(schema));
                PreparedStatement delete = keyed ? connection.prepareStatement(table.deleteSql()) : null) {
            int last = -1;
            int waiting = 0;
            while (in.hasRemaining()) {
                int operation = in.get();
                // In order: what was inserted and then deleted must not be there.
                if (waiting == BATCH_ROWS || waiting > 0 && operation != last) {
                    run(last == 1 ? upsert : delete);
                    waiting = 0;
                }
                PreparedStatement statement = operation == 1 ? upsert : delete;
                String[] values = RowText.next(in, operation == 1 ? schema.size() : table.key().size());
                for (int i = 0; i < values.length; i++) {
                    statement.setString(i + 1, values[i]);
                }
                statement.addBatch();
                last = operation;
                waiting++;
            }
            if (waiting > 0) {
                run(last == 1 ? upsert : delete);
            }
        }
    }

    private static void run(PreparedStatement statement) throws SQLException {
        int[] ignored = statement.executeBatch();
    }

    @Override
    public void abort() {}

    @Override
    public void close() {
        temporary.close();
    }
}
