package io.millrace.connectors.basic;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code 'connector' = 'datagen'}. */
public final class DatagenConnectorFactory implements ConnectorFactory {
    @Override
    public String identifier() {
        return "datagen";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.optional("rows-per-second", "10000", "how fast rows come, at most"),
                Option.optional("number-of-rows", null, "rows to generate; no end when absent"),
                Option.optional("seed", "0", "another seed, other rows"),
                Option.optional(
                        "base-time", null, "time of row 0, from which times follow rows-per-second; else the clock"),
                Option.prefixed(
                        "fields.",
                        "fields.NAME.kind, .min, .max, .length, .var-len, .null-rate, .max-past, .start, .end"));
    }

    @Override
    public Source createSource(TableDescriptor table, ConnectorContext context) {
        TableOptions options = new TableOptions(table);
        if (table.columns().isEmpty()) {
            throw new MillraceException(ErrorCode.SQL_INVALID, "table " + table.name() + ": datagen needs columns");
        }
        long seed = options.getLong("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE);
        long rows = options.getLong("number-of-rows", Long.MAX_VALUE, 0, Long.MAX_VALUE);
        List<DatagenField> fields = new ArrayList<>();
        Set<String> used = new TreeSet<>();
        for (var column : table.columns()) {
            if (column.isMetadata()) {
                throw new MillraceException(
                        ErrorCode.UNKNOWN_COLUMN,
                        "table " + table.name() + ": connector 'datagen' has no metadata column " + column.name());
            }
            fields.add(DatagenField.of(options, "fields." + column.name() + ".", column.type(), seed, used));
        }
        for (String key : table.options().keySet()) {
            if (key.startsWith("fields.") && !used.contains(key)) {
                throw new MillraceException(
                                ErrorCode.UNKNOWN_OPTION, "table " + table.name() + ": unknown option '" + key + "'")
                        .withHelp("Known here: " + String.join(", ", used) + ".");
            }
        }
        for (DatagenField field : fields) {
            rows = Math.min(rows, field.rows());
        }
        long baseMicros = options.getTimeMicros("base-time", Long.MIN_VALUE);
        double rate = options.getPositive("rows-per-second", 10_000);
        return new DatagenSource(table.schema(), fields, rows, rate, baseMicros, context.clock());
    }
}
