package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** {@code 'connector' = 'filesystem'}: a table over a file, a directory or a glob. */
public final class FilesystemConnectorFactory implements ConnectorFactory {
    static final String PATH = "path";
    static final String FORMAT = "format";
    private static final String PATTERN = "source.path.regex-pattern";

    @Override
    public String identifier() {
        return "filesystem";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>(FileLayout.options());
        options.addAll(
                List.of(
                        Option.required(
                                PATH, "a file, a directory or a glob; local, or a URI such as hdfs://host:port/path"),
                        Option.optional(
                                FORMAT, null, "parquet, json or csv; when absent, as the names of the files end"),
                        Option.optional(PATTERN, null, "only files whose whole path matches this regular expression"),
                        Option.prefixed("parquet.", "options of the format"),
                        Option.prefixed("json.", "options of the format"),
                        Option.prefixed("csv.", "options of the format")));
        return options;
    }

    @Override
    public Source createSource(TableDescriptor table, ConnectorContext context) {
        String path = table.requireOption(PATH);
        Storage storage = Storage.at(path);
        List<StoredFile> files = filter(storage.list(path), table);
        FileFormat format = FileFormat.of(table, files.getFirst().location());
        if (format.isParquet()) {
            return ParquetTable.open(storage, files, table);
        }
        if (table.columns().isEmpty()) {
            throw new MillraceException(
                            ErrorCode.SQL_INVALID,
                            "table " + table.name() + ": a " + format.name() + " file does not say its columns' types")
                    .withHelp("Declare the table with CREATE TABLE.");
        }
        return new TextTable(storage, files, format, PartitionColumns.of(table, table.schema()), context.zone(), path);
    }

    @Override
    public Sink createSink(TableDescriptor table, ConnectorContext context) {
        String path = table.requireOption(PATH);
        return new FileSink(
                table.name(), path, FileFormat.of(table, path), FileLayout.of(table), context.zone(), context::warn);
    }

    private static List<StoredFile> filter(List<StoredFile> files, TableDescriptor table) {
        String text = table.option(PATTERN);
        if (text == null) {
            return files;
        }
        try {
            Pattern pattern = Pattern.compile(text);
            List<StoredFile> kept = files.stream().filter(f -> pattern.matcher(f.location()).matches()).toList();
            if (kept.isEmpty()) {
                throw new MillraceException(
                        ErrorCode.FILE_NOT_FOUND,
                        "none of "
                                + files.size()
                                + " files matches '"
                                + text
                                + "', the first is "
                                + files.getFirst().location());
            }
            return kept;
        } catch (PatternSyntaxException malformed) {
            throw new TableOptions(table).invalid(PATTERN, "a regular expression (" + malformed.getDescription() + ")");
        }
    }
}
