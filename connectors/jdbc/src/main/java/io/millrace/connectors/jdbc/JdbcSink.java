package io.millrace.connectors.jdbc;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import java.util.Arrays;
import java.util.List;

/** A table that rows are added to; of one with a primary key, that are replaced and deleted by it. */
record JdbcSink(JdbcTable table, Schema schema) implements Sink {
    @Override
    public ChangelogKind accepts() {
        return table.key().isEmpty() ? ChangelogKind.APPEND : ChangelogKind.UPSERT;
    }

    @Override
    public List<Integer> writerKey(ChangelogKind written) {
        return Arrays.stream(table.keyColumns(schema)).boxed().toList();
    }

    @Override
    public boolean sealsByColumn() {
        return true;
    }

    @Override
    public String describe() {
        return "jdbc table=" + table.name() + (table.key().isEmpty() ? "" : " by " + String.join(", ", table.key()));
    }

    @Override
    public SinkRun start(SinkRequest request) {
        if (request.checkpoints() == null && !request.bounded()) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            "table " + table.name() + ": a job without end writes to a database at its checkpoints")
                    .withHelp("Give --state DIR.");
        }
        return new JdbcRun(table, request);
    }
}
