package io.millrace.sql.validate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Leaves casts of literals to the engine unless the value stays what it is: Calcite rounds decimals, cuts timestamps to
 * milliseconds and reads text by rules of its own, and a constant must not differ from a column of the same value.
 */
final class LiteralCasts extends RexBuilder {
    LiteralCasts(RelDataTypeFactory types) {
        super(types);
    }

    @Override
    public RexNode makeCast(
            SqlParserPos pos,
            RelDataType type,
            RexNode operand,
            boolean matchNullability,
            boolean safe,
            RexLiteral format) {
        return operand instanceof RexLiteral literal && !keepsValue(literal, type)
                ? makeAbstractCast(pos, type, operand, safe, format)
                : super.makeCast(pos, type, operand, matchNullability, safe, format);
    }

    private static boolean keepsValue(RexLiteral literal, RelDataType type) {
        if (literal.isNull()) {
            return true;
        }
        SqlTypeName from = literal.getType().getSqlTypeName();
        SqlTypeName to = type.getSqlTypeName();
        if (from == SqlTypeName.BOOLEAN || to == SqlTypeName.BOOLEAN) {
            return from == to || SqlTypeName.EXACT_TYPES.contains(from) || SqlTypeName.EXACT_TYPES.contains(to);
        }
        if (SqlTypeName.EXACT_TYPES.contains(from)) {
            return !isValue(to) || isExact(literal.getValueAs(BigDecimal.class), type);
        }
        if (SqlTypeName.CHAR_TYPES.contains(from) || SqlTypeName.BINARY_TYPES.contains(from)) {
            boolean varying = to == SqlTypeName.VARCHAR || to == SqlTypeName.VARBINARY;
            int length = literal.getType().getPrecision();
            return from.getFamily() == to.getFamily()
                    && (varying ? length <= type.getPrecision() : length == type.getPrecision());
        }
        if (SqlTypeName.DATETIME_TYPES.contains(from)) {
            return from == to && literal.getType().getPrecision() <= type.getPrecision();
        }
        return from == to || !isValue(from);
    }

    /** Whether columns can have the type; intervals and flags are left to Calcite. */
    private static boolean isValue(SqlTypeName name) {
        return SqlTypeName.NUMERIC_TYPES.contains(name)
                || SqlTypeName.STRING_TYPES.contains(name)
                || SqlTypeName.DATETIME_TYPES.contains(name);
    }

    /** Whether the type has exactly this number. */
    private static boolean isExact(BigDecimal value, RelDataType type) {
        BigDecimal there =
                switch (type.getSqlTypeName()) {
                    case TINYINT -> BigDecimal.valueOf(value.byteValue());
                    case SMALLINT -> BigDecimal.valueOf(value.shortValue());
                    case INTEGER -> BigDecimal.valueOf(value.intValue());
                    case BIGINT -> BigDecimal.valueOf(value.longValue());
                    case DECIMAL -> {
                        BigDecimal scaled = value.setScale(type.getScale(), RoundingMode.DOWN);
                        yield scaled.precision() <= type.getPrecision() ? scaled : null;
                    }
                    case FLOAT, REAL -> Float.isFinite(value.floatValue()) ? new BigDecimal(value.floatValue()) : null;
                    case DOUBLE -> Double.isFinite(value.doubleValue()) ? new BigDecimal(value.doubleValue()) : null;
                    default -> null;
                };
        return there != null && there.compareTo(value) == 0;
    }
}
