package io.millrace.operators.compiled;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.interpreted.Filter;
import io.millrace.operators.interpreted.Frame;
import io.millrace.operators.kernel.Rows;
import java.time.DateTimeException;

/** A condition computed by its loop, which writes the rows that satisfy it, or by its interpreted twin. */
final class CompiledFilter implements Filter {
    private final Program program;
    private final Leaves leaves;
    private final Filter twin;

    CompiledFilter(Program program, Leaves leaves, Filter twin) {
        this.program = program;
        this.leaves = leaves;
        this.twin = twin;
    }

    @Override
    public Rows select(Frame frame, Rows rows) {
        CompiledLoop loop = frame.interpretedOnly() ? null : program.loop(rows.count());
        if (loop == null || rows.isEmpty() || leaves.prefersInterpreter(frame)) {
            return twin.select(frame, rows);
        }
        Rows selected = Rows.allocate(frame.allocator(), rows.count());
        try {
            leaves.load(frame, rows);
            selected.setCount(
                    loop.run(
                            leaves.words(),
                            leaves.data(),
                            program.objects(),
                            null,
                            rows.address(),
                            rows.count(),
                            leaves.hasNulls(),
                            selected.address()));
            return selected;
        } catch (ArithmeticException | DateTimeException failure) {
            selected.close();
            throw new MillraceException(ErrorCode.DATA_EXCEPTION, "a computation has no value", failure);
        } catch (RuntimeException failure) {
            selected.close();
            throw failure;
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
