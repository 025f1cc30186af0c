package io.millrace.sql.validate;

import java.util.Collection;
import java.util.TreeSet;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Table;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/** The columns that a query may have meant: those of the tables it names, and the names it gives itself. */
final class ColumnsInSight extends SqlBasicVisitor<Void> {
    private final TableSpace tables;
    private final RelDataTypeFactory types;
    private final Collection<String> columns = new TreeSet<>();

    private ColumnsInSight(TableSpace tables, RelDataTypeFactory types) {
        this.tables = tables;
        this.types = types;
    }

    static Collection<String> of(SqlNode query, TableSpace tables, RelDataTypeFactory types) {
        ColumnsInSight collector = new ColumnsInSight(tables, types);
        query.accept(collector);
        return collector.columns;
    }

    @Override
    public Void visit(SqlIdentifier id) {
        Table table = tables.known(id.names);
        if (table != null) {
            columns.addAll(table.getRowType(types).getFieldNames());
        }
        return null;
    }

    @Override
    public Void visit(SqlCall call) {
        if (call.getKind() == SqlKind.AS
                && call.operandCount() >= 2
                && call.operand(1) instanceof SqlIdentifier alias) {
            columns.add(alias.getSimple());
        }
        return super.visit(call);
    }
}
