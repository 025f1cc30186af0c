package io.millrace.sql;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceRun;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.util.List;

/** Describes tables and never reads them. {@code filesystem} has bounded bids wherever it looks. */
record FakeConnector(String identifier, boolean bounded) implements ConnectorFactory {
    static final Schema BIDS =
            Schema.of(
                    "auction", DataType.BIGINT,
                    "bidder", DataType.BIGINT,
                    "price", DataType.BIGINT,
                    "channel", DataType.VARCHAR,
                    "url", DataType.VARCHAR,
                    "date_time", DataType.timestamp(3),
                    "extra", DataType.VARCHAR);

    @Override
    public List<Option> options() {
        return List.of(
                Option.optional("path", null, "where"),
                Option.optional("format", null, "how"),
                Option.optional("topic", null, "which"),
                Option.optional("stages", null, "of what"),
                Option.optional("accepts", "RETRACT", "which changes a sink takes"),
                Option.prefixed("properties.", "for the client"));
    }

    @Override
    public Source createSource(TableDescriptor table, ConnectorContext context) {
        if ("missing.parquet".equals(table.option("path"))) {
            throw new MillraceException(ErrorCode.FILE_NOT_FOUND, "no file matches missing.parquet");
        }
        Schema schema = table.columns().isEmpty() ? BIDS : table.schema();
        return new FakeSource(identifier, schema, bounded);
    }

    @Override
    public Sink createSink(TableDescriptor table, ConnectorContext context) {
        return new FakeSink(ChangelogKind.valueOf(table.option("accepts", "RETRACT")));
    }

    record FakeSource(String describe, Schema schema, boolean isBounded) implements Source {
        @Override
        public SourceRun start(ScanRequest request) {
            throw new UnsupportedOperationException();
        }
    }

    record FakeSink(ChangelogKind accepts) implements Sink {
        @Override
        public String describe() {
            return "fake";
        }

        @Override
        public SinkRun start(SinkRequest request) {
            throw new UnsupportedOperationException();
        }
    }
}
