package io.millrace.sql.validate;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.Schema;
import io.millrace.sql.catalog.Catalog;
import io.millrace.sql.catalog.CatalogColumn;
import io.millrace.sql.catalog.CatalogMaterializedView;
import io.millrace.sql.catalog.CatalogObject;
import io.millrace.sql.catalog.CatalogTable;
import io.millrace.sql.catalog.CatalogView;
import io.millrace.sql.catalog.Connectors;
import io.millrace.sql.catalog.PlannerEnvironment;
import io.millrace.sql.grammar.FileTables;
import io.millrace.sql.names.NearestName;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.schema.lookup.Named;

/** The tables that one planning sees, as Calcite looks them up: by name, at the moment they are named. */
final class TableSpace {
    /** The schema of {@link StoredTable}s; only {@link ExpandedTable}s name it. */
    static final String STORED = "$stored";

    /** The schema of the columns that a DDL expression is over. */
    static final String SCRATCH = "$scratch";

    private static final String FILESYSTEM = "filesystem";
    private static final Map<String, String> FORMATS =
            Map.of("parquet", "parquet", "json", "json", "jsonl", "json", "ndjson", "json", "csv", "csv");

    private final Catalog catalog;
    private final Connectors connectors;
    private final PlannerEnvironment environment;
    private final ExpandedTable.Expander expander;
    private final Map<String, Table> visible = new HashMap<>();
    private final Map<String, StoredTable> stored = new HashMap<>();
    private final Map<String, StoredTable> files = new HashMap<>();
    private StoredTable scratch;

    TableSpace(
            Catalog catalog, Connectors connectors, PlannerEnvironment environment, ExpandedTable.Expander expander) {
        this.catalog = catalog;
        this.connectors = connectors;
        this.environment = environment;
        this.expander = expander;
    }

    /** The root schema for Calcite: tables by name, and two schemas that only the parser and expansion name. */
    CalciteSchema root() {
        CalciteSchema root = CalciteSchema.createRootSchema(false, false, "", new NamedTables(this::visible));
        root.add(FileTables.SCHEMA, new NamedTables(this::file));
        root.add(
                STORED,
                new NamedTables(name -> {
                    visible(name);
                    return stored.get(name);
                }));
        root.add(SCRATCH, new NamedTables(name -> scratch));
        return root;
    }

    /** Makes these the columns of the one table in {@link #SCRATCH}. */
    void scratch(Schema columns) {
        scratch =
                new StoredTable(
                        "",
                        "",
                        columns,
                        null,
                        () -> {
                            throw MillraceException.internal("the scratch table is never read");
                        });
    }

    private Table visible(String name) {
        Table known = visible.get(name);
        if (known == null) {
            known = make(name);
            if (known != null) {
                visible.put(name, known);
            }
        }
        return known;
    }

    private Table make(String name) {
        Optional<CatalogObject> object = catalog.find(name);
        if (object.isEmpty()) {
            return isSideTable(name) ? engineTable(name) : null;
        }
        return switch (object.get()) {
            case CatalogView view -> new ExpandedTable("view " + name, view.schema(), view.sql(), expander);
            case CatalogMaterializedView view -> engineTable(view.name());
            case CatalogTable table -> table(table);
        };
    }

    private boolean isSideTable(String name) {
        for (String suffix : List.of(Catalog.LATE_SUFFIX, Catalog.BAD_SUFFIX)) {
            if (name.endsWith(suffix)) {
                String base = name.substring(0, name.length() - suffix.length());
                return catalog.find(base).filter(CatalogTable.class::isInstance).isPresent();
            }
        }
        return false;
    }

    private Table engineTable(String name) {
        Source source =
                environment
                        .engineTable(name)
                        .orElseThrow(() ->
                                new MillraceException(ErrorCode.UNKNOWN_TABLE, "nothing runs that fills " + name)
                                        .withHelp("Start a job that makes it in this session."));
        return new StoredTable(source, name, source.schema(), null, () -> source);
    }

    private Table table(CatalogTable table) {
        StoredTable.EventTimeColumn eventTime = eventTime(table);
        Schema storedSchema = table.sourceDescriptor().schema();
        StoredTable base =
                new StoredTable(
                        List.of(table, environment.zone()),
                        table.name(),
                        storedSchema,
                        eventTime,
                        () -> createSource(table));
        if (eventTime == null && !table.hasComputedColumns()) {
            return base;
        }
        stored.put(table.name(), base);
        return new ExpandedTable("table " + table.name(), table.schema(), expansion(table), expander);
    }

    private static StoredTable.EventTimeColumn eventTime(CatalogTable table) {
        CatalogTable.Watermark watermark = table.watermark();
        return watermark == null
                ? null
                : new StoredTable.EventTimeColumn(sql(table, watermark.column()), watermark.delayMicros());
    }

    private static String sql(CatalogTable table, String columnName) {
        for (CatalogColumn column : table.columns()) {
            if (column.name().equals(columnName) && column instanceof CatalogColumn.Computed computed) {
                return computed.sql();
            }
        }
        return quote(columnName);
    }

    /** The table's columns over the stored ones; the event time goes through {@link FunctionTable#ROWTIME}. */
    private static String expansion(CatalogTable table) {
        StringBuilder sql = new StringBuilder("SELECT ");
        String separator = "";
        for (CatalogColumn column : table.columns()) {
            String value = sql(table, column.name());
            boolean rowtime = table.watermark() != null && table.watermark().column().equals(column.name());
            sql.append(separator)
                    .append(rowtime ? FunctionTable.ROWTIME.getName() + "(" + value + ")" : value)
                    .append(" AS ")
                    .append(quote(column.name()));
            separator = ", ";
        }
        return sql + " FROM " + quote(STORED) + "." + quote(table.name());
    }

    static String quote(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    Source createSource(CatalogTable table) {
        return connectors.require(table.connector()).createSource(table.sourceDescriptor(), context());
    }

    ConnectorContext context() {
        return new ConnectorContext() {
            @Override
            public Source source(String tableName) {
                if (catalog.find(tableName).orElse(null) instanceof CatalogTable table) {
                    return createSource(table);
                }
                throw new MillraceException(ErrorCode.UNKNOWN_TABLE, "there is no table " + tableName)
                        .withHelp(NearestName.help(tableName, catalog.names(), null));
            }

            @Override
            public Clock clock() {
                return environment.clock();
            }

            @Override
            public ZoneId zone() {
                return environment.zone();
            }

            @Override
            public String setting(String key) {
                return environment.setting(key);
            }

            @Override
            public void warn(String text) {
                environment.warn(text);
            }
        };
    }

    private StoredTable file(String path) {
        return files.computeIfAbsent(path, this::openFile);
    }

    private StoredTable openFile(String path) {
        String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String format = FORMATS.get(extension);
        if (format == null) {
            throw new MillraceException(ErrorCode.SQL_INVALID, "cannot tell the format of '" + path + "' from its name")
                    .withHelp("Name files that end in .parquet, .json or .csv, or declare a table with CREATE TABLE.");
        }
        Map<String, String> options = Map.of(CatalogTable.CONNECTOR, FILESYSTEM, "path", path, "format", format);
        TableDescriptor descriptor = new TableDescriptor(path, List.of(), options, List.of(), List.of(), null);
        Source source = connectors.require(FILESYSTEM).createSource(descriptor, context());
        return new StoredTable(path, "'" + path + "'", source.schema(), null, () -> source);
    }

    /** A table that an identifier may mean and that can be told without looking outside; null for none. */
    Table known(List<String> names) {
        if (names.size() == 1
                && catalog.find(names.getFirst()).filter(o -> !(o instanceof CatalogMaterializedView)).isPresent()) {
            return visible(names.getFirst());
        }
        String path = FileTables.path(names);
        if (path != null) {
            return files.get(path);
        }
        return names.size() == 2 && names.getFirst().equals(SCRATCH) ? scratch : null;
    }

    /** Names that may stand where a table is expected. */
    List<String> names() {
        return catalog.names();
    }

    private static final class NamedTables extends AbstractSchema {
        private final Lookup<Table> tables;

        NamedTables(Function<String, Table> byName) {
            tables = new ByName(byName);
        }

        @Override
        public Lookup<Table> tables() {
            return tables;
        }
    }

    private record ByName(Function<String, Table> tables) implements Lookup<Table> {
        @Override
        public Table get(String name) {
            return tables.apply(name);
        }

        @Override
        public Named<Table> getIgnoreCase(String name) {
            Table table = tables.apply(name);
            return table == null ? null : new Named<>(name, table);
        }

        @Override
        public Set<String> getNames(LikePattern pattern) {
            return Set.of();
        }
    }
}
