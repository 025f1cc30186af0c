package io.millrace.connectors.basic;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.TableDescriptor;
import java.util.List;

/** {@code 'connector' = 'blackhole'}. */
public final class BlackholeConnectorFactory implements ConnectorFactory {
    @Override
    public String identifier() {
        return "blackhole";
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public Sink createSink(TableDescriptor table, ConnectorContext context) {
        return new BlackholeSink();
    }
}
