package io.millrace.sql.validate;

import io.millrace.memory.types.DataType;
import io.millrace.operators.function.FunctionRegistry;
import io.millrace.operators.function.FunctionSignature;
import io.millrace.sql.types.RelTypes;
import java.util.ArrayList;
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
        return RelTypes.toRel(signature.resultType(), binding.getTypeFactory());
    }

    private static Optional<FunctionSignature> find(SqlOperatorBinding binding) {
        List<DataType> types = new ArrayList<>();
        for (int i = 0; i < binding.getOperandCount(); i++) {
            types.add(RelTypes.toDataType(binding.getOperandType(i)));
        }
        return FunctionRegistry.builtIn().find(binding.getOperator().getName(), types);
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
