package io.millrace.sql.validate;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;

/**
 * Which types the validator may change unasked. Strings do not turn into numbers or numbers into strings; a string
 * literal compared with a time becomes one.
 */
final class Coercion extends TypeCoercionImpl {
    Coercion(RelDataTypeFactory types, SqlValidator validator) {
        super(types, validator);
    }

    @Override
    public boolean binaryArithmeticCoercion(SqlCallBinding binding) {
        return !mixesStrings(binding.collectOperandTypes()) && super.binaryArithmeticCoercion(binding);
    }

    @Override
    public boolean binaryComparisonCoercion(SqlCallBinding binding) {
        List<RelDataType> types = binding.collectOperandTypes();
        boolean timeAndLiteral =
                types.stream().anyMatch(SqlTypeUtil::isDatetime)
                        && types.stream()
                                .allMatch(type ->
                                        SqlTypeUtil.isDatetime(type) || type.getSqlTypeName() == SqlTypeName.CHAR);
        return (timeAndLiteral || !mixesStrings(types)) && super.binaryComparisonCoercion(binding);
    }

    @Override
    public boolean caseWhenCoercion(SqlCallBinding binding) {
        return false;
    }

    @Override
    public boolean builtinFunctionCoercion(
            SqlCallBinding binding, List<RelDataType> operandTypes, List<SqlTypeFamily> expectedFamilies) {
        return false;
    }

    @Override
    public boolean userDefinedFunctionCoercion(SqlValidatorScope scope, SqlCall call, SqlFunction function) {
        return false;
    }

    @Override
    public boolean rowTypeCoercion(SqlValidatorScope scope, SqlNode query, int columnIndex, RelDataType targetType) {
        RelDataType from = validator.getValidatedNodeTypeIfKnown(query);
        boolean known = from != null && from.isStruct() && columnIndex < from.getFieldCount();
        return known
                && !mixesStrings(List.of(from.getFieldList().get(columnIndex).getType(), targetType))
                && super.rowTypeCoercion(scope, query, columnIndex, targetType);
    }

    private static boolean mixesStrings(List<RelDataType> types) {
        boolean strings = types.stream().anyMatch(SqlTypeUtil::inCharFamily);
        return strings
                && !types.stream()
                        .allMatch(type -> SqlTypeUtil.inCharFamily(type) || type.getSqlTypeName() == SqlTypeName.NULL);
    }
}
