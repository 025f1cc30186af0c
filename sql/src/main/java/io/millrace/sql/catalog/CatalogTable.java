package io.millrace.sql.catalog;

import io.millrace.connectors.api.TableColumn;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table that a connector stores or makes.
 *
 * @param watermark or null
 * @param primaryKey column names, empty when there is none
 * @param options with {@code connector}
 * @param comment or null
 */
public record CatalogTable(
        String name,
        List<CatalogColumn> columns,
        Watermark watermark,
        List<String> primaryKey,
        List<String> partitionedBy,
        Map<String, String> options,
        String comment)
        implements CatalogObject {
    /** The option that names the connector. */
    public static final String CONNECTOR = "connector";

    /**
     * The event time of a table.
     *
     * @param column may be a computed one
     * @param delayMicros how much later than a row of its time a row may still come
     * @param sql the expression as written
     */
    public record Watermark(String column, long delayMicros, String sql) {
        public Watermark {
            if (delayMicros < 0) {
                throw new IllegalArgumentException("expected delayMicros >= 0, found " + delayMicros);
            }
        }
    }

    public CatalogTable {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        partitionedBy = List.copyOf(partitionedBy);
        options = Map.copyOf(options);
    }

    @Override
    public Schema schema() {
        return new Schema(columns.stream().map(column -> new Field(column.name(), column.type())).toList());
    }

    @Override
    public String kind() {
        return "table";
    }

    public String connector() {
        return options.get(CONNECTOR);
    }

    /** The columns that the connector gives: all but the computed ones, in declared order. */
    public List<CatalogColumn> storedColumns() {
        return columns.stream().filter(column -> !(column instanceof CatalogColumn.Computed)).toList();
    }

    /** The columns that an INSERT writes, in declared order. */
    public List<CatalogColumn> writtenColumns() {
        return columns.stream().filter(CatalogColumn::isWritten).toList();
    }

    public boolean hasComputedColumns() {
        return columns.stream().anyMatch(CatalogColumn.Computed.class::isInstance);
    }

    /** What its connector is told when it is read. */
    public TableDescriptor sourceDescriptor() {
        return descriptor(storedColumns());
    }

    /** What its connector is told when it is written. */
    public TableDescriptor sinkDescriptor() {
        return descriptor(writtenColumns());
    }

    private TableDescriptor descriptor(List<CatalogColumn> taken) {
        return new TableDescriptor(
                name,
                taken.stream().map(CatalogTable::tableColumn).toList(),
                options,
                primaryKey,
                partitionedBy,
                watermark == null ? null : watermark.column());
    }

    private static TableColumn tableColumn(CatalogColumn column) {
        String key = column instanceof CatalogColumn.Metadata metadata ? metadata.key() : null;
        return new TableColumn(column.name(), column.type(), key);
    }

    @Override
    public String toSql() {
        SqlText text = new SqlText("CREATE TABLE ").name(name).append(" (");
        String separator = "\n  ";
        for (CatalogColumn column : columns) {
            text.append(separator);
            column(text, column);
            separator = ",\n  ";
        }
        if (watermark != null) {
            text.append(separator)
                    .append("WATERMARK FOR ")
                    .name(watermark.column())
                    .append(" AS ")
                    .append(watermark.sql());
            separator = ",\n  ";
        }
        if (!primaryKey.isEmpty()) {
            text.append(separator).append("PRIMARY KEY ").names(primaryKey).append(" NOT ENFORCED");
        }
        text.append("\n)").comment(comment);
        if (!partitionedBy.isEmpty()) {
            text.append("\nPARTITIONED BY ").names(partitionedBy);
        }
        return text.options(new TreeMap<>(options)).toString();
    }

    private static void column(SqlText text, CatalogColumn column) {
        text.name(column.name());
        switch (column) {
            case CatalogColumn.Physical physical -> text.append(" ").append(physical.type().toString());
            case CatalogColumn.Computed computed -> text.append(" AS ").append(computed.sql());
            case CatalogColumn.Metadata metadata -> {
                text.append(" ").append(metadata.type().toString()).append(" METADATA");
                if (!metadata.key().equals(metadata.name())) {
                    text.append(" FROM ").string(metadata.key());
                }
                text.append(metadata.virtual() ? " VIRTUAL" : "");
            }
        }
        text.comment(column.comment());
    }
}
