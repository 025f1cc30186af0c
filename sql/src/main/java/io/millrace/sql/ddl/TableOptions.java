package io.millrace.sql.ddl;

import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import io.millrace.sql.catalog.CatalogTable;
import io.millrace.sql.catalog.Connectors;
import io.millrace.sql.names.NearestName;
import io.millrace.sql.statement.Name;
import io.millrace.sql.statement.TableOption;
import java.util.List;
import java.util.Map;

/** Checks a table's options against what its connector takes. */
final class TableOptions {
    private TableOptions() {}

    /**
     * @param options all, inherited ones included
     * @param written those of the statement, for places
     */
    static void check(Name table, Map<String, String> options, List<TableOption> written, Connectors connectors) {
        String connector = options.get(CatalogTable.CONNECTOR);
        if (connector == null) {
            throw new MillraceException(ErrorCode.INVALID_OPTION, "table " + table + " needs the option 'connector'")
                    .withHelp(
                            "Add WITH ('connector' = '…'). There are: "
                                    + String.join(", ", connectors.identifiers())
                                    + ".")
                    .at(table.position());
        }
        ConnectorFactory factory;
        try {
            factory = connectors.require(connector);
        } catch (MillraceException e) {
            throw e.at(valuePlace(CatalogTable.CONNECTOR, written, table));
        }
        for (String key : options.keySet()) {
            if (!key.equals(CatalogTable.CONNECTOR) && !takes(factory, key)) {
                throw unknown(key, factory).at(keyPlace(key, written, table));
            }
        }
        for (Option option : factory.options()) {
            if (option.required() && !options.containsKey(option.key())) {
                throw new MillraceException(
                                ErrorCode.INVALID_OPTION,
                                "connector '" + connector + "' needs the option '" + option.key() + "'")
                        .withHelp(option.description())
                        .at(table.position());
            }
        }
    }

    private static boolean takes(ConnectorFactory factory, String key) {
        for (Option option : factory.options()) {
            if (option.prefix() ? key.startsWith(option.key()) : key.equals(option.key())) {
                return true;
            }
        }
        return false;
    }

    private static MillraceException unknown(String key, ConnectorFactory factory) {
        List<String> known = factory.options().stream().map(Option::key).sorted().toList();
        return new MillraceException(
                        ErrorCode.UNKNOWN_OPTION,
                        "connector '" + factory.identifier() + "' has no option '" + key + "'")
                .withHelp(NearestName.help(key, known, "It has: " + String.join(", ", known) + "."));
    }

    private static SqlPosition keyPlace(String key, List<TableOption> written, Name table) {
        return written.stream()
                .filter(option -> option.key().equals(key))
                .findFirst()
                .map(TableOption::keyPosition)
                .orElse(table.position());
    }

    private static SqlPosition valuePlace(String key, List<TableOption> written, Name table) {
        return written.stream()
                .filter(option -> option.key().equals(key))
                .findFirst()
                .map(TableOption::valuePosition)
                .orElse(table.position());
    }
}
