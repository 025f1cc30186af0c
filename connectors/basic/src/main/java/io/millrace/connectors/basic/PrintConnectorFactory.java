package io.millrace.connectors.basic;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import java.util.List;

/** {@code 'connector' = 'print'}. */
public final class PrintConnectorFactory implements ConnectorFactory {
    @Override
    public String identifier() {
        return "print";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.optional("print-identifier", null, "written before each line"),
                Option.optional("standard-error", "false", "whether to write to stderr instead of stdout"));
    }

    @Override
    public Sink createSink(TableDescriptor table, ConnectorContext context) {
        boolean toStderr = new TableOptions(table).getBoolean("standard-error", false);
        int[] key = table.primaryKey().stream().mapToInt(table.schema()::indexOf).toArray();
        return new PrintSink(toStderr ? System.err : System.out, table.option("print-identifier"), key);
    }
}
