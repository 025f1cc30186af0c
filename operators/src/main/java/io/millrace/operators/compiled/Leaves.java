package io.millrace.operators.compiled;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.types.Layout;
import io.millrace.operators.interpreted.Frame;
import io.millrace.operators.interpreted.Node;
import io.millrace.operators.kernel.Operand;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.kernel.Target;

/** The columns a compiled loop reads: computes the leaves of a region and lays out their addresses. One thread. */
final class Leaves implements AutoCloseable {
    private final Node[] nodes;

    /** The input column of a leaf that is one, else -1. */
    private final int[] inputs;

    private final long[] words;
    private final long[][] data;
    private final Column[] columns;
    private final Operand operand = new Operand();
    private boolean nulls;

    Leaves(Node[] nodes, int[] inputs) {
        this.nodes = nodes;
        this.inputs = inputs;
        this.words = new long[4 * nodes.length];
        this.data = new long[nodes.length][];
        this.columns = new Column[nodes.length];
    }

    /** Whether interpreting does with less: all constant, or one dictionary, whose entries are fewer than the rows. */
    boolean prefersInterpreter(Frame frame) {
        int varying = 0;
        boolean dictionary = false;
        for (int input : inputs) {
            Encoding encoding = input < 0 ? Encoding.FLAT : frame.columns()[input].encoding();
            varying += encoding == Encoding.CONSTANT ? 0 : 1;
            dictionary |= encoding == Encoding.DICTIONARY;
        }
        return varying == 0 || varying == 1 && dictionary;
    }

    /** Computes the leaves; {@link #release} lets go of them, also after a failure of this. */
    void load(Frame frame, Rows rows) {
        nulls = false;
        for (int i = 0; i < nodes.length; i++) {
            columns[i] = nodes[i].evaluate(frame, rows);
            boolean spread = columns[i].encoding() == Encoding.DICTIONARY && columns[i].type().layout() != Layout.VIEW;
            if (spread) {
                Column flat = flatten(frame.allocator(), columns[i], rows);
                columns[i].release();
                columns[i] = flat;
            }
            operand.set(columns[i]);
            words[4 * i] = operand.address();
            words[4 * i + 1] = operand.validityAddress();
            words[4 * i + 2] = operand.slotMask();
            words[4 * i + 3] = operand.indicesAddress();
            data[i] = operand.dataAddresses();
            nulls |= operand.hasNulls();
        }
    }

    private Column flatten(Allocator allocator, Column column, Rows rows) {
        try (Target flat = new Target(allocator, column.type(), column.rowCount(), false)) {
            flat.copy(operand.set(column), rows);
            return flat.build();
        }
    }

    long[] words() {
        return words;
    }

    long[][] data() {
        return data;
    }

    boolean hasNulls() {
        return nulls;
    }

    void release() {
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] != null) {
                columns[i].release();
                columns[i] = null;
            }
        }
    }

    @Override
    public void close() {
        for (Node node : nodes) {
            node.close();
        }
    }
}
