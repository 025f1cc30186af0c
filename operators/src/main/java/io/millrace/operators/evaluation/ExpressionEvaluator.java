package io.millrace.operators.evaluation;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.compiled.CompileOptions;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.interpreted.Frame;
import io.millrace.operators.interpreted.Node;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.lowered.Lowered;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Computes expressions over batches: a column an expression, for the selected rows only. Owned by one operator, used by
 * one thread.
 *
 * <p>Fails with DATA_EXCEPTION where a computation has no value; whatever ran, it is the failure of the first such row
 * and of the first expression in it.
 */
public final class ExpressionEvaluator implements AutoCloseable {
    private final OperatorContext context;
    private final Node[] nodes;

    private ExpressionEvaluator(OperatorContext context, Node[] nodes) {
        this.context = context;
        this.nodes = nodes;
    }

    /** An evaluator of these expressions over batches of one schema; they are compiled after some rows. */
    public static ExpressionEvaluator of(List<Expression> expressions, OperatorContext context) {
        return of(expressions, context, CompileOptions.DEFAULT_AFTER_ROWS);
    }

    static ExpressionEvaluator of(List<Expression> expressions, OperatorContext context, long compileAfterRows) {
        Function<Lowered, Node> maker = Sessions.nodes(context, compileAfterRows);
        List<Node> nodes = new ArrayList<>();
        try {
            for (Expression expression : expressions) {
                Lowered lowered = Sessions.lower(expression, context.clock());
                nodes.add(maker.apply(lowered));
            }
        } catch (RuntimeException failure) {
            nodes.forEach(Node::close);
            throw failure;
        }
        return new ExpressionEvaluator(context, nodes.toArray(Node[]::new));
    }

    /**
     * A column an expression, each of the batch's row count and in any encoding; the caller owns them. Rows that are
     * not selected hold anything that is safe to read. The batch stays as it is.
     */
    public Column[] evaluate(Batch batch) {
        Column[] columns = new Column[batch.columnCount()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = batch.column(i);
        }
        Frame frame = new Frame(context.allocator(), columns, batch.rowCount(), false);
        Rows rows = Rows.view(batch.selectionAddress(), batch.activeCount());
        try {
            return evaluate(frame, rows);
        } catch (MillraceException failure) {
            throw failure.code() == ErrorCode.DATA_EXCEPTION ? firstFailure(columns, batch, failure) : failure;
        }
    }

    private Column[] evaluate(Frame frame, Rows rows) {
        Column[] results = new Column[nodes.length];
        try {
            for (int i = 0; i < nodes.length; i++) {
                results[i] = nodes[i].evaluate(frame, rows);
            }
            return results;
        } catch (RuntimeException failure) {
            release(results);
            throw failure;
        }
    }

    /** Row by row and interpreted, so that the failure does not depend on what ran and in which order. */
    private MillraceException firstFailure(Column[] columns, Batch batch, MillraceException found) {
        Frame frame = new Frame(context.allocator(), columns, batch.rowCount(), true);
        try (Rows one = Rows.allocate(context.allocator(), 1)) {
            for (int i = 0; i < batch.activeCount(); i++) {
                one.setCount(0);
                one.add(batch.row(i));
                release(evaluate(frame, one));
            }
        } catch (MillraceException first) {
            return first;
        }
        return found;
    }

    private static void release(Column[] columns) {
        for (Column column : columns) {
            if (column != null) {
                column.release();
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
