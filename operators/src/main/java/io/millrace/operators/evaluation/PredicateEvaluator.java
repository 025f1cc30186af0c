package io.millrace.operators.evaluation;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.compiled.CompileOptions;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.interpreted.Filter;
import io.millrace.operators.interpreted.Frame;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.lowered.Lowered;

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

    /** A condition over batches of one schema; it is compiled after some rows. */
    public static PredicateEvaluator of(Expression condition, OperatorContext context) {
        return of(condition, context, CompileOptions.DEFAULT_AFTER_ROWS);
    }

    static PredicateEvaluator of(Expression condition, OperatorContext context, long compileAfterRows) {
        Lowered lowered = Sessions.lower(condition, context.clock());
        return new PredicateEvaluator(context, Sessions.filters(context, compileAfterRows).apply(lowered));
    }

    /** Narrows the batch's selection. */
    public void narrow(Batch batch) {
        Column[] columns = new Column[batch.columnCount()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = batch.column(i);
        }
        Frame frame = new Frame(context.allocator(), columns, batch.rowCount(), false);
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
            throw failure.code() == ErrorCode.DATA_EXCEPTION ? firstFailure(frame, rows, failure) : failure;
        }
    }

    private MillraceException firstFailure(Frame failed, Rows rows, MillraceException found) {
        Frame frame = new Frame(failed.allocator(), failed.columns(), failed.rowCount(), true);
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
