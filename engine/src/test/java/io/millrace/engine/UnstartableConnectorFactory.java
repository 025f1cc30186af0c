package io.millrace.engine;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceRun;
import io.millrace.connectors.api.TableColumn;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.util.List;

/** {@code 'connector' = 'unstartable'}: a table whose execution fails before anything is read. */
public final class UnstartableConnectorFactory implements ConnectorFactory {
    @Override
    public String identifier() {
        return "unstartable";
    }

    @Override
    public List<Option> options() {
        return List.of(Option.optional("with-error", "false", "whether it fails by an Error"));
    }

    @Override
    public Source createSource(TableDescriptor table, ConnectorContext context) {
        boolean withError = Boolean.parseBoolean(table.options().get("with-error"));
        return new Unstartable(new Schema(table.columns().stream().map(Unstartable::field).toList()), withError);
    }

    private record Unstartable(Schema schema, boolean withError) implements Source {
        static Field field(TableColumn column) {
            return new Field(column.name(), column.type());
        }

        @Override
        public boolean isBounded() {
            return false;
        }

        @Override
        public SourceRun start(ScanRequest request) {
            if (withError) {
                throw new NoClassDefFoundError("something that is not there");
            }
            throw new MillraceException(ErrorCode.BROKER_UNREACHABLE, "the broker does not answer");
        }
    }
}
