package io.millrace.sql.validate;

import io.millrace.memory.types.Schema;
import io.millrace.sql.types.RelTypes;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;

/** A table that is a query: a view, or a table with computed columns or an event time over its {@link StoredTable}. */
final class ExpandedTable extends AbstractTable implements TranslatableTable {
    private final String name;
    private final Schema schema;
    private final String sql;
    private final Expander expander;

    /** Plans a query in place of a table. */
    interface Expander {
        /**
         * @param what the table, for messages
         */
        RelNode expand(String what, String sql, RelDataType rowType, RelOptTable.ToRelContext context);
    }

    ExpandedTable(String name, Schema schema, String sql, Expander expander) {
        this.name = name;
        this.schema = schema;
        this.sql = sql;
        this.expander = expander;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory typeFactory) {
        return RelTypes.toRel(schema, typeFactory);
    }

    @Override
    public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
        return expander.expand(name, sql, table.getRowType(), context);
    }
}
