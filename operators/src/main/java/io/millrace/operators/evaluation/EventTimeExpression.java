package io.millrace.operators.evaluation;

import io.millrace.connectors.api.EventTime;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Layout;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.interpreted.Frame;
import io.millrace.operators.interpreted.Interpreter;
import io.millrace.operators.interpreted.Node;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.lowered.Lowered;
import io.millrace.operators.lowered.Lowering;
import java.util.function.IntFunction;

/**
 * Event time that is computed from columns. Thread-safe: each evaluation makes its own nodes, which costs microseconds
 * a batch.
 */
public final class EventTimeExpression implements EventTime {
    private final Expression expression;
    private final Lowered time;
    private final long delayMicros;

    /**
     * @param expression of type TIMESTAMP or TIMESTAMP_LTZ with at most 6 fractional digits, over the projected columns
     */
    public EventTimeExpression(Expression expression, long delayMicros) {
        if (!expression.type().kind().isTimestamp() || expression.type().layout() != Layout.I64) {
            throw new MillraceException(
                    ErrorCode.SQL_INVALID,
                    "expected an event time of at most TIMESTAMP(6), found " + expression.type());
        }
        if (delayMicros < 0) {
            throw new IllegalArgumentException("expected delayMicros >= 0, found " + delayMicros);
        }
        this.expression = expression;
        this.time = Lowering.lower(expression);
        this.delayMicros = delayMicros;
    }

    /** Over the projected columns. */
    public Expression expression() {
        return expression;
    }

    @Override
    public long delayMicros() {
        return delayMicros;
    }

    @Override
    public Column evaluate(Batch batch, Allocator allocator) {
        Column[] columns = new Column[batch.columnCount()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = batch.column(i);
        }
        Rows rows = Rows.view(batch.selectionAddress(), batch.activeCount());
        try (Node node = new Interpreter(allocator).node(time)) {
            return node.evaluate(new Frame(allocator, columns, batch.rowCount(), true), rows);
        }
    }

    @Override
    public Bounds bounds(IntFunction<Bounds> columnBounds) {
        return Intervals.bounds(time, columnBounds);
    }

    @Override
    public int column() {
        return time instanceof Lowered.Input input ? input.index() : -1;
    }
}
