package io.millrace.sql.validate;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.operators.function.TypeRules;
import io.millrace.sql.statement.StatementSource;
import io.millrace.sql.types.FlinkTypeSystem;
import io.millrace.sql.types.RelTypes;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidator;

/** What Calcite lets pass and the engine has not: types too wide, casts without a meaning. */
final class TypeChecks {
    private TypeChecks() {}

    /** Refuses a type name with too many digits. */
    static void check(SqlDataTypeSpec spec) {
        if (!(spec.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic)) {
            return;
        }
        SqlTypeName name = SqlTypeName.get(basic.getTypeName().getSimple());
        if (name == null) {
            return;
        }
        int most = FlinkTypeSystem.INSTANCE.getMaxPrecision(name);
        boolean limited = name == SqlTypeName.DECIMAL || SqlTypeName.DATETIME_TYPES.contains(name);
        if (limited && basic.getPrecision() > most) {
            throw invalid(
                    name + " has at most " + most + " digits, found " + basic.getPrecision(), spec.getParserPosition());
        }
        if (name == SqlTypeName.DECIMAL && basic.getScale() > 0 && basic.getScale() > basic.getPrecision()) {
            throw invalid(
                    "DECIMAL("
                            + basic.getPrecision()
                            + ", "
                            + basic.getScale()
                            + ") has more digits after the point than in all",
                    spec.getParserPosition());
        }
    }

    /** Refuses casts that do not exist, in a validated query. */
    static void checkCasts(SqlNode validated, SqlValidator validator) {
        Deque<SqlNode> stack = new ArrayDeque<>();
        stack.push(validated);
        while (!stack.isEmpty()) {
            SqlNode node = stack.pop();
            if (node instanceof SqlNodeList list) {
                push(stack, list.getList());
            } else if (node instanceof SqlCall call) {
                switch (call.getKind()) {
                    case CAST, SAFE_CAST -> checkCast(call, validator);
                    default -> {}
                }
                push(stack, call.getOperandList());
            }
        }
    }

    private static void push(Deque<SqlNode> stack, Iterable<? extends SqlNode> nodes) {
        for (SqlNode node : nodes) {
            if (node != null) {
                stack.push(node);
            }
        }
    }

    private static void checkCast(SqlCall call, SqlValidator validator) {
        RelDataType from = validator.getValidatedNodeTypeIfKnown(call.operand(0));
        RelDataType to = validator.getValidatedNodeTypeIfKnown(call);
        boolean plain =
                from != null
                        && to != null
                        && from.getSqlTypeName() != SqlTypeName.NULL
                        && !SqlTypeName.INTERVAL_TYPES.contains(from.getSqlTypeName())
                        && !SqlTypeName.INTERVAL_TYPES.contains(to.getSqlTypeName());
        if (!plain) {
            return;
        }
        DataType source = RelTypes.toDataType(from).withNullable(true);
        DataType target = RelTypes.toDataType(to).withNullable(true);
        if (!TypeRules.canCast(source, target)) {
            throw invalid("there is no CAST from " + source + " to " + target, call.getParserPosition());
        }
    }

    private static MillraceException invalid(String message, SqlParserPos pos) {
        return new MillraceException(ErrorCode.SQL_INVALID, message).at(StatementSource.position(pos));
    }
}
