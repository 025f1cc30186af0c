package io.millrace.sql.ddl;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import io.millrace.memory.types.DataType;
import io.millrace.sql.catalog.CatalogColumn;
import io.millrace.sql.catalog.CatalogTable;
import io.millrace.sql.names.NearestName;
import io.millrace.sql.statement.Name;
import io.millrace.sql.statement.Statement;
import io.millrace.sql.statement.StatementSource;
import io.millrace.sql.types.RelTypes;
import io.millrace.sql.validate.RelPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Where an INSERT's rows go: brings the query's columns into the table's order and types. */
public final class InsertTarget {
    private final CatalogTable table;
    private final Statement.Insert insert;

    public InsertTarget(CatalogTable table, Statement.Insert insert) {
        this.table = table;
        this.insert = insert;
    }

    /** The query with the columns that the table writes, in its order; those not named in the INSERT are NULL. */
    public RelRoot toRel(RelPlanner planner, SqlNode query) {
        List<SqlPosition> places = places(query);
        RelRoot root = planner.toRel(query);
        RelNode rows = root.project();
        List<CatalogColumn> targets = targets();
        int given = rows.getRowType().getFieldCount();
        if (given != targets.size()) {
            throw new MillraceException(
                            ErrorCode.SQL_INVALID,
                            "table "
                                    + table.name()
                                    + " takes "
                                    + targets.size()
                                    + " columns here, the query gives "
                                    + given)
                    .withHelp("Columns: " + String.join(", ", targets.stream().map(CatalogColumn::name).toList()) + ".")
                    .at(insert.target().position());
        }
        RexBuilder rex = planner.cluster().getRexBuilder();
        List<RexNode> values = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (CatalogColumn column : table.writtenColumns()) {
            RelDataType type = RelTypes.toRel(column.type(), planner.types());
            int from = targets.indexOf(column);
            names.add(column.name());
            values.add(
                    from < 0
                            ? absent(column, type, rex)
                            : given(
                                    rex.makeInputRef(rows, from),
                                    column,
                                    type,
                                    rex,
                                    places.get(Math.min(from, places.size() - 1))));
        }
        RelNode project = LogicalProject.create(rows, List.of(), values, names, Set.of());
        return RelRoot.of(project, SqlKind.INSERT);
    }

    /** The columns that take no NULL, as places in what is written. */
    public List<Integer> required() {
        List<CatalogColumn> written = table.writtenColumns();
        return IntStream.range(0, written.size()).filter(i -> !written.get(i).type().nullable()).boxed().toList();
    }

    private static List<SqlPosition> places(SqlNode query) {
        List<SqlPosition> places = new ArrayList<>();
        if (query instanceof SqlSelect select) {
            SqlNodeList items = select.getSelectList();
            boolean star = items.stream().anyMatch(item -> item.toString().endsWith("*"));
            if (!star) {
                items.forEach(item -> places.add(StatementSource.position(item.getParserPosition())));
            }
        }
        if (places.isEmpty()) {
            places.add(StatementSource.position(query.getParserPosition()));
        }
        return places;
    }

    private List<CatalogColumn> targets() {
        List<CatalogColumn> written = table.writtenColumns();
        if (insert.columns().isEmpty()) {
            return written;
        }
        List<CatalogColumn> targets = new ArrayList<>();
        for (Name name : insert.columns()) {
            CatalogColumn target =
                    written.stream()
                            .filter(column -> column.name().equals(name.text()))
                            .findFirst()
                            .orElseThrow(() ->
                                    new MillraceException(
                                                    ErrorCode.UNKNOWN_COLUMN,
                                                    "table " + table.name() + " has no column " + name + " to write")
                                            .withHelp(
                                                    NearestName.help(
                                                            name.text(),
                                                            written.stream().map(CatalogColumn::name).toList(),
                                                            null))
                                            .at(name.position()));
            if (targets.contains(target)) {
                throw new MillraceException(ErrorCode.SQL_INVALID, "column " + name + " is named twice")
                        .at(name.position());
            }
            targets.add(target);
        }
        return targets;
    }

    private RexNode absent(CatalogColumn column, RelDataType type, RexBuilder rex) {
        if (!column.type().nullable()) {
            throw new MillraceException(
                            ErrorCode.SQL_INVALID,
                            "column " + column.name() + " of table " + table.name() + " may not be NULL")
                    .withHelp("Name it in the INSERT.")
                    .at(insert.target().position());
        }
        return rex.makeNullLiteral(type);
    }

    private RexNode given(RexNode value, CatalogColumn column, RelDataType type, RexBuilder rex, SqlPosition place) {
        DataType from = RelTypes.toDataType(value.getType());
        if (from.sameValues(column.type())) {
            return value;
        }
        if (!SqlTypeUtil.canAssignFrom(type, value.getType())) {
            throw new MillraceException(
                            ErrorCode.SQL_INVALID,
                            "column "
                                    + column.name()
                                    + " of table "
                                    + table.name()
                                    + " is "
                                    + column.type()
                                    + ", the query gives "
                                    + from)
                    .withHelp("CAST the value to " + column.type().withNullable(true) + ".")
                    .at(place);
        }
        RelDataType wanted = rex.getTypeFactory().createTypeWithNullability(type, value.getType().isNullable());
        return rex.makeCast(wanted, value);
    }
}
