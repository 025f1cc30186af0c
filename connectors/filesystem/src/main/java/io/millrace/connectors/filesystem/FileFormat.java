package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import io.millrace.formats.FormatFactory;
import io.millrace.formats.FormatOption;
import io.millrace.formats.parquet.footer.Codec;
import io.millrace.formats.parquet.writer.ParquetWriteOptions;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.NearestName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The format of a table's files and its options, checked.
 *
 * @param records of a format of records; null for Parquet
 * @param parquet how Parquet is written; null for a format of records
 */
record FileFormat(String name, FormatFactory records, Map<String, String> options, ParquetWriteOptions parquet) {
    static final String PARQUET = "parquet";
    private static final String COMPRESSION = "parquet.compression";
    private static final String ROW_GROUP_ROWS = "parquet.row-group-rows";
    private static final List<FormatOption> PARQUET_OPTIONS =
            List.of(
                    new FormatOption(COMPRESSION, "zstd", "uncompressed, snappy, gzip, zstd or lz4_raw"),
                    new FormatOption(ROW_GROUP_ROWS, "1000000", "rows after which a row group ends"));

    /** The format that the table names, or that the ending of a file's name does. */
    static FileFormat of(TableDescriptor table, String fileName) {
        String option = table.option(FilesystemConnectorFactory.FORMAT);
        String name = option == null ? byEnding(table, fileName) : option.strip().toLowerCase(Locale.ROOT);
        if (name.equals(PARQUET)) {
            check(table, name, PARQUET_OPTIONS);
            return new FileFormat(name, null, Map.of(), parquetOptions(table));
        }
        FormatFactory factory = FormatFactory.named(name);
        return new FileFormat(name, factory, check(table, name, factory.options()), null);
    }

    boolean isParquet() {
        return records == null;
    }

    private static String byEnding(TableDescriptor table, String fileName) {
        int dot = fileName.lastIndexOf('.');
        String ending = dot < 0 ? "" : fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
        return switch (ending) {
            case "parquet", "parq" -> PARQUET;
            case "json", "jsonl", "ndjson" -> "json";
            case "csv" -> "csv";
            default ->
                    throw new MillraceException(
                                    ErrorCode.INVALID_OPTION,
                                    "table " + table.name() + ": the name " + fileName + " does not say its format")
                            .withHelp("Add 'format' = 'parquet', 'json' or 'csv'.");
        };
    }

    private static Map<String, String> check(TableDescriptor table, String format, List<FormatOption> options) {
        Map<String, String> found = new HashMap<>();
        List<String> known = new ArrayList<>();
        for (FormatOption option : options) {
            known.add(option.key());
            if (table.option(option.key()) != null) {
                found.put(option.key(), table.option(option.key()));
            }
        }
        for (String key : table.options().keySet()) {
            if (key.startsWith(format + ".") && !known.contains(key)) {
                throw new MillraceException(
                                ErrorCode.UNKNOWN_OPTION, "table " + table.name() + ": unknown option '" + key + "'")
                        .withHelp(NearestName.advice(key, known, "Known: " + String.join(", ", known) + "."));
            }
        }
        return found;
    }

    private static ParquetWriteOptions parquetOptions(TableDescriptor table) {
        TableOptions options = new TableOptions(table);
        String codec = options.getWord(COMPRESSION, "zstd", "uncompressed", "snappy", "gzip", "zstd", "lz4_raw");
        return ParquetWriteOptions.DEFAULT
                .withCodec(Codec.valueOf(codec.toUpperCase(Locale.ROOT)))
                .withRowGroupRows(options.getLong(ROW_GROUP_ROWS, 1_000_000, 1, Integer.MAX_VALUE));
    }
}
