package io.millrace.operators.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FunctionRegistryTest {
    private final FunctionRegistry registry = FunctionRegistry.builtIn();

    private FunctionSignature resolve(String name, DataType... arguments) {
        return registry.resolve(name, List.of(arguments));
    }

    @Test
    void findsFunctionsWhateverTheCase() {
        assertThat(resolve("upPer", DataType.VARCHAR).name()).isEqualTo("UPPER");
        assertThat(resolve("substr", DataType.VARCHAR, DataType.INT).name()).isEqualTo("SUBSTRING");
    }

    @Test
    void namesTheNearestFunctionForOneThatIsNone() {
        assertThatThrownBy(() -> resolve("UPER", DataType.VARCHAR))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        error -> {
                            assertThat(error.code()).isEqualTo(ErrorCode.UNKNOWN_FUNCTION);
                            assertThat(error.help()).contains("UPPER");
                        });
    }

    @Test
    void tellsWhatAFunctionTakesWhenTheArgumentsDoNotFit() {
        assertThatThrownBy(() -> resolve("UPPER", DataType.BOOLEAN))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        error -> {
                            assertThat(error.code()).isEqualTo(ErrorCode.SQL_INVALID);
                            assertThat(error.help()).contains("UPPER(STRING) -> STRING");
                        });
    }

    @Test
    void widensArgumentsAndKeepsTheirNullability() {
        FunctionSignature signature = resolve("POWER", DataType.INT.notNull(), DataType.DOUBLE);
        assertThat(signature.argumentTypes()).containsExactly(DataType.DOUBLE.notNull(), DataType.DOUBLE);
        assertThat(signature.resultType()).isEqualTo(DataType.DOUBLE);
        assertThat(resolve("ABS", DataType.INT.notNull()).resultType()).isEqualTo(DataType.INT.notNull());
    }

    @Test
    void givesDecimalsFlinksTypes() {
        DataType price = DataType.decimal(15, 2);
        assertThat(resolve("+", price, price).resultType()).isEqualTo(DataType.decimal(16, 2));
        assertThat(resolve("*", price, price).resultType()).isEqualTo(DataType.decimal(31, 4));
        assertThat(resolve("/", price, price).resultType()).isEqualTo(DataType.decimal(33, 18));
        FunctionSignature mixed = resolve("+", price, DataType.INT);
        assertThat(mixed.argumentTypes()).containsExactly(price, DataType.decimal(10, 0));
    }

    @Test
    void comparesValuesOfACommonType() {
        assertThat(resolve("=", DataType.INT, DataType.BIGINT).argumentTypes())
                .containsExactly(DataType.BIGINT, DataType.BIGINT);
        assertThat(resolve("IS DISTINCT FROM", DataType.INT, DataType.INT).resultType())
                .isEqualTo(DataType.BOOLEAN.notNull());
    }
}
