package io.millrace.connectors.api;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.List;

/** Makes sources and sinks from tables. Found by ServiceLoader; stateless, thread-safe. */
public interface ConnectorFactory {
    /** The value of {@code 'connector'}. */
    String identifier();

    /** The options it takes besides {@code 'connector'}; others are refused before it is asked, naming the nearest. */
    List<Option> options();

    /** Checks the options and describes the source; may look at files or topics, on the calling thread. */
    default Source createSource(TableDescriptor table, ConnectorContext context) {
        throw new MillraceException(
                ErrorCode.UNSUPPORTED,
                "connector '" + identifier() + "' of table " + table.name() + " cannot be read from");
    }

    /** Checks the options and describes the sink. */
    default Sink createSink(TableDescriptor table, ConnectorContext context) {
        throw new MillraceException(
                ErrorCode.UNSUPPORTED,
                "connector '" + identifier() + "' of table " + table.name() + " cannot be written to");
    }
}
