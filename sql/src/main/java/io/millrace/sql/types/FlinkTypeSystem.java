package io.millrace.sql.types;

import io.millrace.memory.types.DataType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * How wide types are and what arithmetic makes of them: Flink's rules, so that a query has the same result types here
 * as there. They are written down in docs/sql/types.md.
 */
public final class FlinkTypeSystem extends RelDataTypeSystemImpl {
    public static final FlinkTypeSystem INSTANCE = new FlinkTypeSystem();

    private static final int MAX_DECIMAL = DataType.MAX_DECIMAL_PRECISION;
    private static final int MIN_ADJUSTED_SCALE = 6;
    private static final int DEFAULT_DECIMAL = 10;
    private static final int MAX_TIME = 6;
    private static final int MAX_TIMESTAMP = 9;
    private static final int DEFAULT_TIMESTAMP = 6;

    private FlinkTypeSystem() {}

    @Override
    public int getMaxPrecision(SqlTypeName typeName) {
        return switch (typeName) {
            case DECIMAL -> MAX_DECIMAL;
            case CHAR, VARCHAR, BINARY, VARBINARY -> Integer.MAX_VALUE;
            case TIME -> MAX_TIME;
            case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> MAX_TIMESTAMP;
            default -> super.getMaxPrecision(typeName);
        };
    }

    @Override
    public int getMaxScale(SqlTypeName typeName) {
        return typeName == SqlTypeName.DECIMAL ? MAX_DECIMAL : super.getMaxScale(typeName);
    }

    @Override
    public int getDefaultPrecision(SqlTypeName typeName) {
        return switch (typeName) {
            case DECIMAL -> DEFAULT_DECIMAL;
            case VARCHAR, VARBINARY -> Integer.MAX_VALUE;
            case CHAR, BINARY -> 1;
            case TIME -> 0;
            case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> DEFAULT_TIMESTAMP;
            default -> super.getDefaultPrecision(typeName);
        };
    }

    /** SUM keeps its argument's type; of DECIMAL it is as wide as can be. */
    @Override
    public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
        if (!SqlTypeUtil.isDecimal(argument)) {
            return argument;
        }
        return nullableLike(factory, decimal(factory, MAX_DECIMAL, argument.getScale()), argument);
    }

    /** AVG keeps its argument's type; of DECIMAL it has at least six digits after the point. */
    @Override
    public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
        if (!SqlTypeUtil.isDecimal(argument)) {
            return argument;
        }
        int scale = Math.max(MIN_ADJUSTED_SCALE, argument.getScale());
        return nullableLike(factory, decimal(factory, MAX_DECIMAL, scale), argument);
    }

    @Override
    public RelDataType deriveDecimalPlusType(RelDataTypeFactory factory, RelDataType left, RelDataType right) {
        if (!isDecimalArithmetic(left, right)) {
            return null;
        }
        Digits a = Digits.of(left);
        Digits b = Digits.of(right);
        int scale = Math.max(a.scale, b.scale);
        return adjusted(factory, Math.max(a.whole(), b.whole()) + scale + 1, scale, left, right);
    }

    @Override
    public RelDataType deriveDecimalMultiplyType(RelDataTypeFactory factory, RelDataType left, RelDataType right) {
        if (!isDecimalArithmetic(left, right)) {
            return null;
        }
        Digits a = Digits.of(left);
        Digits b = Digits.of(right);
        return adjusted(factory, a.precision + b.precision + 1, a.scale + b.scale, left, right);
    }

    @Override
    public RelDataType deriveDecimalDivideType(RelDataTypeFactory factory, RelDataType left, RelDataType right) {
        if (!isDecimalArithmetic(left, right)) {
            return null;
        }
        Digits a = Digits.of(left);
        Digits b = Digits.of(right);
        int scale = Math.max(MIN_ADJUSTED_SCALE, a.scale + b.precision + 1);
        return adjusted(factory, a.whole() + b.scale + scale, scale, left, right);
    }

    @Override
    public RelDataType deriveDecimalModType(RelDataTypeFactory factory, RelDataType left, RelDataType right) {
        if (!isDecimalArithmetic(left, right)) {
            return null;
        }
        Digits a = Digits.of(left);
        Digits b = Digits.of(right);
        if (a.scale == 0 && b.scale == 0) {
            return nullableLike(factory, decimal(factory, b.precision, 0), left, right);
        }
        int scale = Math.max(a.scale, b.scale);
        return adjusted(factory, Math.min(a.whole(), b.whole()) + scale, scale, left, right);
    }

    /** A CASE or UNION of strings of different length is a VARCHAR, never padded. */
    @Override
    public boolean shouldConvertRaggedUnionTypesToVarying() {
        return true;
    }

    private static boolean isDecimalArithmetic(RelDataType left, RelDataType right) {
        return SqlTypeUtil.isExactNumeric(left)
                && SqlTypeUtil.isExactNumeric(right)
                && (SqlTypeUtil.isDecimal(left) || SqlTypeUtil.isDecimal(right));
    }

    /** Beyond 38 digits the scale gives way, down to six digits, so that the whole part fits. */
    private static RelDataType adjusted(
            RelDataTypeFactory factory, int precision, int scale, RelDataType left, RelDataType right) {
        if (precision <= MAX_DECIMAL) {
            return nullableLike(factory, decimal(factory, precision, scale), left, right);
        }
        int whole = precision - scale;
        int kept = Math.max(MAX_DECIMAL - whole, Math.min(scale, MIN_ADJUSTED_SCALE));
        return nullableLike(factory, decimal(factory, MAX_DECIMAL, kept), left, right);
    }

    private static RelDataType decimal(RelDataTypeFactory factory, int precision, int scale) {
        return factory.createSqlType(SqlTypeName.DECIMAL, precision, scale);
    }

    private static RelDataType nullableLike(RelDataTypeFactory factory, RelDataType type, RelDataType... operands) {
        boolean nullable = false;
        for (RelDataType operand : operands) {
            nullable |= operand.isNullable();
        }
        return factory.createTypeWithNullability(type, nullable);
    }

    private record Digits(int precision, int scale) {
        static Digits of(RelDataType type) {
            return switch (type.getSqlTypeName()) {
                case TINYINT -> new Digits(3, 0);
                case SMALLINT -> new Digits(5, 0);
                case INTEGER -> new Digits(10, 0);
                case BIGINT -> new Digits(19, 0);
                default -> new Digits(type.getPrecision(), type.getScale());
            };
        }

        int whole() {
            return precision - scale;
        }
    }
}
