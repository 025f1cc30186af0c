package io.millrace.operators.compiled;

import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.operators.interpreted.Frame;
import io.millrace.operators.interpreted.Node;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.kernel.Target;
import java.time.DateTimeException;

/**
 * A region computed by its loop once that is compiled, and by its interpreted twin before and wherever that is better.
 */
final class CompiledNode implements Node {
    private final Program program;
    private final Leaves leaves;
    private final Node twin;
    private final DataType type;

    CompiledNode(Program program, Leaves leaves, Node twin, DataType type) {
        this.program = program;
        this.leaves = leaves;
        this.twin = twin;
        this.type = type;
    }

    @Override
    public Column evaluate(Frame frame, Rows rows) {
        CompiledLoop loop = frame.interpretedOnly() ? null : program.loop(rows.count());
        if (loop == null || rows.isEmpty() || leaves.prefersInterpreter(frame)) {
            return twin.evaluate(frame, rows);
        }
        boolean everyRow = rows.isDense() && rows.count() == frame.rowCount();
        try (Target out = new Target(frame.allocator(), type, frame.rowCount(), everyRow)) {
            leaves.load(frame, rows);
            loop.run(
                    leaves.words(),
                    leaves.data(),
                    program.objects(),
                    out,
                    rows.address(),
                    rows.count(),
                    leaves.hasNulls(),
                    0);
            return out.build();
        } catch (ArithmeticException | DateTimeException failure) {
            throw new MillraceException(ErrorCode.DATA_EXCEPTION, "a computation has no value", failure);
        } finally {
            leaves.release();
        }
    }

    @Override
    public void close() {
        program.close();
        leaves.close();
        twin.close();
    }
}
