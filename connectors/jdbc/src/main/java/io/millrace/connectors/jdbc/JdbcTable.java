package io.millrace.connectors.jdbc;

import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.postgresql.Driver;

/**
 * A table of a database, as its options say.
 *
 * @param chunkBytes of rows that are stored together
 * @param bufferBytes that may be stored and not yet committed, over all writers
 */
record JdbcTable(
        String name, String url, String username, String password, List<String> key, int chunkBytes, long bufferBytes) {
    static final String URL = "url";
    static final String TABLE = "table-name";
    static final String USERNAME = "username";
    static final String PASSWORD = "password";
    static final String CHUNK = "sink.chunk-size";
    static final String BUFFER = "sink.buffer-size";

    static JdbcTable of(TableDescriptor table) {
        TableOptions options = new TableOptions(table);
        String url = table.requireOption(URL).strip();
        if (!url.startsWith("jdbc:postgresql:")) {
            throw options.invalid(URL, "jdbc:postgresql://HOST:PORT/DATABASE");
        }
        // Options of the driver can name classes to load.
        if (url.contains("?")) {
            throw options.invalid(URL, "no parameters; user and password have options of their own");
        }
        for (Field field : table.schema().fields()) {
            boolean plain =
                    switch (field.type().kind()) {
                        case ROW, ARRAY, MAP -> false;
                        default -> true;
                    };
            if (!plain) {
                throw new MillraceException(
                        ErrorCode.UNSUPPORTED,
                        "table " + table.name() + ": column " + field.name() + " of type " + field.type());
            }
        }
        return new JdbcTable(
                table.requireOption(TABLE).strip(),
                url,
                table.option(USERNAME),
                table.option(PASSWORD),
                table.primaryKey(),
                (int) Math.clamp(options.getBytes(CHUNK, 16 << 20), 1, 1 << 30),
                options.getBytes(BUFFER, 256 << 20));
    }

    int[] keyColumns(Schema schema) {
        return key.stream().mapToInt(schema::indexOf).toArray();
    }

    /** A connection whose texts take the type of the column they go to; the caller closes it. Blocks. */
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.put("stringtype", "unspecified");
        // Rows of one key may follow each other, which one statement cannot replace twice.
        properties.put("reWriteBatchedInserts", Boolean.toString(key.isEmpty()));
        properties.put("connectTimeout", "15");
        // The server ends the transaction of a process that was stopped in its midst, which else held its lock for
        // ever.
        properties.put("options", "-c idle_in_transaction_session_timeout=60s -c lock_timeout=90s");
        if (username != null) {
            properties.put("user", username);
        }
        if (password != null) {
            properties.put("password", password);
        }
        Connection connection = new Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("the driver does not know " + url);
        }
        return connection;
    }

    /** The error that a failed statement is. */
    MillraceException failed(SQLException failure, String doing) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        ErrorCode code =
                switch (state.length() < 2 ? state : state.substring(0, 2)) {
                    case "28" -> ErrorCode.PERMISSION_DENIED;
                    case "22", "23" -> ErrorCode.DATA_EXCEPTION;
                    case "42" -> state.equals("42501") ? ErrorCode.PERMISSION_DENIED : ErrorCode.UNKNOWN_TABLE;
                    case "08", "57" -> ErrorCode.BROKER_UNREACHABLE;
                    default -> ErrorCode.IO_FAILED;
                };
        MillraceException error =
                new MillraceException(
                        code,
                        doing + " table " + name + " at " + url + ": " + failure.getMessage() + " (" + state + ")",
                        failure);
        boolean again = code == ErrorCode.BROKER_UNREACHABLE || state.startsWith("40");
        return again ? error.retryable() : error;
    }

    static String quoted(String name) {
        return Arrays.stream(name.split("\\.", -1))
                .map(part -> "\"" + part.replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining("."));
    }

    private static String column(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** Inserts a row; of a table with a key, or replaces the one there is. */
    String upsertSql(Schema schema) {
        List<String> names = new ArrayList<>();
        List<String> sets = new ArrayList<>();
        for (Field field : schema.fields()) {
            names.add(column(field.name()));
            if (!key.contains(field.name())) {
                sets.add(column(field.name()) + " = EXCLUDED." + column(field.name()));
            }
        }
        String insert =
                "INSERT INTO "
                        + quoted(name)
                        + " ("
                        + String.join(", ", names)
                        + ") VALUES ("
                        + String.join(", ", names.stream().map(any -> "?").toList())
                        + ")";
        if (key.isEmpty()) {
            return insert;
        }
        String conflict = key.stream().map(JdbcTable::column).collect(Collectors.joining(", "));
        return insert
                + " ON CONFLICT ("
                + conflict
                + (sets.isEmpty() ? ") DO NOTHING" : ") DO UPDATE SET " + String.join(", ", sets));
    }

    String deleteSql() {
        return "DELETE FROM "
                + quoted(name)
                + " WHERE "
                + key.stream().map(one -> column(one) + " = ?").collect(Collectors.joining(" AND "));
    }
}
