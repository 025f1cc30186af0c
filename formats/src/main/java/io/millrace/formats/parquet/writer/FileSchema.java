package io.millrace.formats.parquet.writer;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** How columns are declared in a file that is written. Reading it back gives the same types. */
final class FileSchema {
    private FileSchema() {}

    static MessageType of(Schema schema) {
        Types.MessageTypeBuilder message = Types.buildMessage();
        for (Field field : schema.fields()) {
            message.addField(type(field.name(), field.type()));
        }
        if (schema.size() == 0) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "a Parquet file needs at least one column");
        }
        return message.named("millrace");
    }

    private static Type type(String name, DataType type) {
        Type.Repetition repetition = type.nullable() ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED;
        return switch (type.kind()) {
            case ROW -> {
                Types.GroupBuilder<GroupType> group = Types.buildGroup(repetition);
                for (Field field : type.children()) {
                    group.addField(type(field.name(), field.type()));
                }
                yield group.named(name);
            }
            case ARRAY ->
                    Types.buildGroup(repetition)
                            .as(LogicalTypeAnnotation.listType())
                            .addField(Types.repeatedGroup().addField(type("element", type.elementType())).named("list"))
                            .named(name);
            case MAP ->
                    Types.buildGroup(repetition)
                            .as(LogicalTypeAnnotation.mapType())
                            .addField(
                                    Types.repeatedGroup()
                                            .addField(type("key", type.elementType().children().get(0).type()))
                                            .addField(type("value", type.elementType().children().get(1).type()))
                                            .named("key_value"))
                            .named(name);
            case DECIMAL -> decimal(type, repetition).named(name);
            default -> Types.primitive(physical(type), repetition).as(annotation(type)).named(name);
        };
    }

    private static Types.PrimitiveBuilder<org.apache.parquet.schema.PrimitiveType> decimal(
            DataType type, Type.Repetition repetition) {
        LogicalTypeAnnotation annotation = LogicalTypeAnnotation.decimalType(type.scale(), type.precision());
        if (type.precision() <= 9) {
            return Types.primitive(PrimitiveTypeName.INT32, repetition).as(annotation);
        }
        if (type.precision() <= DataType.MAX_LONG_DECIMAL_PRECISION) {
            return Types.primitive(PrimitiveTypeName.INT64, repetition).as(annotation);
        }
        return Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
                .length(decimalBytes(type.precision()))
                .as(annotation);
    }

    /** The fewest bytes that hold every number of so many digits. */
    static int decimalBytes(int precision) {
        return java.math.BigInteger.TEN.pow(precision).bitLength() / 8 + 1;
    }

    private static PrimitiveTypeName physical(DataType type) {
        return switch (type.kind()) {
            case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
            case TINYINT, SMALLINT, INT, DATE -> PrimitiveTypeName.INT32;
            case TIME -> type.precision() <= 3 ? PrimitiveTypeName.INT32 : PrimitiveTypeName.INT64;
            case BIGINT, TIMESTAMP, TIMESTAMP_LTZ -> PrimitiveTypeName.INT64;
            case FLOAT -> PrimitiveTypeName.FLOAT;
            case DOUBLE -> PrimitiveTypeName.DOUBLE;
            case VARCHAR, BINARY -> PrimitiveTypeName.BINARY;
            default -> throw MillraceException.internal("no single Parquet type for " + type);
        };
    }

    private static LogicalTypeAnnotation annotation(DataType type) {
        return switch (type.kind()) {
            case TINYINT -> LogicalTypeAnnotation.intType(8, true);
            case SMALLINT -> LogicalTypeAnnotation.intType(16, true);
            case DATE -> LogicalTypeAnnotation.dateType();
            case TIME ->
                    LogicalTypeAnnotation.timeType(false, type.precision() <= 3 ? TimeUnit.MILLIS : TimeUnit.MICROS);
            case TIMESTAMP -> LogicalTypeAnnotation.timestampType(false, unit(type));
            case TIMESTAMP_LTZ -> LogicalTypeAnnotation.timestampType(true, unit(type));
            case VARCHAR -> LogicalTypeAnnotation.stringType();
            default -> null;
        };
    }

    private static TimeUnit unit(DataType type) {
        return type.precision() <= 3 ? TimeUnit.MILLIS : type.precision() <= 6 ? TimeUnit.MICROS : TimeUnit.NANOS;
    }
}
