package io.millrace.sql.types;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.memory.types.TypeKind;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Between our types and Calcite's. From ours and back gives the same type. From Calcite's, CHAR becomes VARCHAR of the
 * same length, REAL becomes FLOAT (four bytes both), and an untyped NULL becomes INT.
 */
public final class RelTypes {
    private RelTypes() {}

    public static RelDataType toRel(DataType type, RelDataTypeFactory factory) {
        RelDataType plain =
                switch (type.kind()) {
                    case BOOLEAN -> factory.createSqlType(SqlTypeName.BOOLEAN);
                    case TINYINT -> factory.createSqlType(SqlTypeName.TINYINT);
                    case SMALLINT -> factory.createSqlType(SqlTypeName.SMALLINT);
                    case INT -> factory.createSqlType(SqlTypeName.INTEGER);
                    case BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
                    case FLOAT -> factory.createSqlType(SqlTypeName.FLOAT);
                    case DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
                    case DATE -> factory.createSqlType(SqlTypeName.DATE);
                    case DECIMAL -> factory.createSqlType(SqlTypeName.DECIMAL, type.precision(), type.scale());
                    case TIME -> factory.createSqlType(SqlTypeName.TIME, type.precision());
                    case TIMESTAMP -> factory.createSqlType(SqlTypeName.TIMESTAMP, type.precision());
                    case TIMESTAMP_LTZ ->
                            factory.createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, type.precision());
                    case VARCHAR -> factory.createSqlType(SqlTypeName.VARCHAR, type.precision());
                    case BINARY -> factory.createSqlType(SqlTypeName.VARBINARY, type.precision());
                    case ARRAY -> factory.createArrayType(toRel(type.elementType(), factory), -1);
                    case MAP -> {
                        List<Field> entry = type.elementType().children();
                        yield factory.createMapType(
                                toRel(entry.get(0).type(), factory), toRel(entry.get(1).type(), factory));
                    }
                    case ROW -> rowType(type.children(), factory);
                };
        return factory.createTypeWithNullability(plain, type.nullable());
    }

    /** The row type of a table with these columns. */
    public static RelDataType toRel(Schema schema, RelDataTypeFactory factory) {
        return rowType(schema.fields(), factory);
    }

    private static RelDataType rowType(List<Field> fields, RelDataTypeFactory factory) {
        return factory.createStructType(
                fields.stream().map(field -> toRel(field.type(), factory)).toList(),
                fields.stream().map(Field::name).toList());
    }

    /**
     * Our type for one of Calcite's.
     *
     * @throws MillraceException UNSUPPORTED for types that no column can have, such as intervals
     */
    public static DataType toDataType(RelDataType type) {
        DataType plain =
                switch (type.getSqlTypeName()) {
                    case BOOLEAN -> DataType.BOOLEAN;
                    case TINYINT -> DataType.TINYINT;
                    case SMALLINT -> DataType.SMALLINT;
                    case INTEGER, NULL -> DataType.INT;
                    case BIGINT -> DataType.BIGINT;
                    case FLOAT, REAL -> DataType.FLOAT;
                    case DOUBLE -> DataType.DOUBLE;
                    case DATE -> DataType.DATE;
                    case DECIMAL -> DataType.decimal(type.getPrecision(), type.getScale());
                    case TIME -> DataType.time(type.getPrecision());
                    case TIMESTAMP -> DataType.timestamp(type.getPrecision());
                    case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> DataType.timestampLtz(type.getPrecision());
                    case CHAR, VARCHAR -> DataType.varchar(type.getPrecision());
                    case BINARY, VARBINARY -> DataType.binary(type.getPrecision());
                    case ARRAY -> DataType.array(toDataType(type.getComponentType()));
                    case MAP -> DataType.map(toDataType(type.getKeyType()), toDataType(type.getValueType()));
                    case ROW -> DataType.row(fields(type));
                    default ->
                            throw new MillraceException(
                                    ErrorCode.UNSUPPORTED, "a column cannot have the type " + type.getFullTypeString());
                };
        return plain.withNullable(type.isNullable());
    }

    /** The columns of a relation. */
    public static Schema toSchema(RelDataType rowType) {
        return new Schema(fields(rowType));
    }

    private static List<Field> fields(RelDataType rowType) {
        return rowType.getFieldList().stream().map(RelTypes::field).toList();
    }

    private static Field field(RelDataTypeField field) {
        return new Field(field.getName(), toDataType(field.getType()));
    }

    /** Whether values of the type are event times: TIMESTAMP or TIMESTAMP_LTZ of precision up to 6. */
    public static boolean isEventTime(DataType type) {
        return (type.kind() == TypeKind.TIMESTAMP || type.kind() == TypeKind.TIMESTAMP_LTZ) && type.precision() <= 6;
    }
}
