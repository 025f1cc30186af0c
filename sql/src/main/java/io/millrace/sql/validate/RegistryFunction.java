package io.millrace.sql.validate;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import io.millrace.operators.function.FunctionRegistry;
import io.millrace.operators.function.FunctionSignature;
import io.millrace.sql.types.Overloads;
import io.millrace.sql.types.RelTypes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlTypeName;

/** A scalar function of the engine's registry as Calcite's validator sees it: the registry decides what it takes. */
final class RegistryFunction extends SqlFunction {
    private final boolean deterministic;

    RegistryFunction(String name, boolean deterministic) {
        super(
                name,
                SqlKind.OTHER_FUNCTION,
                RegistryFunction::resultType,
                null,
                new Checker(),
                SqlFunctionCategory.USER_DEFINED_FUNCTION);
        this.deterministic = deterministic;
    }

    @Override
    public boolean isDeterministic() {
        return deterministic;
    }

    private static RelDataType resultType(SqlOperatorBinding binding) {
        FunctionSignature signature =
                find(binding)
                        .orElseThrow(
                                () -> new IllegalStateException("no overload of " + binding.getOperator().getName()));
        DataType type = signature.resultType();
        boolean rounded = signature.name().equals("ROUND") && binding.getOperandCount() == 2;
        if (rounded && type.kind() == TypeKind.DECIMAL && binding.isOperandLiteral(1, false)) {
            type =
                    rounded(signature.argumentTypes().getFirst(), binding.getOperandLiteralValue(1, Integer.class))
                            .withNullable(type.nullable());
        }
        return RelTypes.toRel(type, binding.getTypeFactory());
    }

    /** Of a number of digits that is known, as Flink has it: no more after the point, one more before it. */
    private static DataType rounded(DataType argument, Integer digits) {
        if (digits == null || digits >= argument.scale()) {
            return argument;
        }
        int scale = Math.max(0, digits);
        int precision = argument.precision() - argument.scale() + 1 + scale;
        return DataType.decimal(Math.min(DataType.MAX_DECIMAL_PRECISION, precision), scale);
    }

    private static Optional<FunctionSignature> find(SqlOperatorBinding binding) {
        List<DataType> types = new ArrayList<>();
        BitSet untyped = new BitSet();
        for (int i = 0; i < binding.getOperandCount(); i++) {
            types.add(RelTypes.toDataType(binding.getOperandType(i)));
            untyped.set(i, binding.getOperandType(i).getSqlTypeName() == SqlTypeName.NULL);
        }
        return Overloads.find(binding.getOperator().getName(), types, untyped);
    }

    private static final class Checker implements SqlOperandTypeChecker {
        @Override
        public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
            if (find(binding).isPresent()) {
                return true;
            }
            if (throwOnFailure) {
                throw binding.newValidationSignatureError();
            }
            return false;
        }

        @Override
        public SqlOperandCountRange getOperandCountRange() {
            return SqlOperandCountRanges.any();
        }

        @Override
        public String getAllowedSignatures(SqlOperator operator, String name) {
            return String.join("; ", FunctionRegistry.builtIn().describe(name));
        }
    }
}
