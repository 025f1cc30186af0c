package io.millrace.sql.ddl;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.sql.catalog.Catalog;
import io.millrace.sql.catalog.CatalogColumn;
import io.millrace.sql.catalog.CatalogTable;
import io.millrace.sql.catalog.Connectors;
import io.millrace.sql.catalog.PlannerEnvironment;
import io.millrace.sql.names.NearestName;
import io.millrace.sql.parser.StatementParser;
import io.millrace.sql.statement.ColumnDefinition;
import io.millrace.sql.statement.Name;
import io.millrace.sql.statement.Statement;
import io.millrace.sql.statement.StatementSource;
import io.millrace.sql.statement.TableDefinition;
import io.millrace.sql.types.RelTypes;
import io.millrace.sql.validate.RelPlanner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlDataTypeSpec;

/** CREATE TABLE to a checked {@link CatalogTable}. One statement. */
public final class TableResolver {
    private final Catalog catalog;
    private final Connectors connectors;
    private final RelPlanner planner;

    public TableResolver(Catalog catalog, Connectors connectors, PlannerEnvironment environment) {
        this.catalog = catalog;
        this.connectors = connectors;
        this.planner = new RelPlanner(catalog, connectors, environment);
    }

    public CatalogTable resolve(Statement.CreateTable statement) {
        TableDefinition definition = statement.definition();
        CatalogTable base = statement.like() == null ? null : catalog.requireTable(statement.like().table());
        LikeMerge merge = new LikeMerge(statement.like(), base);
        List<CatalogColumn> columns = new ArrayList<>(merge.inherited(definition.columns()));
        if (statement.query() != null) {
            columns.addAll(queryColumns(statement, columns));
        }
        for (ColumnDefinition column : definition.columns()) {
            if (!(column instanceof ColumnDefinition.Computed)) {
                columns.add(stored(column));
            }
        }
        resolveComputed(definition, columns);
        CatalogTable.Watermark watermark =
                definition.watermark() == null
                        ? merge.watermark()
                        : watermark(merge.checked(definition.watermark()), columns);
        Map<String, String> options = merge.options(definition.options());
        TableOptions.check(statement.name(), options, definition.options(), connectors);
        return new CatalogTable(
                statement.name().text(),
                ordered(definition, columns),
                watermark,
                merge.primaryKey(keys(definition.primaryKey(), columns)),
                merge.partitions(keys(definition.partitionedBy(), columns)),
                options,
                definition.comment());
    }

    private List<CatalogColumn> queryColumns(Statement.CreateTable statement, List<CatalogColumn> present) {
        if (!statement.definition().columns().isEmpty() || !present.isEmpty()) {
            throw new MillraceException(
                            ErrorCode.SQL_INVALID, "a table made AS a query has the query's columns and no others")
                    .at(statement.name().position());
        }
        Schema schema =
                RelTypes.toSchema(planner.toRel(StatementParser.parseQuery(statement.query())).validatedRowType);
        List<CatalogColumn> columns = new ArrayList<>();
        for (Field field : schema.fields()) {
            columns.add(new CatalogColumn.Physical(field.name(), field.type(), null));
        }
        return columns;
    }

    private CatalogColumn stored(ColumnDefinition column) {
        return switch (column) {
            case ColumnDefinition.Physical physical ->
                    new CatalogColumn.Physical(name(physical), type(physical.type()), physical.comment());
            case ColumnDefinition.Metadata metadata ->
                    new CatalogColumn.Metadata(
                            name(metadata),
                            type(metadata.type()),
                            metadata.key() == null ? name(metadata) : metadata.key(),
                            metadata.virtual(),
                            metadata.comment());
            case ColumnDefinition.Computed computed -> throw new IllegalStateException(name(computed));
        };
    }

    private static String name(ColumnDefinition column) {
        return column.name().text();
    }

    private DataType type(SqlDataTypeSpec spec) {
        StatementSource place = new StatementSource("", StatementSource.position(spec.getParserPosition()));
        try {
            return RelTypes.toDataType(planner.type(spec));
        } catch (MillraceException e) {
            throw e.position() == null ? e.at(place.position()) : e;
        } catch (IllegalArgumentException e) {
            throw new MillraceException(ErrorCode.SQL_INVALID, e.getMessage()).at(place.position());
        }
    }

    /** Computed columns may use stored ones, not each other. */
    private void resolveComputed(TableDefinition definition, List<CatalogColumn> columns) {
        Schema storedColumns =
                new Schema(
                        columns.stream()
                                .filter(column -> !(column instanceof CatalogColumn.Computed))
                                .map(column -> new Field(column.name(), column.type()))
                                .toList());
        for (ColumnDefinition column : definition.columns()) {
            if (column instanceof ColumnDefinition.Computed computed) {
                DataType type = planner.expressionType(computed.expression(), storedColumns);
                columns.add(
                        new CatalogColumn.Computed(
                                name(computed), type, computed.expression().text(), computed.comment()));
            }
        }
    }

    /** Inherited columns first, then the statement's in the order in which it declares them. */
    private static List<CatalogColumn> ordered(TableDefinition definition, List<CatalogColumn> columns) {
        Set<String> declared = new HashSet<>();
        definition.columns().forEach(column -> declared.add(name(column)));
        List<CatalogColumn> ordered = new ArrayList<>();
        columns.stream().filter(column -> !declared.contains(column.name())).forEach(ordered::add);
        for (ColumnDefinition column : definition.columns()) {
            columns.stream().filter(resolved -> resolved.name().equals(name(column))).forEach(ordered::add);
        }
        return ordered;
    }

    private CatalogTable.Watermark watermark(TableDefinition.Watermark declared, List<CatalogColumn> columns) {
        CatalogColumn column = find(declared.column(), columns);
        if (!RelTypes.isEventTime(column.type())) {
            throw new MillraceException(
                            ErrorCode.SQL_INVALID,
                            "a watermark needs a TIMESTAMP of precision up to 6, found "
                                    + column.name()
                                    + " "
                                    + column.type())
                    .at(declared.column().position());
        }
        Schema all = new Schema(columns.stream().map(c -> new Field(c.name(), c.type())).toList());
        long delayMicros =
                WatermarkDelay.of(
                        planner.expression(declared.expression(), all),
                        all.indexOf(column.name()),
                        declared.expression());
        return new CatalogTable.Watermark(column.name(), delayMicros, declared.expression().text());
    }

    private static List<String> keys(List<Name> names, List<CatalogColumn> columns) {
        List<String> keys = new ArrayList<>();
        for (Name name : names) {
            keys.add(find(name, columns).name());
        }
        return keys;
    }

    private static CatalogColumn find(Name name, List<CatalogColumn> columns) {
        for (CatalogColumn column : columns) {
            if (column.name().equals(name.text())) {
                return column;
            }
        }
        throw new MillraceException(ErrorCode.UNKNOWN_COLUMN, "there is no column " + name)
                .withHelp(NearestName.help(name.text(), columns.stream().map(CatalogColumn::name).toList(), null))
                .at(name.position());
    }
}
