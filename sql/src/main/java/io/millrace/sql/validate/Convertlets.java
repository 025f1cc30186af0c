package io.millrace.sql.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql2rel.SqlRexContext;
import org.apache.calcite.sql2rel.SqlRexConvertlet;
import org.apache.calcite.sql2rel.SqlRexConvertletTable;
import org.apache.calcite.sql2rel.StandardConvertletTable;

/** Leaves functions of a time unit whole, which Calcite would spell out as arithmetic; the engine has them. */
final class Convertlets implements SqlRexConvertletTable {
    static final Convertlets INSTANCE = new Convertlets();

    private static final Set<SqlKind> WHOLE =
            Set.of(SqlKind.EXTRACT, SqlKind.FLOOR, SqlKind.CEIL, SqlKind.TIMESTAMP_ADD, SqlKind.TIMESTAMP_DIFF);

    private Convertlets() {}

    @Override
    public SqlRexConvertlet get(SqlCall call) {
        return WHOLE.contains(call.getKind()) ? Convertlets::whole : StandardConvertletTable.INSTANCE.get(call);
    }

    private static RexNode whole(SqlRexContext context, SqlCall call) {
        List<RexNode> operands = new ArrayList<>();
        for (SqlNode operand : call.getOperandList()) {
            operands.add(
                    operand instanceof SqlIntervalQualifier unit
                            ? context.getRexBuilder().makeFlag(unit.timeUnitRange)
                            : context.convertExpression(operand));
        }
        return context.getRexBuilder()
                .makeCall(context.getValidator().getValidatedNodeType(call), call.getOperator(), operands);
    }
}
