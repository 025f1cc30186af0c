package io.millrace.operators.evaluation;

import io.millrace.memory.time.Clock;
import io.millrace.operators.compiled.CompileOptions;
import io.millrace.operators.compiled.Fuser;
import io.millrace.operators.contract.KernelMode;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.expression.Expressions;
import io.millrace.operators.interpreted.Filter;
import io.millrace.operators.interpreted.Interpreter;
import io.millrace.operators.interpreted.Node;
import io.millrace.operators.lowered.Lowered;
import io.millrace.operators.lowered.Lowering;
import java.util.function.Function;

/**
 * Lowering of expressions that a planner may not have put in a session: their time is then this moment, their zone UTC.
 */
final class Sessions {
    private Sessions() {}

    /** Makes nodes, compiled after some rows unless the context forbids it. */
    static Function<Lowered, Node> nodes(OperatorContext context, long compileAfterRows) {
        if (context.kernels() == KernelMode.INTERPRETED) {
            return new Interpreter(context.allocator())::node;
        }
        return new Fuser(new CompileOptions(context.allocator(), context.io(), compileAfterRows))::node;
    }

    /** Makes filters, compiled after some rows unless the context forbids it. */
    static Function<Lowered, Filter> filters(OperatorContext context, long compileAfterRows) {
        if (context.kernels() == KernelMode.INTERPRETED) {
            return new Interpreter(context.allocator())::filter;
        }
        return new Fuser(new CompileOptions(context.allocator(), context.io(), compileAfterRows))::filter;
    }

    /** Lowers an expression that may not be in a session: its time is then this moment, its zone UTC. */
    static Lowered lower(Expression expression, Clock clock) {
        Expressions.Session session = Expressions.sessionOf(expression);
        return Lowering.lower(Expressions.inSession(session.expression(), clock.epochMicros(), session.zone()));
    }
}
