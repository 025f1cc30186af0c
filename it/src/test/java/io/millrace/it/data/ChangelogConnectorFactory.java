package io.millrace.it.data;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code 'connector' = 'changelog'}: changes that the table's options state, see {@link ChangelogText}. */
public final class ChangelogConnectorFactory implements ConnectorFactory {
    @Override
    public String identifier() {
        return "changelog";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.optional("changes", null, "the lines"),
                Option.optional("path", null, "a file that holds the lines"),
                Option.optional("splits", "3", "among which the rows are divided"));
    }

    @Override
    public Source createSource(TableDescriptor table, ConnectorContext context) {
        Schema schema = table.schema();
        String text = table.option("changes") == null ? read(table.requireOption("path")) : table.option("changes");
        int splits = new TableOptions(table).getInt("splits", 3, 1, 64);
        return new ChangelogSource(schema, ChangelogText.parse(text, schema), splits);
    }

    private static String read(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
