package io.millrace.formats.parquet.writer;

import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import java.io.IOException;
import java.util.List;

/**
 * Takes nested values apart into leaves with repetition and definition levels, row by row.
 *
 * <p>Source: Melnik et al., Dremel: Interactive Analysis of Web-Scale Datasets (VLDB 2010).
 */
final class Shredder {
    private final DataType type;

    /** Definition level of a present value of this node. */
    private final int definition;

    /** Repetition level of a further element, of a list. */
    private final int repetition;

    private final Shredder[] children;
    private final LeafWriter leaf;

    private Shredder(DataType type, int definition, int repetition, Shredder[] children, LeafWriter leaf) {
        this.type = type;
        this.definition = definition;
        this.repetition = repetition;
        this.children = children;
        this.leaf = leaf;
    }

    /** Takes this column's leaves off the front of the list. */
    static Shredder of(DataType type, int definitionAbove, int repetitionAbove, List<LeafWriter> leaves) {
        int definition = definitionAbove + (type.nullable() ? 1 : 0);
        return switch (type.kind()) {
            case ROW -> {
                Shredder[] members = new Shredder[type.children().size()];
                for (int i = 0; i < members.length; i++) {
                    members[i] = of(type.children().get(i).type(), definition, repetitionAbove, leaves);
                }
                yield new Shredder(type, definition, repetitionAbove, members, null);
            }
            case ARRAY, MAP ->
                    new Shredder(
                            type,
                            definition,
                            repetitionAbove + 1,
                            new Shredder[] {of(type.elementType(), definition + 1, repetitionAbove + 1, leaves)},
                            null);
            default -> new Shredder(type, definition, repetitionAbove, null, leaves.removeFirst());
        };
    }

    boolean isLeaf() {
        return leaf != null;
    }

    LeafWriter leaf() {
        return leaf;
    }

    void write(Column column, int row, int repetitionLevel) throws IOException {
        if (column.isNull(row)) {
            writeNull(repetitionLevel, definition - 1);
            return;
        }
        switch (type.kind()) {
            case ROW -> {
                Column values = column.valueColumn();
                int index = column.valueIndex(row);
                for (int i = 0; i < children.length; i++) {
                    children[i].write(values.child(i), index, repetitionLevel);
                }
            }
            case ARRAY, MAP -> {
                Column values = column.valueColumn();
                int index = column.valueIndex(row);
                int start = values.listStart(index);
                int end = values.listEnd(index);
                if (start == end) {
                    children[0].writeNull(repetitionLevel, definition);
                }
                for (int i = start; i < end; i++) {
                    children[0].write(values.child(0), i, i == start ? repetitionLevel : repetition);
                }
            }
            default -> leaf.writeValue(column, row, repetitionLevel);
        }
    }

    private void writeNull(int repetitionLevel, int definitionLevel) throws IOException {
        if (leaf != null) {
            leaf.writeNull(repetitionLevel, definitionLevel);
            return;
        }
        for (Shredder child : children) {
            child.writeNull(repetitionLevel, definitionLevel);
        }
    }
}
