package io.millrace.sql.validate;

import java.util.Collection;
import java.util.TreeSet;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;

/** Calcite's validator; tells besides which columns and tables the query had in sight, for suggestions. */
final class QueryValidator extends SqlValidatorImpl {
    QueryValidator(
            SqlOperatorTable operators, SqlValidatorCatalogReader reader, RelDataTypeFactory types, Config config) {
        super(operators, reader, types, config);
    }

    /** The columns of everything that was resolved so far. */
    Collection<String> columnsInSight() {
        Collection<String> columns = new TreeSet<>();
        for (SqlValidatorNamespace namespace : namespaces.values()) {
            RelDataType type = resolvedType(namespace);
            if (type != null && type.isStruct()) {
                columns.addAll(type.getFieldNames());
            }
        }
        return columns;
    }

    private static RelDataType resolvedType(SqlValidatorNamespace namespace) {
        SqlNode node = namespace.getNode();
        if (node == null) {
            return null;
        }
        try {
            return namespace.getTable() == null ? namespace.getRowType() : namespace.getTable().getRowType();
        } catch (RuntimeException | AssertionError notResolved) {
            return null;
        }
    }
}
