package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.formats.parquet.footer.SchemaNode;
import io.millrace.formats.parquet.footer.TypeMapping;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * How a column, or a part of a nested one, is read. Immutable.
 *
 * @param type wanted of it
 * @param definition the definition level from which it is present, not NULL
 * @param leaf of a LEAF: index among the leaves that are read
 * @param node of a LEAF
 * @param elementDefinition of a LIST: the definition level from which an element exists
 * @param elementRepetition of a LIST: the repetition level of a further element
 * @param children of a STRUCT its members, of a LIST its element
 */
record ColumnPlan(
        Kind kind,
        DataType type,
        int definition,
        int leaf,
        SchemaNode node,
        Conversion conversion,
        int elementDefinition,
        int elementRepetition,
        List<ColumnPlan> children) {
    enum Kind {
        LEAF,
        STRUCT,
        LIST
    }

    /** Plans a column and adds the leaves it needs. SQL_INVALID when it cannot be read as wanted. */
    static ColumnPlan of(SchemaNode node, DataType wanted, String file, List<SchemaNode> leaves) {
        if (!node.isRepeated()) {
            return own(node, wanted, file, leaves);
        }
        require(wanted.children().size() == 1 && wanted.layout() == Layout.LIST, node, wanted, file);
        ColumnPlan element = own(node, wanted.elementType(), file, leaves);
        return list(wanted, node.maxDefinition() - 1, node, element);
    }

    /** Whether the column is a single leaf without repetition or optional groups above it. */
    boolean isFlat() {
        return kind == Kind.LEAF && node.maxRepetition() == 0 && node.maxDefinition() <= 1;
    }

    /** The leaf that a column's structure is told by. */
    ColumnPlan firstLeaf() {
        return kind == Kind.LEAF ? this : children.getFirst().firstLeaf();
    }

    /** Not looking at whether the node itself is repeated. */
    private static ColumnPlan own(SchemaNode node, DataType wanted, String file, List<SchemaNode> leaves) {
        if (node.isLeaf()) {
            DataType own = TypeMapping.leafType(node, ChunkLocation.footer(file));
            Conversion conversion = Conversion.between(node, wanted, own, file);
            leaves.add(node);
            return new ColumnPlan(
                    Kind.LEAF, wanted, node.maxDefinition(), leaves.size() - 1, node, conversion, 0, 0, List.of());
        }
        switch (wanted.kind()) {
            case ARRAY -> {
                require(TypeMapping.isList(node), node, wanted, file);
                SchemaNode element = node.listElement();
                ColumnPlan plan =
                        element.isRepeated()
                                ? own(element, wanted.elementType(), file, leaves)
                                : of(element, wanted.elementType(), file, leaves);
                return list(wanted, node.maxDefinition(), node.children().getFirst(), plan);
            }
            case MAP -> {
                require(TypeMapping.isMap(node), node, wanted, file);
                SchemaNode entry = node.children().getFirst();
                List<Field> fields = wanted.elementType().children();
                List<ColumnPlan> members =
                        List.of(
                                of(entry.children().get(0), fields.get(0).type(), file, leaves),
                                of(entry.children().get(1), fields.get(1).type(), file, leaves));
                return list(wanted, node.maxDefinition(), entry, struct(wanted.elementType(), entry, members));
            }
            case ROW -> {
                List<ColumnPlan> members = new ArrayList<>();
                for (Field field : wanted.children()) {
                    members.add(of(member(node, field, file), field.type(), file, leaves));
                }
                require(!members.isEmpty(), node, wanted, file);
                return struct(wanted, node, members);
            }
            default -> throw mismatch(node, wanted, file);
        }
    }

    private static ColumnPlan list(DataType type, int definition, SchemaNode repeated, ColumnPlan element) {
        return new ColumnPlan(
                Kind.LIST,
                type,
                definition,
                -1,
                null,
                null,
                repeated.maxDefinition(),
                repeated.maxRepetition(),
                List.of(element));
    }

    private static ColumnPlan struct(DataType type, SchemaNode group, List<ColumnPlan> members) {
        return new ColumnPlan(Kind.STRUCT, type, group.maxDefinition(), -1, null, null, 0, 0, List.copyOf(members));
    }

    private static SchemaNode member(SchemaNode group, Field field, String file) {
        for (SchemaNode child : group.children()) {
            if (child.name().equals(field.name())) {
                return child;
            }
        }
        throw new MillraceException(
                ErrorCode.UNKNOWN_COLUMN,
                "column " + group.path() + " of file " + file + " has no field " + field.name());
    }

    private static void require(boolean holds, SchemaNode node, DataType wanted, String file) {
        if (!holds) {
            throw mismatch(node, wanted, file);
        }
    }

    private static MillraceException mismatch(SchemaNode node, DataType wanted, String file) {
        return new MillraceException(
                ErrorCode.SQL_INVALID,
                "column "
                        + node.path()
                        + " of file "
                        + file
                        + " holds "
                        + TypeMapping.typeOf(node, ChunkLocation.footer(file))
                        + " and cannot be read as "
                        + wanted);
    }
}
