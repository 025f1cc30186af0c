package io.millrace.formats.parquet.footer;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;

/** What SQL type a Parquet column has by itself. */
public final class TypeMapping {
    private TypeMapping() {}

    static Schema schemaOf(SchemaNode root, ChunkLocation where) {
        List<Field> fields = new ArrayList<>();
        for (SchemaNode column : root.children()) {
            fields.add(new Field(column.name(), typeOf(column, where)));
        }
        return new Schema(fields);
    }

    /** The type of a column or of a member of a group. A bare repeated one is an ARRAY that is never NULL. */
    public static DataType typeOf(SchemaNode node, ChunkLocation where) {
        DataType own = ownType(node, where).withNullable(node.isOptional());
        return node.isRepeated() ? DataType.array(own.notNull()).notNull() : own;
    }

    private static DataType ownType(SchemaNode node, ChunkLocation where) {
        if (node.isLeaf()) {
            return leafType(node, where);
        }
        if (isList(node)) {
            SchemaNode element = node.listElement();
            return DataType.array(element.isRepeated() ? ownType(element, where).notNull() : typeOf(element, where));
        }
        if (isMap(node)) {
            List<SchemaNode> entry = node.children().getFirst().children();
            return DataType.map(typeOf(entry.get(0), where), typeOf(entry.get(1), where));
        }
        List<Field> fields = new ArrayList<>();
        for (SchemaNode child : node.children()) {
            fields.add(new Field(child.name(), typeOf(child, where)));
        }
        return DataType.row(fields);
    }

    public static boolean isList(SchemaNode node) {
        return node.logical().kind() == LogicalType.Kind.LIST
                && node.children().size() == 1
                && node.children().getFirst().isRepeated();
    }

    public static boolean isMap(SchemaNode node) {
        return node.logical().kind() == LogicalType.Kind.MAP
                && node.children().size() == 1
                && node.children().getFirst().isRepeated()
                && node.children().getFirst().children().size() == 2;
    }

    public static DataType leafType(SchemaNode leaf, ChunkLocation where) {
        LogicalType logical = leaf.logical();
        return switch (leaf.physical()) {
            case BOOLEAN -> DataType.BOOLEAN;
            case INT32 -> int32Type(logical, leaf, where);
            case INT64 -> int64Type(logical, leaf, where);
            case INT96 -> DataType.timestamp(9);
            case FLOAT -> DataType.FLOAT;
            case DOUBLE -> DataType.DOUBLE;
            case BYTE_ARRAY ->
                    switch (logical.kind()) {
                        case STRING -> DataType.VARCHAR;
                        case DECIMAL -> decimal(logical, leaf, where);
                        default -> DataType.BINARY;
                    };
            case FIXED_LEN_BYTE_ARRAY ->
                    switch (logical.kind()) {
                        case STRING -> DataType.VARCHAR;
                        case DECIMAL -> decimal(logical, leaf, where);
                        case FLOAT16 -> leaf.typeLengthBytes() == 2 ? DataType.FLOAT : DataType.BINARY;
                        default -> DataType.BINARY;
                    };
        };
    }

    private static DataType int32Type(LogicalType logical, SchemaNode leaf, ChunkLocation where) {
        return switch (logical.kind()) {
            case DATE -> DataType.DATE;
            case TIME -> DataType.time(3);
            case DECIMAL -> decimal(logical, leaf, where);
            case INTEGER ->
                    switch (logical.bitWidth()) {
                        case 8 -> logical.signed() ? DataType.TINYINT : DataType.SMALLINT;
                        case 16 -> logical.signed() ? DataType.SMALLINT : DataType.INT;
                        default -> logical.signed() ? DataType.INT : DataType.BIGINT;
                    };
            default -> DataType.INT;
        };
    }

    private static DataType int64Type(LogicalType logical, SchemaNode leaf, ChunkLocation where) {
        return switch (logical.kind()) {
            case TIME -> DataType.time(6);
            case TIMESTAMP -> {
                int precision = digits(logical.unitsPerSecond());
                yield logical.utc() ? DataType.timestampLtz(precision) : DataType.timestamp(precision);
            }
            case DECIMAL -> decimal(logical, leaf, where);
            case INTEGER -> logical.signed() ? DataType.BIGINT : DataType.decimal(20, 0);
            default -> DataType.BIGINT;
        };
    }

    public static int digits(int unitsPerSecond) {
        return unitsPerSecond == 1_000 ? 3 : unitsPerSecond == 1_000_000 ? 6 : 9;
    }

    private static DataType decimal(LogicalType logical, SchemaNode leaf, ChunkLocation where) {
        if (logical.precision() < 1 || logical.scale() < 0 || logical.scale() > logical.precision()) {
            throw where.corrupt(
                    "column " + leaf.path() + " is a DECIMAL(" + logical.precision() + ", " + logical.scale() + ")");
        }
        if (logical.precision() > DataType.MAX_DECIMAL_PRECISION) {
            throw where.unsupported(
                    "column "
                            + leaf.path()
                            + " has "
                            + logical.precision()
                            + " digits; a DECIMAL has at most "
                            + DataType.MAX_DECIMAL_PRECISION);
        }
        return DataType.decimal(logical.precision(), logical.scale());
    }
}
