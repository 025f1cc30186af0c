package io.millrace.sql.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import java.util.List;
import java.util.stream.Stream;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RelTypesTest {
    private final SqlTypeFactory factory = new SqlTypeFactory();

    static Stream<DataType> types() {
        DataType row =
                DataType.row(
                        List.of(
                                new Field("a", DataType.INT.notNull()),
                                new Field("b", DataType.array(DataType.VARCHAR))));
        List<DataType> nullable =
                List.of(
                        DataType.BOOLEAN,
                        DataType.TINYINT,
                        DataType.SMALLINT,
                        DataType.INT,
                        DataType.BIGINT,
                        DataType.FLOAT,
                        DataType.DOUBLE,
                        DataType.DATE,
                        DataType.VARCHAR,
                        DataType.varchar(7),
                        DataType.BINARY,
                        DataType.binary(3),
                        DataType.decimal(1, 0),
                        DataType.decimal(10, 2),
                        DataType.decimal(38, 38),
                        DataType.time(0),
                        DataType.time(6),
                        DataType.timestamp(0),
                        DataType.timestamp(3),
                        DataType.timestamp(9),
                        DataType.timestampLtz(0),
                        DataType.timestampLtz(6),
                        DataType.timestampLtz(9),
                        DataType.array(DataType.INT.notNull()),
                        DataType.array(DataType.array(DataType.BIGINT)),
                        DataType.map(DataType.VARCHAR, DataType.decimal(5, 1)),
                        DataType.map(DataType.INT, row),
                        row,
                        DataType.row(List.of(new Field("nested", row.notNull()))));
        return nullable.stream().flatMap(type -> Stream.of(type, type.notNull()));
    }

    @ParameterizedTest
    @MethodSource("types")
    void thereAndBackIsTheSameType(DataType type) {
        assertThat(RelTypes.toDataType(RelTypes.toRel(type, factory))).isEqualTo(type);
    }

    @Test
    void aRowMayBeNullWhileItsMembersMayNot() {
        RelDataType row =
                RelTypes.toRel(DataType.row(List.of(new Field("a", DataType.INT.notNull()))).notNull(), factory);
        RelDataType nullable = factory.createTypeWithNullability(row, true);
        assertThat(nullable.isNullable()).isTrue();
        assertThat(nullable.getFieldList().getFirst().getType().isNullable()).isFalse();
    }

    @Test
    void anIntervalIsNoColumnType() {
        RelDataType interval =
                factory.createSqlIntervalType(new SqlIntervalQualifier(TimeUnit.SECOND, null, SqlParserPos.ZERO));
        assertThatThrownBy(() -> RelTypes.toDataType(interval)).hasMessageContaining("a column cannot have the type");
    }

    @ParameterizedTest
    @CsvSource({
        "10, 2, +, 5, 1, 11, 2",
        "38, 10, +, 38, 10, 38, 9",
        "10, 2, *, 5, 1, 16, 3",
        "38, 10, *, 38, 10, 38, 6",
        "10, 2, /, 5, 1, 17, 8",
        "38, 10, /, 38, 10, 38, 6",
        "10, 2, %, 5, 1, 6, 2",
        "10, 0, %, 5, 0, 5, 0",
    })
    void decimalsComputeAsInFlink(int p1, int s1, String operator, int p2, int s2, int precision, int scale) {
        RelDataType left = factory.createSqlType(SqlTypeName.DECIMAL, p1, s1);
        RelDataType right = factory.createSqlType(SqlTypeName.DECIMAL, p2, s2);
        FlinkTypeSystem rules = FlinkTypeSystem.INSTANCE;
        RelDataType result =
                switch (operator) {
                    case "+" -> rules.deriveDecimalPlusType(factory, left, right);
                    case "*" -> rules.deriveDecimalMultiplyType(factory, left, right);
                    case "/" -> rules.deriveDecimalDivideType(factory, left, right);
                    default -> rules.deriveDecimalModType(factory, left, right);
                };
        assertThat(RelTypes.toDataType(result)).isEqualTo(DataType.decimal(precision, scale).notNull());
    }
}
