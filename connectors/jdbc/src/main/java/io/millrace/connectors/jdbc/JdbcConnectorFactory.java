package io.millrace.connectors.jdbc;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.TableDescriptor;
import java.util.List;

/** {@code 'connector' = 'jdbc'}: rows and changes go to a table of PostgreSQL. */
public final class JdbcConnectorFactory implements ConnectorFactory {
    @Override
    public String identifier() {
        return "jdbc";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.required(JdbcTable.URL, "jdbc:postgresql://HOST:PORT/DATABASE"),
                Option.required(JdbcTable.TABLE, "the table, with its schema where it is not the default one"),
                Option.optional(JdbcTable.USERNAME, null, "who connects"),
                Option.optional(JdbcTable.PASSWORD, null, "of the user"),
                Option.optional(JdbcTable.CHUNK, "16 mb", "rows that are stored together until they are committed"),
                Option.optional(
                        JdbcTable.BUFFER,
                        "256 mb",
                        "rows that may wait for their checkpoint before the job is held back"));
    }

    @Override
    public Sink createSink(TableDescriptor table, ConnectorContext context) {
        return new JdbcSink(JdbcTable.of(table), table.schema());
    }
}
