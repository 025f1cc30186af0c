package io.millrace.connectors.api;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tables and a session for tests of connectors. */
public final class TestTables {
    private TestTables() {}

    /** A table of these columns; options are keys and values in turn. */
    public static TableDescriptor table(String name, Schema schema, String... options) {
        List<TableColumn> columns = new ArrayList<>();
        for (Field field : schema.fields()) {
            columns.add(new TableColumn(field.name(), field.type(), null));
        }
        return table(name, columns, options);
    }

    public static TableDescriptor table(String name, List<TableColumn> columns, String... options) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put(options[i], options[i + 1]);
        }
        return new TableDescriptor(name, columns, map, List.of(), List.of(), null);
    }

    /** A session that knows these sources by name. */
    public static ConnectorContext context(Map<String, Source> sources) {
        return context(sources, warning -> {});
    }

    /** A session that hands its warnings on. */
    public static ConnectorContext context(Map<String, Source> sources, Consumer<String> warnings) {
        return new ConnectorContext() {
            @Override
            public Source source(String tableName) {
                Source source = sources.get(tableName);
                if (source == null) {
                    throw new MillraceException(ErrorCode.UNKNOWN_TABLE, "unknown table " + tableName);
                }
                return source;
            }

            @Override
            public Clock clock() {
                return Clock.system();
            }

            @Override
            public ZoneId zone() {
                return ZoneOffset.UTC;
            }

            @Override
            public String setting(String key) {
                return null;
            }

            @Override
            public void warn(String text) {
                warnings.accept(text);
            }
        };
    }

    public static ConnectorContext context() {
        return context(Map.of());
    }
}
