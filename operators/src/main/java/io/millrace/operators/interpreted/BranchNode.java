package io.millrace.operators.interpreted;

import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.operators.kernel.NestedTarget;
import io.millrace.operators.kernel.Operand;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.kernel.Target;
import io.millrace.operators.lowered.Carrier;
import java.util.List;

/**
 * CASE and COALESCE: each row takes its value from one branch, and no branch is computed for a row that does not take
 * it. Without conditions the rows that stay open after a branch are those that are NULL in it: COALESCE.
 */
final class BranchNode implements Node {
    private final Node[] conditions;
    private final Node[] values;
    private final DataType type;

    /**
     * @param conditions one fewer than values: CASE; or none: COALESCE
     */
    BranchNode(List<Node> conditions, List<Node> values, DataType type) {
        this.conditions = conditions.toArray(Node[]::new);
        this.values = values.toArray(Node[]::new);
        this.type = type;
    }

    /** Flat or nested, one interface for the moment. */
    private static final class Sink implements AutoCloseable {
        private final Target flat;
        private final NestedTarget nested;
        private final Operand operand = new Operand();

        Sink(Frame frame, DataType type) {
            boolean isNested = Carrier.of(type) == Carrier.NESTED;
            nested = isNested ? new NestedTarget(frame.allocator(), type, frame.rowCount()) : null;
            flat = isNested ? null : new Target(frame.allocator(), type, frame.rowCount(), false);
        }

        void copy(Column from, Rows rows) {
            if (nested != null) {
                nested.take(from.retain(), rows);
            } else {
                flat.copy(operand.set(from), rows);
            }
        }

        Column build() {
            return nested != null ? nested.build() : flat.build();
        }

        @Override
        public void close() {
            if (nested != null) {
                nested.close();
            } else {
                flat.close();
            }
        }
    }

    @Override
    public Column evaluate(Frame frame, Rows rows) {
        try (Sink sink = new Sink(frame, type);
                Rows open = Rows.allocate(frame.allocator(), rows.count());
                Rows taken = Rows.allocate(frame.allocator(), rows.count())) {
            for (int i = 0; i < rows.count(); i++) {
                open.add(rows.row(i));
            }
            for (int k = 0; k < values.length && !open.isEmpty(); k++) {
                boolean last = k == values.length - 1;
                if (conditions.length == 0) {
                    takePresent(frame, values[k], open, taken, sink, last);
                } else if (last) {
                    take(frame, values[k], open, sink);
                } else {
                    split(frame, conditions[k], open, taken);
                    take(frame, values[k], taken, sink);
                }
            }
            return sink.build();
        }
    }

    private static void take(Frame frame, Node value, Rows rows, Sink sink) {
        if (rows.isEmpty()) {
            return;
        }
        Column column = value.evaluate(frame, rows);
        try {
            sink.copy(column, rows);
        } finally {
            column.release();
        }
    }

    /** Moves the rows for which the condition is true from {@code open} to {@code taken}. */
    private static void split(Frame frame, Node condition, Rows open, Rows taken) {
        Column column = condition.evaluate(frame, open);
        try {
            Operand operand = new Operand().set(column);
            int count = open.count();
            open.setCount(0);
            taken.setCount(0);
            for (int i = 0; i < count; i++) {
                int row = open.row(i);
                Rows to = !operand.isNull(row) && operand.booleanAt(row) ? taken : open;
                to.add(row);
            }
        } finally {
            column.release();
        }
    }

    private static void takePresent(Frame frame, Node value, Rows open, Rows taken, Sink sink, boolean last) {
        Column column = value.evaluate(frame, open);
        try {
            Operand operand = new Operand().set(column);
            int count = open.count();
            open.setCount(0);
            taken.setCount(0);
            for (int i = 0; i < count; i++) {
                int row = open.row(i);
                Rows to = operand.isNull(row) && !last ? open : taken;
                to.add(row);
            }
            sink.copy(column, taken);
        } finally {
            column.release();
        }
    }

    @Override
    public void close() {
        for (Node condition : conditions) {
            condition.close();
        }
        for (Node value : values) {
            value.close();
        }
    }
}
