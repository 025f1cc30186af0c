package io.millrace.operators.interpreted;

import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.operators.kernel.Operand;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.kernel.Target;
import java.util.List;

/**
 * AND or OR in three-valued logic. An argument is computed only for rows that no argument before it has decided: by
 * FALSE for AND, by TRUE for OR.
 */
final class ConnectiveNode implements Node {
    private final Node[] arguments;
    private final boolean conjunction;
    private final DataType type;

    ConnectiveNode(boolean conjunction, List<Node> arguments, DataType type) {
        this.conjunction = conjunction;
        this.arguments = arguments.toArray(Node[]::new);
        this.type = type;
    }

    @Override
    public Column evaluate(Frame frame, Rows rows) {
        Operand operand = new Operand();
        try (Target out = new Target(frame.allocator(), type, frame.rowCount(), false);
                Rows open = Rows.allocate(frame.allocator(), rows.count());
                Rows unknown = Rows.allocate(frame.allocator(), rows.count())) {
            for (int i = 0; i < rows.count(); i++) {
                open.add(rows.row(i));
            }
            boolean[] isUnknown = null;
            for (int k = 0; k < arguments.length && !open.isEmpty(); k++) {
                Rows now = k == 0 ? rows : open;
                Column column = arguments[k].evaluate(frame, now);
                try {
                    operand.set(column);
                    if (operand.hasNulls() && isUnknown == null) {
                        isUnknown = new boolean[frame.rowCount()];
                    }
                    narrow(operand, open, isUnknown, out);
                } finally {
                    column.release();
                }
            }
            finish(open, isUnknown, out);
            return out.build();
        }
    }

    /** Writes what this argument decides and keeps the other rows open. */
    private void narrow(Operand operand, Rows open, boolean[] isUnknown, Target out) {
        int count = open.count();
        open.setCount(0);
        for (int i = 0; i < count; i++) {
            int row = open.row(i);
            if (operand.isNull(row)) {
                isUnknown[row] = true;
                open.add(row);
            } else if (operand.booleanAt(row) == conjunction) {
                open.add(row);
            } else {
                out.putBoolean(row, !conjunction);
            }
        }
    }

    private void finish(Rows open, boolean[] isUnknown, Target out) {
        for (int i = 0; i < open.count(); i++) {
            int row = open.row(i);
            if (isUnknown != null && isUnknown[row]) {
                out.putNull(row);
            } else {
                out.putBoolean(row, conjunction);
            }
        }
    }

    @Override
    public void close() {
        for (Node argument : arguments) {
            argument.close();
        }
    }
}
