package io.millrace.operators.evaluation;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.interpreted.Filter;
import io.millrace.operators.interpreted.Frame;
import io.millrace.operators.interpreted.Interpreter;
import io.millrace.operators.kernel.Rows;

/**
 * Keeps the rows of a batch for which a BOOLEAN expression is true. Of a conjunction, a later condition is computed
 * only for the rows that satisfy the earlier ones. Owned by one operator, used by one thread. Fails as {@link
 * ExpressionEvaluator}.
 */
public final class PredicateEvaluator implements AutoCloseable {
    private final OperatorContext context;
    private final Filter filter;

    private PredicateEvaluator(OperatorContext context, Filter filter) {
        this.context = context;
        this.filter = filter;
    }

    public static PredicateEvaluator of(Expression condition, OperatorContext context) {
        Interpreter interpreter = new Interpreter(context.allocator());
        return new PredicateEvaluator(context, interpreter.filter(Sessions.lower(condition, context.clock())));
    }

    /** Narrows the batch's selection. */
    public void narrow(Batch batch) {
        Column[] columns = new Column[batch.columnCount()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = batch.column(i);
        }
        Frame frame = new Frame(context.allocator(), columns, batch.rowCount());
        Rows rows = Rows.view(batch.selectionAddress(), batch.activeCount());
        if (rows.isEmpty()) {
            return;
        }
        try (Rows selected = select(frame, rows)) {
            if (selected.count() < rows.count()) {
                batch.select(toSelection(selected, rows, batch));
            }
        }
    }

    private Selection toSelection(Rows selected, Rows before, Batch batch) {
        if (selected.address() != 0 && selected.address() != before.address()) {
            int count = selected.count();
            return new Selection(selected.takeBuffer(), count);
        }
        return selected.isEmpty() ? Selection.of(context.allocator()) : batch.selection().retain();
    }

    private Rows select(Frame frame, Rows rows) {
        try {
            return filter.select(frame, rows);
        } catch (MillraceException failure) {
            throw failure.code() == ErrorCode.DATA_EXCEPTION && rows.count() > 1
                    ? firstFailure(frame, rows, failure)
                    : failure;
        }
    }

    private MillraceException firstFailure(Frame frame, Rows rows, MillraceException found) {
        try (Rows one = Rows.allocate(context.allocator(), 1)) {
            for (int i = 0; i < rows.count(); i++) {
                one.setCount(0);
                one.add(rows.row(i));
                filter.select(frame, one).close();
            }
        } catch (MillraceException first) {
            return first;
        }
        return found;
    }

    @Override
    public void close() {
        filter.close();
    }
}
