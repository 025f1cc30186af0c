package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.ScanPredicate;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.storage.StoredFile;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which columns of a table have their values in the names of directories, and not in files.
 *
 * @param table its name
 * @param schema all columns
 * @param keys names of those; empty for none
 */
record PartitionColumns(String table, Schema schema, List<String> keys) {
    static PartitionColumns of(TableDescriptor table, Schema schema) {
        FileLayout.of(table);
        return new PartitionColumns(table.name(), schema, table.partitionKeys());
    }

    /** The columns that are in files. */
    Schema fileSchema() {
        return inFiles(IntStream.range(0, schema.size()).toArray());
    }

    private boolean isKey(int column) {
        return keys.contains(schema.name(column));
    }

    /** Of some columns those that are in files. */
    Schema inFiles(int[] columns) {
        return schema.project(IntStream.of(columns).filter(column -> !isKey(column)).toArray());
    }

    /** Which column of {@link #fileSchema} it is; -1 for none. */
    int inFile(int column) {
        return isKey(column) ? -1 : (int) IntStream.range(0, column).filter(before -> !isKey(before)).count();
    }

    /**
     * What the directories of a file say of each column; null for those that are in the file.
     *
     * @throws MillraceException DATA_EXCEPTION when they say nothing of one, or what is no value of its type
     */
    Object[] values(StoredFile file) {
        Object[] values = new Object[schema.size()];
        if (keys.isEmpty()) {
            return values;
        }
        String location = file.location();
        Map<String, String> named = PartitionPath.values(location.substring(0, location.lastIndexOf('/') + 1));
        for (String key : keys) {
            int column = schema.indexOf(key);
            String text = named.get(key);
            if (text == null) {
                throw new MillraceException(
                                ErrorCode.DATA_EXCEPTION,
                                "table "
                                        + table
                                        + ": expected a directory "
                                        + key
                                        + "=… above each file, found none above "
                                        + location)
                        .withHelp("Name in PARTITIONED BY only columns that are directories.");
            }
            values[column] = value(text, schema.type(column), location, key);
        }
        return values;
    }

    private Object value(String text, DataType type, String location, String key) {
        if (text.equals(PartitionPath.NULL_VALUE) && type.nullable()) {
            return null;
        }
        try {
            return switch (type.kind()) {
                // The name of no text is that of NULL.
                case VARCHAR -> text.equals(PartitionPath.NULL_VALUE) ? "" : text;
                case BOOLEAN -> flag(text);
                case TINYINT -> Byte.valueOf(text);
                case SMALLINT -> Short.valueOf(text);
                case INT -> Integer.valueOf(text);
                case BIGINT -> Long.valueOf(text);
                case DECIMAL -> new BigDecimal(text).setScale(type.scale());
                case DATE -> LocalDate.parse(text);
                case TIMESTAMP -> LocalDateTime.parse(text.replace(' ', 'T'));
                default -> throw MillraceException.internal("a directory named by " + type);
            };
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException wrong) {
            throw new MillraceException(
                    ErrorCode.DATA_EXCEPTION,
                    "table " + table + ": expected " + key + " of type " + type + " in " + location + ", found " + text,
                    wrong);
        }
    }

    private static Boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    /** Whether rows of a file with these values may satisfy all of these. */
    boolean mayMatter(Object[] values, List<ScanPredicate> predicates) {
        return predicates.stream()
                .filter(predicate -> isKey(predicate.column()))
                .allMatch(predicate ->
                        Pruning.mayHold(predicate, schema.type(predicate.column()), values[predicate.column()]));
    }

    /**
     * A part of a file, with the columns that its directories name.
     *
     * @param part has those of these columns that are in the file, in this order
     * @param columns of {@link #schema}
     */
    Part complete(Part part, int[] columns, Object[] values) {
        if (IntStream.of(columns).noneMatch(this::isKey)) {
            return part;
        }
        int[] from = new int[columns.length];
        Object[] constants = new Object[columns.length];
        int next = 0;
        for (int i = 0; i < columns.length; i++) {
            from[i] = isKey(columns[i]) ? -1 : next++;
            constants[i] = values[columns[i]];
        }
        return new PartitionedPart(part, schema.project(columns), from, constants);
    }
}
