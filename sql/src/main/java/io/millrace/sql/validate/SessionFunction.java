package io.millrace.sql.validate;

import io.millrace.memory.types.DataType;
import io.millrace.sql.types.RelTypes;
import java.util.List;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.type.OperandTypes;

/** A function of the moment at which a statement is planned, and of the session's zone. */
final class SessionFunction extends SqlFunction {
    private static final DataType INSTANT = DataType.timestampLtz(3).notNull();
    private static final DataType TIME = DataType.time(0).notNull();

    private final SqlSyntax syntax;

    private SessionFunction(String name, DataType type, SqlSyntax syntax) {
        super(
                name,
                SqlKind.OTHER_FUNCTION,
                binding -> RelTypes.toRel(type, binding.getTypeFactory()),
                null,
                OperandTypes.NILADIC,
                SqlFunctionCategory.TIMEDATE);
        this.syntax = syntax;
    }

    static List<SqlOperator> all() {
        return List.of(
                new SessionFunction("CURRENT_TIMESTAMP", INSTANT, SqlSyntax.FUNCTION_ID),
                new SessionFunction("LOCALTIMESTAMP", DataType.timestamp(3).notNull(), SqlSyntax.FUNCTION_ID),
                new SessionFunction("CURRENT_DATE", DataType.DATE.notNull(), SqlSyntax.FUNCTION_ID),
                new SessionFunction("CURRENT_TIME", TIME, SqlSyntax.FUNCTION_ID),
                new SessionFunction("LOCALTIME", TIME, SqlSyntax.FUNCTION_ID),
                new SessionFunction("NOW", INSTANT, SqlSyntax.FUNCTION),
                new SessionFunction("CURRENT_ROW_TIMESTAMP", INSTANT, SqlSyntax.FUNCTION));
    }

    @Override
    public SqlSyntax getSyntax() {
        return syntax;
    }

    @Override
    public boolean isDynamicFunction() {
        return true;
    }
}
