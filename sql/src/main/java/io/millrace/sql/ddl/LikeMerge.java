package io.millrace.sql.ddl;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import io.millrace.sql.catalog.CatalogColumn;
import io.millrace.sql.catalog.CatalogTable;
import io.millrace.sql.statement.ColumnDefinition;
import io.millrace.sql.statement.LikeClause;
import io.millrace.sql.statement.LikeClause.Merge;
import io.millrace.sql.statement.LikeClause.Part;
import io.millrace.sql.statement.TableDefinition;
import io.millrace.sql.statement.TableOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a table takes over from the one it is LIKE; nothing when there is none. */
final class LikeMerge {
    private final LikeClause clause;
    private final CatalogTable base;

    /** Both null when the statement has no LIKE. */
    LikeMerge(LikeClause clause, CatalogTable base) {
        this.clause = clause;
        this.base = base;
    }

    private boolean takes(Part part) {
        return clause != null && clause.merge(part) != Merge.EXCLUDING;
    }

    /** The base's columns that the statement does not declare itself. */
    List<CatalogColumn> inherited(List<ColumnDefinition> declared) {
        List<CatalogColumn> columns = new ArrayList<>();
        if (base == null) {
            return columns;
        }
        for (CatalogColumn column : base.columns()) {
            ColumnDefinition own =
                    declared.stream()
                            .filter(definition -> definition.name().text().equals(column.name()))
                            .findFirst()
                            .orElse(null);
            Part part =
                    switch (column) {
                        case CatalogColumn.Physical physical -> null;
                        case CatalogColumn.Metadata metadata -> Part.METADATA;
                        case CatalogColumn.Computed computed -> Part.GENERATED;
                    };
            boolean taken = part == null || takes(part);
            if (taken && own != null) {
                boolean overwrites = part != null && clause.merge(part) == Merge.OVERWRITING;
                if (!overwrites) {
                    throw new MillraceException(
                                    ErrorCode.SQL_INVALID,
                                    "column " + column.name() + " is in table " + base.name() + " already")
                            .at(own.name().position());
                }
            } else if (taken) {
                columns.add(column);
            }
        }
        return columns;
    }

    Map<String, String> options(List<TableOption> own) {
        Map<String, String> options = new TreeMap<>();
        if (takes(Part.OPTIONS)) {
            options.putAll(inheritedOptions(own));
        }
        for (TableOption option : own) {
            boolean clash =
                    options.containsKey(option.key())
                            && clause.merge(Part.OPTIONS) == Merge.INCLUDING
                            && clause.merges().containsKey(Part.OPTIONS);
            if (clash) {
                throw new MillraceException(
                                ErrorCode.INVALID_OPTION,
                                "option '" + option.key() + "' is set in table " + base.name() + " already")
                        .withHelp("Write OVERWRITING OPTIONS.")
                        .at(option.keyPosition());
            }
            options.put(option.key(), option.value());
        }
        return options;
    }

    /** None of them when the statement names another connector: they would mean nothing to it. */
    private Map<String, String> inheritedOptions(List<TableOption> own) {
        for (TableOption option : own) {
            if (option.key().equals(CatalogTable.CONNECTOR) && !option.value().equals(base.connector())) {
                return Map.of();
            }
        }
        return base.options();
    }

    /** The base's watermark, for a statement that declares none. */
    CatalogTable.Watermark watermark() {
        return takes(Part.WATERMARKS) ? base.watermark() : null;
    }

    /** The statement's watermark, unless the base has one that was not to be overwritten. */
    TableDefinition.Watermark checked(TableDefinition.Watermark own) {
        if (takes(Part.WATERMARKS) && base.watermark() != null && clause.merge(Part.WATERMARKS) != Merge.OVERWRITING) {
            SqlPosition place = own.column().position();
            throw new MillraceException(ErrorCode.SQL_INVALID, "table " + base.name() + " has a watermark already")
                    .withHelp("Write LIKE " + base.name() + " (OVERWRITING WATERMARKS).")
                    .at(place);
        }
        return own;
    }

    List<String> primaryKey(List<String> own) {
        return own.isEmpty() && takes(Part.CONSTRAINTS) ? base.primaryKey() : own;
    }

    List<String> partitions(List<String> own) {
        return own.isEmpty() && takes(Part.PARTITIONS) ? base.partitionedBy() : own;
    }
}
